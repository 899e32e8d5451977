import { type FileHandle, open } from 'node:fs/promises'
import { type ArtifactCode, ArtifactError } from './error.ts'

/**
 * A file in iden3's container format (.r1cs, .zkey): a magic word, version, number of sections, then for each its id (uint32), size
 * (uint64) and bytes. Sections come in any order.
 */
export class BinFile {
  readonly #file: FileHandle
  readonly #magic: string
  readonly #code: ArtifactCode
  readonly #sections = new Map<number, { start: number; size: number }>()

  private constructor(file: FileHandle, magic: string, code: ArtifactCode) {
    this.#file = file
    this.#magic = magic
    this.#code = code
  }

  /**
   * Reads the section table. Close the file after use.
   * @param code what the errors of this file are called.
   * @throws ArtifactError with `code` when the magic word or a size is wrong; ARTIFACT_MISSING when there is no such file.
   */
  static async open(path: string, magic: 'r1cs' | 'zkey', code: ArtifactCode): Promise<BinFile> {
    const file = await open(path).catch((cause) => {
      throw new ArtifactError('ARTIFACT_MISSING', `cannot read ${path}`, { cause })
    })
    const self = new BinFile(file, magic, code)
    try {
      await self.#readTable()
      return self
    } catch (error) {
      await file.close()
      throw error
    }
  }

  has(id: number): boolean {
    return this.#sections.has(id)
  }

  /**
   * The bytes of a section.
   * @param size its size when it must have just that.
   * @throws ArtifactError with the file's code when it is missing or of another size.
   */
  async read(id: number, size?: number): Promise<Buffer> {
    const section = this.#sections.get(id)
    if (!section) throw this.error(`section ${id} is missing`)
    if (size !== undefined && section.size !== size) throw this.error(`section ${id} has the wrong size`)
    return this.#readAt(section.start, section.size)
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  error(why: string): ArtifactError {
    return new ArtifactError(this.#code, `${this.#magic}: ${why}`)
  }

  async #readTable(): Promise<void> {
    const { size: fileSize } = await this.#file.stat()
    const head = await this.#readAt(0, 12)
    if (head.toString('latin1', 0, 4) !== this.#magic) throw this.error('not such a file')
    let at = 12
    for (let left = head.readUInt32LE(8); left > 0; left--) {
      const entry = await this.#readAt(at, 12)
      const size = Number(entry.readBigUInt64LE(4))
      this.#sections.set(entry.readUInt32LE(0), { start: at + 12, size })
      at += 12 + size
      if (at > fileSize) throw this.error('cut short')
    }
  }

  async #readAt(position: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, position)
    if (bytesRead !== length) throw this.error('cut short')
    return buffer
  }
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
