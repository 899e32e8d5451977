/**
 * Poseidon over the BN254 scalar field with circomlib's parameters, as the circuits compute it (`test/vectors/hash.json`).
 *
 * @see https://eprint.iacr.org/2019/458
 */
import { OutOfRangeError, ShapeError } from './error.ts'
import { isFieldElement } from './field.ts'
import { buildPermutation } from './poseidon/permutation.ts'

// Made once, before any importer runs, so that everything above stays synchronous.
const [one, two, sixteen] = await Promise.all([buildPermutation(2), buildPermutation(3), buildPermutation(17)])
const PERMUTATIONS = new Map([
  [1, one],
  [2, two],
  [16, sixteen],
])

/** Field elements that one block of the sponge takes. */
export const SPONGE_RATE = 16

/** One table of tags (protocol, section 9): two sponges over different things never share a start. */
export const SPONGE_TAG = { state: 1n, statement: 2n } as const

/**
 * circomlib's `PoseidonEx(inputs.length, 1)`: the first output, with `capacity` as its `initialState`.
 * @param inputs 1, 2 or 16 field elements: what the protocol hashes.
 * @throws OutOfRangeError OUT_OF_RANGE for an element at or above p, which would stand for another one; ShapeError SHAPE_MISMATCH for another number of them.
 */
export function poseidon(inputs: readonly bigint[], capacity = 0n): bigint {
  if (!inputs.every(isFieldElement) || !isFieldElement(capacity))
    throw new OutOfRangeError('OUT_OF_RANGE', 'Poseidon input is not a field element')
  const hash = PERMUTATIONS.get(inputs.length)
  if (!hash) throw new ShapeError('SHAPE_MISMATCH', `Poseidon of ${inputs.length} elements`)
  return hash([capacity, ...inputs])
}

/** `Sponge(tag, v)` of the protocol, section 9: 16 elements a block, started at `tag·2^32 + length`. */
export function sponge(tag: bigint, values: readonly bigint[]): bigint {
  let capacity = (tag << 32n) + BigInt(values.length)
  for (let at = 0; at < values.length; at += SPONGE_RATE) {
    const block = values.slice(at, at + SPONGE_RATE)
    capacity = poseidon([...block, ...new Array<bigint>(SPONGE_RATE - block.length).fill(0n)], capacity)
  }
  return capacity
}
