import { OutOfRangeError } from './error.ts'

/** Modulus p of the BN254 scalar field, in which circuits compute. */
export const FIELD_MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

/** Whether `value` is a reduced field element, `0 ≤ value < p`. */
export const isFieldElement = (value: bigint): boolean => value >= 0n && value < FIELD_MODULUS

/** `value mod p`, in `[0, p)`, for any integer. */
export function modField(value: bigint): bigint {
  const rest = value % FIELD_MODULUS
  return rest < 0n ? rest + FIELD_MODULUS : rest
}

/**
 * Checks that an unsigned integer fits its width.
 * @param name what the value is, for the message; the value itself is left out, as it may be private.
 * @throws OutOfRangeError OUT_OF_RANGE.
 */
export function assertUint(value: bigint, bits: number, name: string): bigint {
  if (value < 0n || value >> BigInt(bits) !== 0n)
    throw new OutOfRangeError('OUT_OF_RANGE', `${name} is not a uint${bits}`)
  return value
}
