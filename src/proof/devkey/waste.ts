import { createHash } from 'node:crypto'
import { FIELD_MODULUS } from '../../base/field.ts'

/**
 * The secrets of a Groth16 setup. Whoever knows them can forge proofs, which is why a key made from a published seed is refused on every
 * real chain.
 */
export interface ToxicWaste {
  readonly tau: bigint
  readonly alpha: bigint
  readonly beta: bigint
  readonly gamma: bigint
  readonly delta: bigint
}

/** Changes whenever the same seed and constraint system would give another key. */
export const DEV_KEY_VERSION = 'fairlead dev key v1'

/**
 * Derives the secrets from a seed, the same in every implementation:
 * `secret = SHA-256(UTF-8(DEV_KEY_VERSION ‖ "\n" ‖ label ‖ "\n" ‖ seed))`, big endian, mod p, with the field's name as the label.
 * The seed comes last, so no two seeds and labels give the same preimage; gamma and delta differ by their labels.
 */
export function deriveToxicWaste(seed: string): ToxicWaste {
  const secret = (label: string): bigint => {
    const digest = createHash('sha256').update(`${DEV_KEY_VERSION}\n${label}\n${seed}`, 'utf8').digest('hex')
    return BigInt(`0x${digest}`) % FIELD_MODULUS
  }
  return {
    tau: secret('tau'),
    alpha: secret('alpha'),
    beta: secret('beta'),
    gamma: secret('gamma'),
    delta: secret('delta'),
  }
}
