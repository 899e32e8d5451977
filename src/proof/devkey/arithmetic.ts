import { FIELD_MODULUS as P } from '../../base/field.ts'

/** `base^exponent mod p` by squaring; not constant time. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P
    square = (square * square) % P
  }
  return result
}

/** `1 / value mod p` (Fermat); 0 for 0. */
export const inverse = (value: bigint): bigint => power(value, P - 2n)

/** Inverts every element, none of which may be 0, in place: three products each and one inversion (Montgomery's trick). */
export function invertAll(values: bigint[]): void {
  const prefix: bigint[] = []
  let product = 1n
  for (const value of values) {
    prefix.push(product)
    product = (product * value) % P
  }
  let rest = inverse(product)
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i] ?? 0n
    values[i] = (rest * (prefix[i] ?? 0n)) % P
    rest = (rest * value) % P
  }
}

/** log2 of the largest power of two that divides p − 1. */
export const TWO_ADICITY = 28

/** A primitive root of unity of order 2^log2: `5^((p−1) / 2^log2)`, as 5 generates the field's units. snarkjs and gnark have the same. */
export const rootOfUnity = (log2: number): bigint => power(5n, (P - 1n) >> BigInt(log2))

/** Writes reduced elements as 32 little-endian bytes each. */
export class ScalarWriter {
  readonly buffer: SharedArrayBuffer
  readonly #words: BigUint64Array
  #next = 0

  /** @param count number of elements that will be pushed. */
  constructor(count: number) {
    this.buffer = new SharedArrayBuffer(32 * count)
    this.#words = new BigUint64Array(this.buffer)
  }

  push(value: bigint): void {
    for (let rest = value, word = 0; word < 4; word++, rest >>= 64n)
      this.#words[this.#next++] = BigInt.asUintN(64, rest)
  }
}

/** Elements as 32 little-endian bytes each, in memory that workers share. */
export function packScalars(values: readonly bigint[]): SharedArrayBuffer {
  const writer = new ScalarWriter(values.length)
  for (const value of values) writer.push(value)
  return writer.buffer
}
