import type { Kysely } from 'kysely'
import { z } from 'zod'
import { Uint } from '../../base/schema.ts'
import { ACCEPTED_STATES, isAccepted } from '../../statement/batch-state.ts'
import { sourcesOf } from '../batch-state.ts'
import type { JobQueue } from '../job-queue.ts'
import { notify } from '../notices.ts'
import type { Tables } from './tables.ts'

/**
 * Makes the batches of an abandoned epoch that the ledger did not accept void, all of them or none: their proof jobs and transactions go, their receipts stay, marked
 * as void, and their orders are erased. Other epochs' batches are left alone, also at the same indices.
 * @param end the first index past the epoch.
 * @returns the indices, in order; `undefined` while one of them still counts as accepted: a reorg that the watcher has yet to see.
 */
export function voidFrom(
  db: Kysely<Tables>,
  queue: Pick<JobQueue, 'cancel'>,
  epoch: bigint,
  end: bigint,
): Promise<bigint[] | undefined> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('batch')
      .select(['index', 'state'])
      .where('epoch', '=', `${epoch}`)
      .where('index', '>=', `${end}`)
      .where('state', '!=', 'abandoned')
      .orderBy('index')
      .forUpdate()
      .execute()
    if (rows.some(({ state }) => isAccepted(state))) return undefined
    const indices = rows.map(({ index }) => index)
    if (indices.length === 0) return []
    const jobs = await tx.selectFrom('proof').select('job').where('batch', 'in', indices).execute()
    for (const { job } of jobs) await queue.cancel(tx, job)
    await tx.deleteFrom('proof').where('batch', 'in', indices).execute()
    await tx.deleteFrom('submission').where('batch', 'in', indices).execute()
    await tx
      .updateTable('entry')
      .set({ void: true, size: null, side: null, segment: null, details: null })
      .where('epoch', '=', `${epoch}`)
      .where('batch', 'in', indices)
      .execute()
    await tx
      .updateTable('batch')
      .set({ state: 'abandoned' })
      .where('epoch', '=', `${epoch}`)
      .where('index', 'in', indices)
      .where('state', 'in', sourcesOf('abandoned', 'watcher'))
      .execute()
    await notify(tx, 'batch-moved')
    return indices.map(BigInt)
  })
}

const Epoch = z.object({ epoch: Uint(63) })

/** Epochs before this one that still have batches which the ledger did not accept. */
export async function unsettledEpochs(db: Kysely<Tables>, before: bigint): Promise<bigint[]> {
  const rows = await db
    .selectFrom('batch')
    .select('epoch')
    .distinct()
    .where('epoch', '<', `${before}`)
    .where('state', 'not in', [...ACCEPTED_STATES, 'abandoned'])
    .orderBy('epoch')
    .execute()
  return rows.map((row) => Epoch.parse(row).epoch)
}
