import { feeWord, type PublishedPolicy, shardPolicyWord } from '../policy/policy.ts'
import type { PolicyWords } from './reader-schema.ts'

/** A policy as the registry takes it. @throws OutOfRangeError OUT_OF_RANGE for a value wider than its place. */
export const policyWordsOf = (policy: PublishedPolicy): PolicyWords => ({
  feeWord: feeWord(policy),
  words: policy.shards.map(shardPolicyWord),
  settlements: policy.settlements,
  reportSigners: policy.reportSigners,
})
