/** Math for `bigint`, which `Math` does not take. */
export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
export const max = (a: bigint, b: bigint): bigint => (b < a ? a : b)
export const abs = (value: bigint): bigint => (value < 0n ? -value : value)
