import { POLICY_KINDS } from '../policy/policy.ts'
import type { Anchor, AnchorEpoch } from './anchor-schema.ts'
import { type Check, holds } from './check.ts'
import { checkEpochParts, checkGenesis, checkSeed, checkSequence, type EpochParts } from './epoch-checks.ts'

/** What an anchor says must hold in itself: genesis, and of each epoch numbers, key, seed, policy and verifiers. */
export function* checkAnchor(anchor: Anchor): Generator<Check> {
  yield* checkGenesis(anchor)
  for (const [i, epoch] of anchor.epochs.entries()) {
    const record = epochRecordOf(epoch)
    const before = anchor.epochs[i - 1]
    if (before) yield* checkSequence(record, before)
    yield* checkEpochParts(anchor, record)
    yield* checkSeed(anchor, record, undefined)
    const needed = epoch.firstBatch < anchor.firstBatch + BigInt(anchor.records.length)
    const place = { epoch: epoch.epoch, at: 'batches' }
    yield holds('epoch-sequence', place, needed, 'an epoch with a batch', `one that begins at ${epoch.firstBatch}`)
  }
}

/** The epoch of a batch that the anchor holds: the last one that begins at or before it. */
export const epochAt = ({ epochs }: Anchor, index: bigint): AnchorEpoch | undefined =>
  epochs.findLast(({ firstBatch }) => firstBatch <= index)

/** The record of a batch, if the anchor holds it. */
export function recordAt({ firstBatch, records }: Anchor, index: bigint): string | undefined {
  const at = index - firstBatch
  return at >= 0n && at < BigInt(records.length) ? records[Number(at)] : undefined
}

function epochRecordOf({ policy, verifiers, ...epoch }: AnchorEpoch): EpochParts {
  const kinds = verifiers.map((verifier) => ({ ...verifier, kind: POLICY_KINDS.indexOf(verifier.kind) }))
  return { ...epoch, feeWord: policy.feeWord, policyWords: policy.words, policy, verifiers: kinds }
}
