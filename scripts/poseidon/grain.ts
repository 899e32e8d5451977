/** Poseidon's parameters by the paper's own generator (appendix F of https://eprint.iacr.org/2019/458), for x^5 over a prime field. */
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { inverse } from '../../src/proof/devkey/arithmetic.ts'
import type { Matrix } from './field-matrix.ts'

export const FULL_ROUNDS = 8
const FIELD_BITS = 254

/** The rounds' constants, a vector a round, and the MDS matrix, by rows. */
export interface Parameters {
  readonly constants: readonly (readonly bigint[])[]
  readonly matrix: Matrix
}

export function parameters(width: number, partialRounds: number): Parameters {
  const next = grain(width, partialRounds)
  const integer = (): bigint => {
    let value = 0n
    for (let i = 0; i < FIELD_BITS; i++) value = (value << 1n) | BigInt(next())
    return value
  }
  const element = (): bigint => {
    for (;;) {
      const value = integer()
      if (value < FIELD_MODULUS) return value
    }
  }
  const row = (each: () => bigint): bigint[] => Array.from({ length: width }, each)
  const constants = Array.from({ length: FULL_ROUNDS + partialRounds }, () => row(element))
  // A Cauchy matrix; its elements are reduced, not rejected.
  const [xs, ys] = [row(() => integer() % FIELD_MODULUS), row(() => integer() % FIELD_MODULUS)]
  return { constants, matrix: xs.map((x) => ys.map((y) => inverse(x + y))) }
}

/** Bits of the Grain LFSR in self-shrinking mode: of each pair of bits, the second counts when the first is 1. */
function grain(width: number, partialRounds: number): () => number {
  const bits = [
    [1, 2],
    [0, 4],
    [FIELD_BITS, 12],
    [width, 12],
    [FULL_ROUNDS, 10],
    [partialRounds, 10],
    [2 ** 30 - 1, 30],
  ].flatMap(([value = 0, length = 0]) => [...value.toString(2).padStart(length, '0')].map(Number))
  const state = Uint8Array.from(bits)
  let at = 0
  const bit = (back: number): number => state[(at + back) % 80] ?? 0
  const step = (): number => {
    const fresh = bit(62) ^ bit(51) ^ bit(38) ^ bit(23) ^ bit(13) ^ bit(0)
    state[at] = fresh
    at = (at + 1) % 80
    return fresh
  }
  for (let i = 0; i < 160; i++) step()
  return () => {
    while (step() === 0) step()
    return step()
  }
}
