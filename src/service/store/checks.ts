import type { Kysely } from 'kysely'
import { batchOf, type StoredBatch } from './rows.ts'
import type { Tables } from './tables.ts'
import { moveBatch } from './transitions.ts'

/** The oldest closed batch whose witness was never computed. */
export async function nextUnchecked(db: Kysely<Tables>): Promise<StoredBatch | undefined> {
  const row = await db
    .selectFrom('batch')
    .selectAll()
    .where('state', '=', 'closed')
    .where('checked', '=', false)
    .orderBy('index')
    .limit(1)
    .executeTakeFirst()
  return row && batchOf(row)
}

/** How many closed batches wait for their check. */
export async function countUnchecked(db: Kysely<Tables>): Promise<number> {
  const { count } = await db
    .selectFrom('batch')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('state', '=', 'closed')
    .where('checked', '=', false)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Notes that a batch has a witness; one that was abandoned meanwhile stays as it is. */
export async function markChecked(db: Kysely<Tables>, index: bigint): Promise<void> {
  await db
    .updateTable('batch')
    .set({ checked: true })
    .where('index', '=', `${index}`)
    .where('state', '!=', 'abandoned')
    .execute()
}

/**
 * closed → quarantined; whoever proves the batch now proves it in vain.
 * @param reason the code of why it has no witness.
 * @returns false when the batch moved meanwhile.
 */
export function quarantineUnprovable(db: Kysely<Tables>, index: bigint, reason: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await moveBatch(tx, index, 'quarantined', 'router', { reason }))) return false
    await tx
      .updateTable('proof')
      .set({ state: 'failed', error: reason })
      .where('batch', '=', `${index}`)
      .where('state', 'in', ['queued', 'running'])
      .execute()
    return true
  })
}
