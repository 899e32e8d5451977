import type { Kysely, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Undoes a transaction of the database. */
class Undone extends Error {}

/** All of it or nothing: undone when `act` returns false. */
export async function together(
  db: Kysely<Tables>,
  act: (tx: Transaction<Tables>) => Promise<boolean>,
): Promise<boolean> {
  try {
    await db.transaction().execute(async (tx) => {
      if (!(await act(tx))) throw new Undone()
    })
    return true
  } catch (error) {
    if (error instanceof Undone) return false
    throw error
  }
}
