import { hexlify, keccak256 } from 'ethers'
import { assertUint } from './field.ts'

/** 0x-prefixed lower-case hex of 32 bytes. */
export type Hex32 = string

/** 32-byte big-endian words, end to end. @throws OutOfRangeError OUT_OF_RANGE for a value above 2^256 − 1. */
export function wordBytes(words: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(32 * words.length)
  const view = new DataView(bytes.buffer)
  words.forEach((word, i) => {
    let rest = assertUint(word, 256, 'word')
    // Eight bytes at a time: bigints are slow to take apart.
    for (let at = 32 * i + 24; rest > 0n; at -= 8) {
      view.setBigUint64(at, rest)
      rest >>= 64n
    }
  })
  return bytes
}

/** Keccak-256 of 32-byte big-endian words. */
export const keccakWords = (words: readonly bigint[]): Hex32 => keccak256(wordBytes(words))

/** Keccak-256 of raw bytes. */
export const keccakBytes = (bytes: Uint8Array): Hex32 => keccak256(bytes)

/** 0x-prefixed hex of a value in 32 bytes. */
export const hex32 = (value: bigint): Hex32 => hexlify(wordBytes([value]))
