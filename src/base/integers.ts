/** `Math.min` for `bigint`, which `Math` does not take. */
export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
/** `Math.max` for `bigint`. */
export const max = (a: bigint, b: bigint): bigint => (b < a ? a : b)
/** `Math.abs` for `bigint`. */
export const abs = (value: bigint): bigint => (value < 0n ? -value : value)
