import type { Kysely } from 'kysely'
import { ConsistencyError, tipAfter } from './batch-closing.ts'
import { ServiceError } from './errors.ts'
import type { LaneContext } from './lane-context.ts'
import { BlindBatch, type Entry, genesisTip, type OpenBatch, RoutedBatch, type Tip, tipOfEpoch } from './open-batch.ts'
import { entriesOf, lastBatch } from './store/lane-reads.ts'
import type { StoredBatch } from './store/rows.ts'
import type { Tables } from './store/tables.ts'
import type { LanePosition } from './turn.ts'

/**
 * Where the rows say that the lane stands.
 * @returns `undefined` when its last batch was quarantined before its states were known: a person must decide. Where the last batch is of an epoch that ended, the next begins.
 * @throws ConsistencyError BATCH_INCONSISTENT when the open batch's rows do not give their own assignments; ServiceError NOT_READY where an epoch begins from states
 * that the draws of the one before have yet to tell.
 */
export async function loadPosition(db: Kysely<Tables>, context: LaneContext): Promise<LanePosition | undefined> {
  const last = await lastBatch(db)
  if (!last) return { tip: beginning(context, genesisTip(context.policy.shards.length), 0n), open: undefined }
  const { opening, closing, count, state } = last
  if (closing || state === 'sealed')
    return { tip: beginning(context, tipAfter(opening, count, closing), opening.epoch), open: undefined }
  if (state !== 'open') return undefined
  const entries = await entriesOf(db, [opening.index])
  return { tip: tipBefore(last), open: replay(context, last, entries) }
}

function beginning(context: LaneContext, tip: Tip, epoch: bigint): Tip {
  if (epoch === context.epoch) return tip
  const begun = tipOfEpoch(tip, context)
  if (begun.shards) return begun
  throw new ServiceError(
    'NOT_READY',
    `the last batches of epoch ${epoch} are sealed and not drawn: nobody knows the states that the next begins from`,
  )
}

/** The open batch, made anew from its rows: same states, so the orders to come are assigned as if nothing had happened. */
function replay(context: LaneContext, { opening, basis }: StoredBatch, entries: readonly Entry[]): OpenBatch {
  const batch = basis ? new RoutedBatch(context, { ...opening, ...basis }) : new BlindBatch(context, opening)
  for (const { order, commitment, time, keyId, assignment, slot } of entries) {
    const entry = batch.place(order, commitment, time, keyId)
    if (entry.assignment !== assignment || entry.slot !== slot)
      throw new ConsistencyError('BATCH_INCONSISTENT', `batch ${opening.index} does not replay at slot ${slot}`, {
        details: { batch: opening.index, field: 'assignment', slot },
      })
  }
  return batch
}

const tipBefore = ({ opening, basis }: StoredBatch): Tip => ({
  nextIndex: opening.index,
  orderCounter: opening.orderCounter,
  time: opening.time - opening.elapsed,
  shards: basis && { states: basis.before, blind: basis.blindBefore, state: basis.stateBefore },
  // After it: no other batch opens before it is closed.
  counters: opening.counters,
})
