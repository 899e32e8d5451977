import type { Kysely } from 'kysely'
import { type BatchClosing, ConsistencyError, closeBatch, sealHashOf, shardsAfter } from './batch-closing.ts'
import type { LaneContext } from './lane-context.ts'
import { basisOf, type Entry, genesisShards, type LaneShards, RoutedBatch, shardsOfEpoch } from './open-batch.ts'
import { entriesOf, standingBatch } from './store/lane-reads.ts'
import type { StoredBatch } from './store/rows.ts'
import type { Tables } from './store/tables.ts'

/**
 * Routes a sealed batch from its rows, in the order of their slots, under the seed that its seal brought. It is the same router that gives receipts at once elsewhere.
 * @returns `undefined` while the states before it are not known: the batch before waits for its own draw, or for a person.
 * @throws ConsistencyError BATCH_INCONSISTENT when the rows are not what was sealed.
 */
export async function drawBatch(
  db: Kysely<Tables>,
  context: LaneContext,
  batch: StoredBatch,
  seed: bigint,
): Promise<BatchClosing | undefined> {
  const { opening } = batch
  const before = await shardsBefore(db, context, opening.index)
  if (!before) return undefined
  const rows = await entriesOf(db, [opening.index])
  assertSealed(batch, rows)
  const routed = new RoutedBatch(context, { ...opening, ...basisOf(before, seed) })
  for (const { order, commitment, time, keyId } of rows) routed.place(order, commitment, time, keyId)
  return closeBatch(routed)
}

/** The shards as a batch found them, once that is known. */
async function shardsBefore(db: Kysely<Tables>, context: LaneContext, index: bigint): Promise<LaneShards | undefined> {
  const last = index === 0n ? undefined : await standingBatch(db, index - 1n)
  const shards = index === 0n ? genesisShards(context.policy.shards.length) : shardsAfter(last?.closing)
  return last?.opening.epoch === context.epoch ? shards : shardsOfEpoch(context, shards)
}

/** The seed must meet what was fixed before anybody knew it. */
function assertSealed({ opening, seal }: StoredBatch, rows: readonly Entry[]): void {
  const { index } = opening
  if (sealHashOf(opening, rows) === seal?.hash) return
  throw new ConsistencyError('BATCH_INCONSISTENT', `the rows of batch ${index} are not what was sealed`, {
    details: { batch: index, field: 'sealHash' },
  })
}
