/**
 * Poseidon over the BN254 scalar field with circomlib's parameters, as the circuits compute it (circomlibjs, checked by `test/vectors/hash.json`).
 *
 * @see https://eprint.iacr.org/2019/458
 */
import { buildPoseidon } from 'circomlibjs'
import { OutOfRangeError } from './error.ts'
import { isFieldElement } from './field.ts'

// Its WASM is made once, before any importer runs, so that everything above stays synchronous.
const permutation = await buildPoseidon()

/** Field elements that one block of the sponge takes. */
export const SPONGE_RATE = 16

/** One table of tags (protocol, section 9): two sponges over different things never share a start. */
export const SPONGE_TAG = { state: 1n, statement: 2n } as const

/**
 * circomlib's `PoseidonEx(inputs.length, 1)`: the first output, with `capacity` as its `initialState`.
 * @param inputs 1 to 16 field elements.
 * @throws OutOfRangeError OUT_OF_RANGE for an element at or above p: the library would reduce it silently.
 */
export function poseidon(inputs: readonly bigint[], capacity = 0n): bigint {
  if (!inputs.every(isFieldElement) || !isFieldElement(capacity)) {
    throw new OutOfRangeError('OUT_OF_RANGE', 'Poseidon input is not a field element')
  }
  return permutation.F.toObject(permutation([...inputs], capacity))
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
