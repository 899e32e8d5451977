import { z } from 'zod'
import { type Fq2, type G1Point, type G2Point, isG1Point, isOnTwist } from './bn254.ts'
import { ArtifactError } from './error.ts'

/** A Groth16 verification key: points of BN254, affine. `ic` has one more point than there are public signals. */
export interface VerifyingKey {
  readonly alpha: G1Point
  readonly beta: G2Point
  readonly gamma: G2Point
  readonly delta: G2Point
  readonly ic: readonly G1Point[]
}

const Coordinate = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/)
  .transform(BigInt)
const Pair = z.tuple([Coordinate, Coordinate])
const One = z.literal('1')
const G1 = z.tuple([Coordinate, Coordinate, One]).transform(([x, y]): G1Point => [x, y])
const G2 = z.tuple([Pair, Pair, z.tuple([One, z.literal('0')])]).transform(([x, y]): G2Point => [x, y])

/** snarkjs's verification_key.json: decimal strings, projective with z = 1. Its precomputed pairing is accepted and not used. */
const VerifyingKeyJson = z.strictObject({
  protocol: z.literal('groth16'),
  curve: z.literal('bn128'),
  nPublic: z.int().min(0),
  vk_alpha_1: G1,
  vk_beta_2: G2,
  vk_gamma_2: G2,
  vk_delta_2: G2,
  vk_alphabeta_12: z.unknown().optional(),
  IC: z.array(G1),
})

/**
 * Parses snarkjs's verification_key.json and checks that every point is on its curve.
 * @throws ArtifactError VKEY_INVALID for another shape or a point off its curve; see {@link assertSafeKey} for the rest.
 */
export function parseVerifyingKey(json: unknown): VerifyingKey {
  const parsed = VerifyingKeyJson.safeParse(json)
  if (!parsed.success)
    throw new ArtifactError('VKEY_INVALID', 'not a Groth16 verification key', { cause: parsed.error })
  const { vk_alpha_1: alpha, vk_beta_2: beta, vk_gamma_2: gamma, vk_delta_2: delta, IC: ic, nPublic } = parsed.data
  if (ic.length !== nPublic + 1)
    throw new ArtifactError('KEY_MISMATCH', `a key of ${nPublic} signals has ${ic.length} IC points`)
  if (![alpha, ...ic].every(isG1Point) || ![beta, gamma, delta].every(isOnTwist)) {
    throw new ArtifactError('VKEY_INVALID', 'a point of the verification key is off its curve')
  }
  return { alpha, beta, gamma, delta, ic }
}

/** The key as snarkjs writes it, without the precomputed pairing. */
export function verifyingKeyJson(key: VerifyingKey) {
  const g1 = ([x, y]: G1Point) => [`${x}`, `${y}`, '1']
  const g2 = ([x, y]: G2Point) => [
    [`${x[0]}`, `${x[1]}`],
    [`${y[0]}`, `${y[1]}`],
    ['1', '0'],
  ]
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: key.ic.length - 1,
    vk_alpha_1: g1(key.alpha),
    vk_beta_2: g2(key.beta),
    vk_gamma_2: g2(key.gamma),
    vk_delta_2: g2(key.delta),
    IC: key.ic.map(g1),
  }
}

/**
 * Refuses keys under which proofs can be forged or do not fit.
 * @param publics number of public signals that the circuit has.
 * @throws ArtifactError KEY_UNSAFE when gamma equals delta (a setup without phase 2: any statement can be proven), KEY_MISMATCH when
 * the key is for another number of public signals.
 */
export function assertSafeKey(key: VerifyingKey, publics: number): void {
  if (`${key.gamma}` === `${key.delta}`)
    throw new ArtifactError('KEY_UNSAFE', 'gamma2 equals delta2: proofs can be forged')
  if (key.ic.length === publics + 1) return
  throw new ArtifactError('KEY_MISMATCH', 'the key has the wrong number of IC points', {
    details: { expected: publics + 1, found: key.ic.length },
  })
}

/** The four words of a G2 point as EIP-197 wants them: x1, x0, y1, y0, imaginary parts first. */
export const g2Words = ([x, y]: G2Point): bigint[] => [...swapped(x), ...swapped(y)]

/** The key's words in the order of protocol.md section 9: alpha, beta, gamma, delta, IC; 22 words for three public signals. */
export function verifyingKeyWords(key: VerifyingKey): bigint[] {
  return [...key.alpha, ...g2Words(key.beta), ...g2Words(key.gamma), ...g2Words(key.delta), ...key.ic.flat()]
}

const swapped = ([c0, c1]: Fq2): bigint[] => [c1, c0]
