import type { Kysely } from 'kysely'
import type { Discharge } from '../chain/duty-writer.ts'
import type { PostedOrder, SystemReader } from '../chain/system-reader.ts'
import { type Order, SEGMENTS, SIDES } from '../order/order.ts'
import { DEFERRED } from '../route/route.ts'
import { isAccepted } from '../statement/batch-state.ts'
import { inclusionAt } from './inclusion.ts'
import type { LaneContext } from './lane-context.ts'
import { outcomeOf } from './open-batch.ts'
import { batchAt, entriesFor } from './store/lane-reads.ts'
import type { StoredBatch } from './store/rows.ts'
import type { Tables } from './store/tables.ts'

/** What has to be done for orders of the inbox. */
export interface InboxWork {
  /** Orders to take, in the queue's order. */
  readonly take: readonly PostedOrder[]
  /** Orders whose batches show that they were taken, as far as the queue's order allows to say so now. */
  readonly discharge: readonly { readonly number: bigint; readonly by: Discharge }[]
}

/** Most that one transaction discharges: about 71,000 gas each. */
const MOST_DISCHARGED = 32

/** The order that a posting opens. */
export const orderOf = ({ size, side, segment, details }: PostedOrder): Order => ({
  size,
  side: SIDES[side] ?? 'buy',
  segment: SEGMENTS[segment] ?? 'retail',
  details,
})

/**
 * What is to be done for the orders that wait. It follows from the chain and the lane's rows alone, so that a restart, a reorg or an abandoned epoch forgets nothing:
 * an order is taken once an entry of it stands that discharges it, and is discharged when the chain has that entry's batch.
 * @param posted orders that may wait, in the queue's order.
 */
export async function inboxWork(
  db: Kysely<Tables>,
  context: Pick<LaneContext, 'circuit'>,
  system: Pick<SystemReader, 'due' | 'waits'>,
  posted: readonly PostedOrder[],
): Promise<InboxWork> {
  const take: PostedOrder[] = []
  const discharge: { number: bigint; by: Discharge }[] = []
  const { to } = await system.due()
  // Past `to` an order is due once all before it are discharged.
  let gap = false
  for (const order of posted) {
    if (!(await system.waits(order.commitment))) continue
    const taken = await takenIn(db, order)
    if (!taken) take.push(order)
    const by =
      taken && isAccepted(taken.batch.state) && discharge.length < MOST_DISCHARGED && !(gap && order.number >= to)
        ? await inclusionAt(db, context, {
            batch: taken.batch.opening.index,
            epoch: taken.batch.opening.epoch,
            slot: taken.slot,
          })
        : undefined
    if (by) discharge.push({ number: order.number, by })
    else gap = true
  }
  return { take, discharge }
}

/** The entry that discharges an order once its batch is accepted: any acceptance, or a deferral in a batch that is not older than the posting. One whose draw is to come counts. */
async function takenIn(
  db: Kysely<Tables>,
  { commitment, postedAtS }: PostedOrder,
): Promise<{ batch: StoredBatch; slot: number } | undefined> {
  for (const entry of await entriesFor(db, commitment)) {
    const { batch: index, epoch, slot } = entry
    const batch = await batchAt(db, index, epoch)
    if (!batch || batch.state === 'abandoned') continue
    if (outcomeOf(entry) !== DEFERRED || batch.opening.time >= BigInt(postedAtS) * 1_000_000n) return { batch, slot }
  }
  return undefined
}
