import { ShapeError } from '../base/error.ts'
import { type Hex32, keccakWords } from '../base/keccak.ts'
import { POLICY_KINDS, type PolicyKindName } from '../policy/policy.ts'
import type { Shape } from './statement.ts'

/**
 * `verifierId` of the protocol's section 9: the same on every chain.
 * @param keyWords the 22 words of the verifying key: alpha1, beta2, gamma2, delta2, IC[0 … 3], G2 with the imaginary parts first.
 */
export function verifierIdOf(kind: PolicyKindName, { shards, slots }: Shape, keyWords: readonly bigint[]): Hex32 {
  if (keyWords.length !== 22)
    throw new ShapeError('SHAPE_MISMATCH', `a verifying key has 22 words here, not ${keyWords.length}`)
  return keccakWords([BigInt(POLICY_KINDS.indexOf(kind)), BigInt(shards), BigInt(slots), ...keyWords])
}
