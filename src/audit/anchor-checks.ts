import { POLICY_KINDS } from '../policy/policy.ts'
import type { Anchor, AnchorEpoch } from './anchor-schema.ts'
import { EPOCH_STEPS } from './audit.ts'
import { type Check, holds } from './check.ts'
import { epochWords } from './epoch-words.ts'
import type { EpochParts } from './step.ts'
import { continuity } from './steps/continuity.ts'

/** What an anchor says must hold in itself: genesis, and of each epoch numbers, key, seed, policy and verifiers. */
export function* checkAnchor(anchor: Anchor): Generator<Check> {
  const past = anchor.firstBatch + BigInt(anchor.records.length)
  yield* continuity.ledger({ config: anchor })
  for (const [i, epoch] of anchor.epochs.entries()) {
    const context = {
      config: anchor,
      epoch: epochRecordOf(epoch),
      before: anchor.epochs[i - 1] ?? ('unknown' as const),
    }
    for (const step of EPOCH_STEPS) yield* step.epoch(context)
    const needed = epoch.firstBatch < past
    const place = { epoch: epoch.epoch, at: 'batches' }
    yield holds('epoch-sequence', place, needed, 'an epoch with a batch', `one that begins at ${epoch.firstBatch}`)
    if (epoch.abandoned) yield endsInside(anchor, epoch, i === anchor.epochs.length - 1)
  }
}

/** An epoch was given up at an index that was reached by then: not before its own beginning, nor before a record that it has. */
function endsInside({ accepted, firstBatch, records }: Anchor, epoch: AnchorEpoch, isLast: boolean): Check {
  const { end = 0n } = epoch
  const least = isLast ? firstBatch + BigInt(records.length) : epoch.firstBatch
  const place = { epoch: epoch.epoch, at: 'end' }
  return holds('epoch-sequence', place, end >= least && end <= accepted, `${least} … ${accepted}`, end)
}

/** The record of a batch, if the anchor holds it. */
export function recordAt({ firstBatch, records }: Anchor, index: bigint): string | undefined {
  const at = index - firstBatch
  return at >= 0n && at < BigInt(records.length) ? records[Number(at)] : undefined
}

function epochRecordOf(given: AnchorEpoch): EpochParts {
  const { policy, verifiers, ...epoch } = given
  const kinds = verifiers.map((verifier) => ({ ...verifier, kind: POLICY_KINDS.indexOf(verifier.kind) }))
  const { seedBlockHash } = epoch
  return { ...epoch, seedBlockHash, feeWord: policy.feeWord, policyWords: epochWords(given), policy, verifiers: kinds }
}
