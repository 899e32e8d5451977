import { FIELD_MODULUS } from '../base/field.ts'

/** Modulus q of the BN254 base field, in which the points' coordinates lie. */
export const BASE_MODULUS = 21888242871839275222246405745257275088696311157297823662689037894645226208583n

/** A point of G1, affine: (x, y). */
export type G1Point = readonly [x: bigint, y: bigint]
/** An element c0 + c1·i of the quadratic extension, real part first (as snarkjs has it; EIP-197 wants c1 first). */
export type Fq2 = readonly [c0: bigint, c1: bigint]
/** A point of G2, affine: (x, y) over the quadratic extension. */
export type G2Point = readonly [x: Fq2, y: Fq2]

const Q = BASE_MODULUS
const mod = (value: bigint): bigint => ((value % Q) + Q) % Q
const mul = ([a, b]: Fq2, [c, d]: Fq2): Fq2 => [mod(a * c - b * d), mod(a * d + b * c)]

/** The twist's constant 3 / (9 + i). */
const TWIST: Fq2 = [
  19485874751759354771024239261021720505790618469301721065564631296452457478373n,
  266929791119991161246907387137283842545076965332900288569378510910307636690n,
]

/** Whether both coordinates are reduced and `y² = x³ + 3`; false for infinity. G1 has no subgroups, so the point is in it. */
export function isG1Point([x, y]: G1Point): boolean {
  return isReduced(x) && isReduced(y) && mod(y * y - x * x * x - 3n) === 0n
}

/** Whether all coordinates are reduced and the point is on the twist; false for infinity. Says nothing of the subgroup of order p. */
export function isOnTwist([x, y]: G2Point): boolean {
  if (![...x, ...y].every(isReduced)) return false
  const [left, right] = [mul(y, y), mul(mul(x, x), x)]
  return mod(left[0] - right[0] - TWIST[0]) === 0n && mod(left[1] - right[1] - TWIST[1]) === 0n
}

/** Order of G1 and G2: the modulus of the scalar field. */
export const GROUP_ORDER = FIELD_MODULUS

const isReduced = (value: bigint): boolean => value >= 0n && value < Q
