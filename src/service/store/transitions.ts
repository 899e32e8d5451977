import type { Kysely, Updateable } from 'kysely'
import type { BatchState } from '../../statement/batch-state.ts'
import { type Actor, assertTransition, sourcesOf } from '../batch-state.ts'
import type { BatchTable, Tables } from './tables.ts'

/**
 * Moves a batch if the state machine allows it from where it is; a race is decided by the database.
 * @param change other columns that change with the state.
 * @param from the only state that it may come from, where the state machine allows more.
 * @returns false when it is in none of the states that lead there: somebody else was first, or there is no such batch.
 */
export async function moveBatch(
  db: Kysely<Tables>,
  index: bigint,
  to: BatchState,
  by: Actor,
  change: Pick<Updateable<BatchTable>, 'reason' | 'failures' | 'signature' | 'checked'> = {},
  from?: BatchState,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('batch')
    .set({ ...change, state: to })
    .where('index', '=', `${index}`)
    .where(
      'state',
      'in',
      sourcesOf(to, by).filter((source) => from === undefined || source === from),
    )
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Like {@link moveBatch}, for callers that hold the batch. @throws BatchStateError BATCH_TRANSITION_ILLEGAL. */
export async function mustMoveBatch(
  db: Kysely<Tables>,
  index: bigint,
  to: BatchState,
  by: Actor,
  change: Pick<Updateable<BatchTable>, 'reason' | 'failures' | 'signature'> = {},
): Promise<void> {
  if (await moveBatch(db, index, to, by, change)) return
  const row = await db.selectFrom('batch').select('state').where('index', '=', `${index}`).executeTakeFirst()
  if (row) assertTransition(row.state, to, by)
}

/** Failures after which a batch waits for a person. */
export const MAX_FAILURES = 3

/** Counts a failure of a batch. @returns whether it is the last that is allowed. */
export async function countFailure(db: Kysely<Tables>, index: bigint): Promise<boolean> {
  const row = await db
    .updateTable('batch')
    .set((eb) => ({ failures: eb('failures', '+', 1) }))
    .where('index', '=', `${index}`)
    .where('state', '!=', 'abandoned')
    .returning('failures')
    .executeTakeFirst()
  return row !== undefined && row.failures >= MAX_FAILURES
}
