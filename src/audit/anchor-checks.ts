import { POLICY_KINDS } from '../policy/policy.ts'
import type { Anchor, AnchorEpoch } from './anchor-schema.ts'
import { EPOCH_STEPS } from './audit.ts'
import { type Check, holds } from './check.ts'
import type { EpochParts } from './step.ts'
import { continuity } from './steps/continuity.ts'

/** What an anchor says must hold in itself: genesis, and of each epoch numbers, key, seed, policy and verifiers. */
export function* checkAnchor(anchor: Anchor): Generator<Check> {
  yield* continuity.ledger({ config: anchor })
  for (const [i, epoch] of anchor.epochs.entries()) {
    const context = {
      config: anchor,
      epoch: epochRecordOf(epoch),
      before: anchor.epochs[i - 1] ?? ('unknown' as const),
    }
    for (const step of EPOCH_STEPS) yield* step.epoch(context)
    const needed = epoch.firstBatch < anchor.firstBatch + BigInt(anchor.records.length)
    const place = { epoch: epoch.epoch, at: 'batches' }
    yield holds('epoch-sequence', place, needed, 'an epoch with a batch', `one that begins at ${epoch.firstBatch}`)
  }
}

/** The record of a batch, if the anchor holds it. */
export function recordAt({ firstBatch, records }: Anchor, index: bigint): string | undefined {
  const at = index - firstBatch
  return at >= 0n && at < BigInt(records.length) ? records[Number(at)] : undefined
}

function epochRecordOf({ policy, verifiers, ...epoch }: AnchorEpoch): EpochParts {
  const kinds = verifiers.map((verifier) => ({ ...verifier, kind: POLICY_KINDS.indexOf(verifier.kind) }))
  return { ...epoch, feeWord: policy.feeWord, policyWords: policy.words, policy, verifiers: kinds }
}
