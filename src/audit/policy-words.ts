import { CodedError } from '../base/error.ts'
import { keccakWords } from '../base/keccak.ts'
import { POLICY_KINDS, type PolicyKindName, policyOf } from '../policy/policy.ts'
import type { PolicyRecord } from './records.ts'

/** Where the kind begins in a fee word. */
const KIND_SHIFT = 30n

/** The number of the kind of policy that a fee word names. */
export const kindIdOf = (feeWord: bigint): bigint => feeWord >> KIND_SHIFT

/** The kind of policy that a fee word names; `undefined` for none that there is. */
export const kindOf = (feeWord: bigint): PolicyKindName | undefined => POLICY_KINDS[Number(kindIdOf(feeWord))]

/** `policyHash` over the words as published: a word with stray bits has a hash too. */
export const publishedHash = ({ feeWord, words, settlements, reportSigners }: PolicyRecord): string =>
  keccakWords([feeWord, ...words, ...settlements.map(BigInt), ...reportSigners.map(BigInt)])

/** The rule of the protocol's section 3 that a policy breaks, in words; `undefined` when it keeps them all. */
export function brokenRule({ feeWord, words }: Pick<PolicyRecord, 'feeWord' | 'words'>): string | undefined {
  try {
    policyOf(feeWord, words)
    return undefined
  } catch (error) {
    if (error instanceof CodedError) return error.message
    throw error
  }
}
