import type { Kysely } from 'kysely'
import { ServiceError } from './errors.ts'
import type { JobQueue } from './job-queue.ts'
import { notify } from './notices.ts'
import { standingBatch } from './store/lane-reads.ts'
import type { Tables } from './store/tables.ts'
import { moveBatch } from './store/transitions.ts'

/** quarantined → closed, with a new proof job, a new check of its witness and a clean slate; back to sealed where its draw is to come. @throws ServiceError BATCH_NOT_FOUND when there is no such quarantined batch. */
export function releaseQuarantined(db: Kysely<Tables>, queue: JobQueue, index: bigint): Promise<void> {
  return db.transaction().execute(async (tx) => {
    const found = await standingBatch(tx, index)
    const drawn = !found?.seal || found.closing !== undefined
    const fresh = { failures: 0, reason: null, checked: false }
    if (!(await moveBatch(tx, index, drawn ? 'closed' : 'sealed', 'operator', fresh)))
      throw new ServiceError('BATCH_NOT_FOUND', `batch ${index} is not quarantined`)
    if (!drawn) return notify(tx, 'batch-moved')
    await tx.deleteFrom('submission').where('batch', '=', `${index}`).execute()
    await tx.deleteFrom('proof').where('batch', '=', `${index}`).execute()
    for (const { id, batch } of await queue.sendAll(tx, [index]))
      await tx.insertInto('proof').values({ batch, job: id, state: 'queued' }).execute()
    await notify(tx, 'proof-wanted')
    await notify(tx, 'batch-moved')
  })
}
