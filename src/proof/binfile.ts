import { type ArtifactCode, ArtifactError } from './error.ts'

/** A section of iden3's container format (.r1cs, .zkey, .wtns): its bytes lie at `start`, `size` of them. Sections come in any order. */
export interface BinarySection {
  readonly id: number
  readonly start: number
  readonly size: number
}

/**
 * Reads the section table of a file held in memory: a magic word, version, number of sections, then for each its id (uint32) and size (uint64).
 * @param length size of the file in bytes, which no section may pass.
 * @throws ArtifactError with `code` when the magic word or a size is wrong.
 */
export function parseSections(file: Buffer, magic: string, length: number, code: ArtifactCode): BinarySection[] {
  const broken = (why: string) => new ArtifactError(code, `${magic}: ${why}`)
  if (length < 12 || file.toString('latin1', 0, 4) !== magic) throw broken('not such a file')
  const count = file.readUInt32LE(8)
  const sections: BinarySection[] = []
  let at = 12
  while (sections.length < count) {
    if (at + 12 > length) throw broken('the section table is cut short')
    const size = Number(file.readBigUInt64LE(at + 4))
    sections.push({ id: file.readUInt32LE(at), start: at + 12, size })
    at += 12 + size
    if (at > length) throw broken('a section is cut short')
  }
  return sections
}

/** The bytes that open a container of `count` sections. */
export function fileHead(magic: string, version: number, count: number): Buffer {
  const head = Buffer.alloc(12)
  head.write(magic, 'latin1')
  head.writeUInt32LE(version, 4)
  head.writeUInt32LE(count, 8)
  return head
}

/** The bytes that come before a section of `size` bytes. */
export function sectionHead(id: number, size: number): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt32LE(id, 0)
  head.writeBigUInt64LE(BigInt(size), 4)
  return head
}
