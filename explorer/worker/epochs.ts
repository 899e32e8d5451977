import { CodedError } from '../../src/base/error.ts'
import type { PolicyWords } from '../../src/chain/reader-schema.ts'
import { type PublishedPolicy, policyOf } from '../../src/policy/policy.ts'
import { NO_END } from '../../src/statement/record.ts'
import type { Handler } from './serve.ts'

/** All epochs, newest first, from the chain. */
export const epochs: Handler<'epochs'> = async (sources) => {
  const all = await (await sources.reader()).epochs()
  return all.reverse().map(({ policy, policyWords: words, verifiers, ...epoch }) => ({
    ...{ epoch: epoch.epoch, firstBatch: epoch.firstBatch, signer: epoch.signer, keyCommit: epoch.keyCommit },
    ...{ seed: epoch.seed, seedBlock: epoch.seedBlock, policyHash: epoch.policyHash },
    ...{ abandoned: epoch.abandoned, fromReset: epoch.fromReset, sealedMode: epoch.sealedMode },
    ...(epoch.end !== NO_END && { end: epoch.end }),
    policy: publishedOf({ ...policy, words: [...words] }),
    verifiers: verifiers.map(({ address, slots, verifierId }) => ({ address, slots, verifierId })),
  }))
}

/** A policy from its words; `undefined` where they break a rule of the protocol. */
export function publishedOf({ feeWord, words, settlements, reportSigners }: PolicyWords): PublishedPolicy | undefined {
  try {
    return { ...policyOf(feeWord, words), settlements, reportSigners }
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
