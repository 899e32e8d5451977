import type { Kysely } from 'kysely'
import { z } from 'zod'
import { Uint } from '../../base/schema.ts'
import type { EpochEnding } from '../api.ts'
import { fence } from './lane-writes.ts'
import type { Tables } from './tables.ts'

const Row = z.object({ end_batch: Uint(63), next_sealed: z.boolean() })

/** Where it was decided that an epoch ends, and how the next one begins; `undefined` while nothing is. */
export async function endingOf(db: Kysely<Tables>, epoch: bigint): Promise<EpochEnding | undefined> {
  const found = await db
    .selectFrom('epoch')
    .select(['end_batch', 'next_sealed'])
    .where('epoch', '=', `${epoch}`)
    .where('end_batch', 'is not', null)
    .executeTakeFirst()
  if (!found) return undefined
  const { end_batch: end, next_sealed: nextSealed } = Row.parse(found)
  return { epoch, end, nextSealed }
}

/**
 * Decides where an epoch ends, for good: before the ledger is told, so that no receipt is given past it whatever happens in between (protocol, section 5).
 * @param term the lease's: who lost the lane decides nothing.
 * @returns what holds: the first decision.
 * @throws ServiceError LEASE_LOST.
 */
export function decideEnding(db: Kysely<Tables>, term: bigint, ending: EpochEnding): Promise<EpochEnding> {
  return db.transaction().execute(async (tx) => {
    await fence(tx, term)
    await tx
      .updateTable('epoch')
      .set({ end_batch: ending.end, next_sealed: ending.nextSealed })
      .where('epoch', '=', `${ending.epoch}`)
      .where('end_batch', 'is', null)
      .execute()
    return (await endingOf(tx, ending.epoch)) ?? ending
  })
}
