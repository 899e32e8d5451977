import type { Kysely } from 'kysely'
import { z } from 'zod'
import { ACCEPTED_STATES } from '../../statement/batch-state.ts'
import type { Head } from '../../statement/record.ts'
import { headAfter } from '../views.ts'
import { batchOf } from './rows.ts'
import type { Tables } from './tables.ts'

const Lane = z.object({ receipts: z.coerce.number(), accepted: z.coerce.number(), deferred: z.coerce.number() })

/** Receipts ever given, in all and by outcome: one row, however many there are. */
export async function laneCounters(db: Kysely<Tables>): Promise<z.infer<typeof Lane>> {
  return Lane.parse(await db.selectFrom('lane').selectAll().executeTakeFirstOrThrow())
}

/** The ledger's head by this database: after the last batch that the chain accepted; `undefined` before the first. */
export async function acceptedHead(db: Kysely<Tables>): Promise<Head | undefined> {
  const row = await db
    .selectFrom('batch')
    .selectAll()
    .where('state', 'in', ACCEPTED_STATES)
    .orderBy('index', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && headAfter(batchOf(row))
}
