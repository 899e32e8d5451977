import { open } from 'node:fs/promises'
import { FIELD_MODULUS } from '../../base/field.ts'
import { fileHead, sectionHead } from '../binfile.ts'
import { BASE_MODULUS } from '../bn254.ts'
import { toLittleEndian } from '../bytes.ts'
import { forEachTerm, type R1cs } from '../r1cs.ts'
import { CoefficientTable, convert } from './coefficients.ts'

/** The points of a Groth16 proving key: affine, Montgomery form, little endian, in wire order; see the format below. */
export interface KeyPoints {
  /** alpha, beta, delta in G1. */
  readonly secrets1: Uint8Array
  /** beta, gamma, delta in G2. */
  readonly secrets2: Uint8Array
  readonly ic: Uint8Array
  readonly a: Uint8Array
  readonly b1: Uint8Array
  readonly b2: Uint8Array
  readonly c: Uint8Array
  readonly h: Uint8Array
}

/**
 * Writes a Groth16 .zkey as snarkjs does: sections 1 (protocol), 2 (header), 4 (coefficients), 3 (IC), 9 (H), 8 (C), 5 (A), 6 (B in G1),
 * 7 (B in G2), 10 (contributions: 64 zero bytes for the circuit's hash, and none). The same key gives the same bytes.
 * @param log2 log2 of the evaluation domain.
 * @see node_modules/snarkjs/src/zkey_utils.js
 */
export async function writeZkey(path: string, r1cs: R1cs, log2: number, points: KeyPoints): Promise<void> {
  const sections: [id: number, parts: Uint8Array[]][] = [
    [1, [uint32(1)]],
    [2, header(r1cs, log2, points)],
    [4, [coefficientSection(r1cs)]],
    [3, [points.ic]],
    [9, [points.h]],
    [8, [points.c]],
    [5, [points.a]],
    [6, [points.b1]],
    [7, [points.b2]],
    [10, [Buffer.alloc(64), uint32(0)]],
  ]
  const file = await open(path, 'wx')
  try {
    await file.writeFile(fileHead('zkey', 1, sections.length))
    for (const [id, parts] of sections) {
      await file.writeFile(
        sectionHead(
          id,
          parts.reduce((sum, part) => sum + part.byteLength, 0),
        ),
      )
      for (const part of parts) await file.writeFile(part)
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Header order: alpha1, beta1, beta2, gamma2, delta1, delta2. */
function header(r1cs: R1cs, log2: number, { secrets1, secrets2 }: KeyPoints): Uint8Array[] {
  const field = (modulus: bigint) => Buffer.concat([uint32(32), toLittleEndian(modulus)])
  return [
    field(BASE_MODULUS),
    field(FIELD_MODULUS),
    uint32(r1cs.wires),
    uint32(r1cs.publics),
    uint32(2 ** log2),
    secrets1.subarray(0, 128),
    secrets2.subarray(0, 256),
    secrets1.subarray(128, 192),
    secrets2.subarray(256, 384),
  ]
}

/** A count, then for each term of A and B (the terms of A before those of B, constraint by constraint; last the rows of the public wires):
 *  matrix, constraint, wire (uint32 each), coefficient times R². */
function coefficientSection(r1cs: R1cs): Buffer {
  const publicRows = r1cs.publics + 1
  let terms = publicRows
  forEachTerm(r1cs, (matrix) => {
    if (matrix < 2) terms++
  })
  const section = Buffer.alloc(4 + terms * 44)
  let at = section.writeUInt32LE(terms, 0)
  const write = (matrix: number, constraint: number, wire: number, stored: Buffer) => {
    at = section.writeUInt32LE(matrix, at)
    at = section.writeUInt32LE(constraint, at)
    at = section.writeUInt32LE(wire, at)
    at += stored.copy(section, at)
  }
  const coefficients = new CoefficientTable()
  forEachTerm(r1cs, (matrix, constraint, wire, offset) => {
    if (matrix < 2) write(matrix, constraint, wire, coefficients.at(r1cs.body, offset).stored)
  })
  const one = convert(1n).stored
  for (let wire = 0; wire < publicRows; wire++) write(0, r1cs.constraints + wire, wire, one)
  return section
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
