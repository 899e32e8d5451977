import type { Kysely } from 'kysely'
import { ConsistencyError } from './batch-closing.ts'
import type { LaneContext } from './lane-context.ts'
import { type Entry, genesisTip, OpenBatch, type Tip, tipOfEpoch } from './open-batch.ts'
import { entriesOf, lastBatch } from './store/lane-reads.ts'
import type { StoredBatch } from './store/rows.ts'
import type { Tables } from './store/tables.ts'
import type { LanePosition } from './turn.ts'

/**
 * Where the rows say that the lane stands.
 * @returns `undefined` when its last batch was quarantined before it closed: a person must decide. Where the last batch is of an epoch that ended, the next begins.
 * @throws ConsistencyError BATCH_INCONSISTENT when the open batch's rows do not give their own assignments.
 */
export async function loadPosition(db: Kysely<Tables>, context: LaneContext): Promise<LanePosition | undefined> {
  const last = await lastBatch(db)
  if (!last) return { tip: beginning(context, genesisTip(context.policy.shards.length), 0n), open: undefined }
  const { opening, closing, count, state } = last
  if (closing) {
    const { after: states, blindAfter: blind, stateAfter } = closing
    const orderCounter = opening.orderCounter + BigInt(count)
    const { time, counters } = opening
    const tip = { nextIndex: opening.index + 1n, orderCounter, time, states, blind, state: stateAfter, counters }
    return { tip: beginning(context, tip, opening.epoch), open: undefined }
  }
  if (state !== 'open') return undefined
  const entries = await entriesOf(db, [opening.index])
  return { tip: tipBefore(last), open: replay(context, last, entries) }
}

const beginning = (context: LaneContext, tip: Tip, epoch: bigint): Tip =>
  epoch === context.epoch ? tip : tipOfEpoch(tip, context.fromReset)

/** The open batch, made anew from its rows: same states, so the orders to come are assigned as if nothing had happened. */
function replay(context: LaneContext, { opening }: StoredBatch, entries: readonly Entry[]): OpenBatch {
  const batch = new OpenBatch(context, opening)
  for (const { order, commitment, time, keyId, assignment, slot } of entries) {
    const entry = batch.place(order, commitment, time, keyId)
    if (entry.assignment !== assignment || entry.slot !== slot)
      throw new ConsistencyError('BATCH_INCONSISTENT', `batch ${opening.index} does not replay at slot ${slot}`, {
        details: { batch: opening.index, field: 'assignment', slot },
      })
  }
  return batch
}

const tipBefore = ({ opening }: StoredBatch) => ({
  nextIndex: opening.index,
  orderCounter: opening.orderCounter,
  time: opening.time - opening.elapsed,
  states: opening.before,
  blind: opening.blindBefore,
  state: opening.stateBefore,
  // After it: no other batch opens before it is closed.
  counters: opening.counters,
})
