import { type Kysely, sql } from 'kysely'
import type { Entry, Placement } from '../open-batch.ts'
import { batchOf, entryOf, placementOf, type StoredBatch } from './rows.ts'
import type { Tables } from './tables.ts'

/** The newest batch that was not abandoned. */
export async function lastBatch(db: Kysely<Tables>): Promise<StoredBatch | undefined> {
  const row = await db
    .selectFrom('batch')
    .selectAll()
    .where('state', '!=', 'abandoned')
    .orderBy('index', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && batchOf(row)
}

/** The batch of an index: the one that stands, else the last that was abandoned. @param epoch the one of that epoch. */
export async function batchAt(db: Kysely<Tables>, index: bigint, epoch?: bigint): Promise<StoredBatch | undefined> {
  const row = await db
    .selectFrom('batch')
    .selectAll()
    .where('index', '=', `${index}`)
    .$if(epoch !== undefined, (query) => query.where('epoch', '=', `${epoch}`))
    .orderBy(sql`state = 'abandoned'`)
    .orderBy('epoch', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && batchOf(row)
}

/** The batch of an index that was not abandoned. */
export async function standingBatch(db: Kysely<Tables>, index: bigint): Promise<StoredBatch | undefined> {
  const found = await batchAt(db, index)
  return found?.state === 'abandoned' ? undefined : found
}

/** Sealed batches of an epoch that wait for their draw, in order. */
export async function undrawnBatches(db: Kysely<Tables>, epoch: bigint): Promise<StoredBatch[]> {
  const rows = await db
    .selectFrom('batch')
    .selectAll()
    .where('state', '=', 'sealed')
    .where('epoch', '=', `${epoch}`)
    .orderBy('index')
    .execute()
  return rows.map(batchOf)
}

/** Entries of some batches that stand and are not final, by batch and slot. */
export async function entriesOf(db: Kysely<Tables>, batches: readonly bigint[]): Promise<Entry[]> {
  if (batches.length === 0) return []
  const rows = await db
    .selectFrom('entry')
    .selectAll()
    .where('batch', 'in', batches.map(String))
    .where('void', '=', false)
    .orderBy('batch')
    .orderBy('slot')
    .execute()
  return rows.map(entryOf)
}

/** Of these commitments, the entries that were accepted, or wait for their draw, and still stand. */
export async function acceptedEntries(
  db: Kysely<Tables>,
  commitments: readonly bigint[],
): Promise<Map<bigint, Placement>> {
  if (commitments.length === 0) return new Map()
  const rows = await db
    .selectFrom('entry')
    .selectAll()
    .where('commitment', '=', sql<string>`any(${commitments.map(String)}::numeric[])`)
    .where(sql<boolean>`coalesce(outcome, assignment) > 0`)
    .where('void', '=', false)
    .execute()
  return new Map(rows.map(placementOf).map((entry) => [entry.commitment, entry]))
}

/** All rows of one commitment, oldest first. @param keyId only those of this key. */
export async function entriesFor(db: Kysely<Tables>, commitment: bigint, keyId?: string): Promise<Placement[]> {
  const rows = await db
    .selectFrom('entry')
    .selectAll()
    .where('commitment', '=', `${commitment}`)
    .$if(keyId !== undefined, (query) => query.where('key_id', '=', keyId ?? ''))
    .orderBy('epoch')
    .orderBy('batch')
    .execute()
  return rows.map(placementOf)
}

/** Some slots of a batch, in their order. @param epoch of the batch, where events tell it. */
export async function placementsAt(
  db: Kysely<Tables>,
  { index: batch, epoch }: { readonly index: bigint; readonly epoch?: bigint },
  slots: readonly number[],
): Promise<Placement[]> {
  const rows = await db
    .selectFrom('entry')
    .selectAll()
    .where('batch', '=', `${batch}`)
    .where('slot', 'in', [...slots])
    .$if(epoch !== undefined, (query) => query.where('epoch', '=', `${epoch}`))
    .orderBy('slot')
    .execute()
  return rows.map(placementOf)
}
