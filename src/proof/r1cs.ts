import { FIELD_MODULUS } from '../base/field.ts'
import { BinFile } from './binfile.ts'
import { fromLittleEndian } from './bytes.ts'
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
 * @throws ArtifactError R1CS_INVALID when the file is not one, is over another field, or uses custom gates; ARTIFACT_MISSING.
 */
export async function readR1cs(path: string): Promise<R1cs> {
  return withFile(path, async (file) => ({ ...(await readHeader(file)), body: await file.read(2) }))
}

/** Reads the sizes alone, without the constraints. @throws ArtifactError R1CS_INVALID, ARTIFACT_MISSING. */
export function readR1csHeader(path: string): Promise<R1csHeader> {
  return withFile(path, readHeader)
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
  const { body, wires, constraints } = r1cs
  const malformed = () => new ArtifactError('R1CS_INVALID', 'r1cs: constraints are cut short or malformed')
  const count = (at: number): number => {
    if (at + 4 > body.length) throw malformed()
    return body.readUInt32LE(at)
  }
  let at = 0
  for (let constraint = 0; constraint < constraints; constraint++) {
    for (let matrix = 0; matrix < 3; matrix++) {
      const terms = count(at)
      at += 4
      for (let term = 0; term < terms; term++, at += 4 + ELEMENT_BYTES) {
        const wire = count(at)
        if (wire >= wires || at + 4 + ELEMENT_BYTES > body.length) throw malformed()
        visit(matrix, constraint, wire, at + 4)
      }
    }
  }
}

async function withFile<T>(path: string, use: (file: BinFile) => Promise<T>): Promise<T> {
  const file = await BinFile.open(path, 'r1cs', 'R1CS_INVALID')
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

/** Layout: bytes an element, modulus, then uint32 wires, outputs, public inputs, private inputs, uint64 labels, uint32 constraints. */
async function readHeader(file: BinFile): Promise<R1csHeader> {
  if (file.has(4) && (await file.read(4)).readUInt32LE(0) !== 0) throw file.error('custom gates are not Groth16')
  const head = await file.read(1, 64)
  if (head.readUInt32LE(0) !== ELEMENT_BYTES || fromLittleEndian(head.subarray(4, 36)) !== FIELD_MODULUS) {
    throw file.error('not over the BN254 scalar field')
  }
  const publics = head.readUInt32LE(40) + head.readUInt32LE(44)
  return { wires: head.readUInt32LE(36), publics, constraints: head.readUInt32LE(60) }
}
