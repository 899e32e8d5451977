import type { Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import { Uint } from '../../base/schema.ts'
import type { PreparedTransaction } from '../../chain/writer.ts'
import { shardCounts } from '../events.ts'
import { batchOf, type StoredBatch } from './rows.ts'
import type { SubmissionTable, Tables } from './tables.ts'
import { moveBatch } from './transitions.ts'

const Row = z.object({
  batch: Uint(63),
  nonce: z.int(),
  raw: z.string(),
  hash: z.string(),
  block_number: z.int().nullable(),
  block_hash: z.string().nullable(),
  gas_used: Uint(63).nullable(),
})

/** Where the chain took a transaction in. */
export interface Inclusion {
  readonly blockNumber: number
  readonly blockHash: string
  readonly gasUsed: bigint
}

/** A batch's transaction, and its block once it has one. */
export interface StoredSubmission extends PreparedTransaction {
  readonly batch: bigint
  readonly included?: Inclusion
}

function submissionOf(row: Selectable<SubmissionTable>): StoredSubmission {
  const { block_number: blockNumber, block_hash: blockHash, gas_used: gasUsed, ...rest } = Row.parse(row)
  const included =
    blockNumber !== null && blockHash !== null && gasUsed !== null ? { blockNumber, blockHash, gasUsed } : undefined
  return { ...rest, ...(included && { included }) }
}

export async function submissionFor(db: Kysely<Tables>, batch: bigint): Promise<StoredSubmission | undefined> {
  const row = await db.selectFrom('submission').selectAll().where('batch', '=', `${batch}`).executeTakeFirst()
  return row && submissionOf(row)
}

/** The batch whose turn it is on chain: the first that is not accepted. */
export async function firstUnaccepted(db: Kysely<Tables>): Promise<StoredBatch | undefined> {
  const row = await db
    .selectFrom('batch')
    .selectAll()
    .where('state', 'not in', ['accepted', 'final', 'abandoned'])
    .orderBy('index')
    .limit(1)
    .executeTakeFirst()
  return row && batchOf(row)
}

/** Keeps a transaction and marks its batch as sent, before it is. @returns false when the batch moved meanwhile. */
export function storeSubmission(
  db: Kysely<Tables>,
  batch: bigint,
  { nonce, raw, hash }: PreparedTransaction,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const moved = await moveBatch(tx, batch, 'sent', 'submitter')
    if (moved) await tx.insertInto('submission').values({ batch, nonce, raw, hash }).execute()
    return moved
  })
}

/** Forgets a transaction that cannot be mined any more; the batch needs a new one. */
export function dropSubmission(db: Kysely<Tables>, batch: bigint): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const moved = await moveBatch(tx, batch, 'proven', 'watcher')
    if (moved) await tx.deleteFrom('submission').where('batch', '=', `${batch}`).execute()
    return moved
  })
}

/** Sent batches, and accepted ones that are not final, with their transactions. */
export async function watched(
  db: Kysely<Tables>,
): Promise<{ submission: StoredSubmission; state: 'sent' | 'accepted' }[]> {
  const rows = await db
    .selectFrom('batch')
    .innerJoin('submission', 'submission.batch', 'batch.index')
    .selectAll('submission')
    .select('batch.state')
    .where('batch.state', 'in', ['sent', 'accepted'])
    .orderBy('batch.index')
    .execute()
  return rows.map((row) => ({ submission: submissionOf(row), state: row.state === 'sent' ? 'sent' : 'accepted' }))
}

/** Notes that the chain accepted a batch. @returns orders assigned to each shard, or `undefined` when the batch moved meanwhile. */
export function storeAcceptance(
  db: Kysely<Tables>,
  batch: bigint,
  { blockNumber, blockHash, gasUsed }: Inclusion,
  shards: number,
): Promise<number[] | undefined> {
  return db.transaction().execute(async (tx) => {
    if (!(await moveBatch(tx, batch, 'accepted', 'watcher', { failures: 0 }))) return undefined
    const included = { block_number: blockNumber, block_hash: blockHash, gas_used: gasUsed }
    await tx.updateTable('submission').set(included).where('batch', '=', `${batch}`).execute()
    const counts = await countShards(tx, batch, shards)
    await addToTotals(tx, counts, 1)
    return counts
  })
}

/** Notes that a reorg took an acceptance back; the same transaction will be sent again. */
export function revokeAcceptance(db: Kysely<Tables>, batch: bigint, shards: number): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await moveBatch(tx, batch, 'proven', 'watcher'))) return false
    const excluded = { block_number: null, block_hash: null, gas_used: null }
    await tx.updateTable('submission').set(excluded).where('batch', '=', `${batch}`).execute()
    await addToTotals(tx, await countShards(tx, batch, shards), -1)
    return true
  })
}

/**
 * accepted → final: no reorg brings the batch back, so nobody opens its commitments any more and its orders are erased. Receipts and status
 * need what stays. The database overwrites erased rows when it vacuums.
 * @returns false when the batch moved meanwhile.
 */
export function finalize(db: Kysely<Tables>, batch: bigint): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await moveBatch(tx, batch, 'final', 'watcher'))) return false
    const erased = { size: null, side: null, segment: null, details: null }
    await tx.updateTable('entry').set(erased).where('batch', '=', `${batch}`).execute()
    return true
  })
}

async function countShards(db: Kysely<Tables>, batch: bigint, shards: number): Promise<number[]> {
  const rows = await db.selectFrom('entry').select('assignment').where('batch', '=', `${batch}`).execute()
  return shardCounts(
    rows.map(({ assignment }) => assignment),
    shards,
  )
}

async function addToTotals(db: Kysely<Tables>, counts: readonly number[], sign: 1 | -1): Promise<void> {
  await db
    .insertInto('shard_total')
    .values(counts.map((count, shard) => ({ shard, assigned: BigInt(sign * count) })))
    .onConflict((conflict) =>
      conflict
        .column('shard')
        .doUpdateSet((eb) => ({ assigned: eb('shard_total.assigned', '+', eb.ref('excluded.assigned')) })),
    )
    .execute()
}
