import { open, readFile } from 'node:fs/promises'
import { FIELD_MODULUS } from '../base/field.ts'
import { type BinarySection, parseSections } from './binfile.ts'
import { ArtifactError } from './error.ts'

/** Sizes of a constraint system. Wire 0 is the constant 1, wires 1 … publics the public signals. */
export interface R1csHeader {
  readonly wires: number
  /** Public outputs and inputs together, without the constant 1. */
  readonly publics: number
  readonly constraints: number
}

/** A constraint system whose linear combinations stay in the file's bytes: three a constraint, see {@link forEachTerm}. */
export interface R1cs extends R1csHeader {
  readonly body: Buffer
}

/** Field elements of BN254 take 32 bytes, little endian. */
export const ELEMENT_BYTES = 32

/**
 * Reads a whole .r1cs file, as circom writes it.
 * @see https://github.com/iden3/r1csfile/blob/master/doc/r1cs_bin_format.md
 * @throws ArtifactError R1CS_INVALID when the file is not one, is over another field, or uses custom gates.
 */
export async function readR1cs(path: string): Promise<R1cs> {
  const file = await readFile(path)
  const sections = parseSections(file, 'r1cs', file.length, 'R1CS_INVALID')
  const { start, size } = section(sections, 2)
  return { ...parseHeader(file, sections), body: file.subarray(start, start + size) }
}

/** Reads the sizes alone, without the constraints. @throws ArtifactError R1CS_INVALID. */
export async function readR1csHeader(path: string): Promise<R1csHeader> {
  const handle = await open(path)
  try {
    const { size: fileSize } = await handle.stat()
    const sections: BinarySection[] = []
    const read = async (at: number, length: number) => (await handle.read(Buffer.alloc(length), 0, length, at)).buffer
    const count = (await read(8, 4)).readUInt32LE(0)
    for (let at = 12; sections.length < count && at + 12 <= fileSize; ) {
      const head = await read(at, 12)
      const size = Number(head.readBigUInt64LE(4))
      sections.push({ id: head.readUInt32LE(0), start: at + 12, size })
      at += 12 + size
    }
    const { start, size } = section(sections, 1)
    return parseHeader(await read(start, size), [{ id: 1, start: 0, size }])
  } finally {
    await handle.close()
  }
}

/**
 * Calls back for every term of every linear combination, in the file's order.
 * @param visit matrix (0 = A, 1 = B, 2 = C), constraint, wire, and where in `r1cs.body` the coefficient's 32 bytes start.
 * @throws ArtifactError R1CS_INVALID when the section ends early or names a wire that is not there.
 */
export function forEachTerm(
  r1cs: R1cs,
  visit: (matrix: number, constraint: number, wire: number, offset: number) => void,
): void {
  const { body } = r1cs
  let at = 0
  try {
    for (let constraint = 0; constraint < r1cs.constraints; constraint++) {
      for (let matrix = 0; matrix < 3; matrix++) {
        const terms = body.readUInt32LE(at)
        at += 4
        for (let term = 0; term < terms; term++, at += 4 + ELEMENT_BYTES) {
          const wire = body.readUInt32LE(at)
          if (wire >= r1cs.wires || at + 4 + ELEMENT_BYTES > body.length) throw new RangeError('term out of range')
          visit(matrix, constraint, wire, at + 4)
        }
      }
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ArtifactError('R1CS_INVALID', 'r1cs: constraints are cut short or malformed', { cause })
  }
}

function parseHeader(file: Buffer, sections: readonly BinarySection[]): R1csHeader {
  if (sections.some(({ id, size }) => (id === 4 || id === 5) && size > 4)) {
    throw new ArtifactError('R1CS_INVALID', 'r1cs: custom gates are not Groth16')
  }
  const { start } = section(sections, 1)
  const prime = BigInt(
    `0x${Buffer.from(file.subarray(start + 4, start + 36))
      .reverse()
      .toString('hex')}`,
  )
  if (file.readUInt32LE(start) !== ELEMENT_BYTES || prime !== FIELD_MODULUS) {
    throw new ArtifactError('R1CS_INVALID', 'r1cs: not over the BN254 scalar field')
  }
  const [wires, outputs, inputs] = [36, 40, 44].map((offset) => file.readUInt32LE(start + offset)) as [
    number,
    number,
    number,
  ]
  return { wires, publics: outputs + inputs, constraints: file.readUInt32LE(start + 60) }
}

function section(sections: readonly BinarySection[], id: number): BinarySection {
  const found = sections.find((candidate) => candidate.id === id)
  if (!found) throw new ArtifactError('R1CS_INVALID', `r1cs: section ${id} is missing`)
  return found
}
