import type { Kysely } from 'kysely'
import { z } from 'zod'
import { at } from '../../base/at.ts'
import type { Hex32 } from '../../base/keccak.ts'
import { Uint } from '../../base/schema.ts'
import type { PreparedTransaction } from '../../chain/writer.ts'
import { shardCounts } from '../events.ts'
import { batchOf, type StoredBatch } from './rows.ts'
import type { Tables } from './tables.ts'
import { together } from './together.ts'
import { moveBatch } from './transitions.ts'

const Row = z.object({
  batch: Uint(63),
  nonce: z.int(),
  raw: z.string().nullable(),
  hash: z.string(),
  block_number: z.int().nullable(),
  block_hash: z.string().nullable(),
  gas_used: Uint(63).nullable(),
})

/** Where the chain took a transaction in. */
export interface Inclusion {
  readonly blockNumber: number
  readonly blockHash: string
  /** Of the whole transaction; of a stored one, the batch's part. */
  readonly gasUsed: bigint
}

/** A batch's transaction, and its block once it has one. */
export interface StoredSubmission {
  readonly hash: Hex32
  /** `undefined` when somebody else sent it. */
  readonly raw: string | undefined
  /** The batches that it carries, in order; they move together. */
  readonly batches: readonly bigint[]
  readonly included?: Inclusion
}

/** The transaction of a batch, with all batches that it carries; `undefined` before there is one, and when it was forgotten. */
export async function submissionFor(db: Kysely<Tables>, batch: bigint): Promise<StoredSubmission | undefined> {
  const found = await db
    .selectFrom('submission')
    .selectAll()
    .where('hash', 'in', (eb) => eb.selectFrom('submission').select('hash').where('batch', '=', `${batch}`))
    .orderBy('batch')
    .execute()
  const rows = found.map((row) => Row.parse(row))
  const own = rows.find((row) => row.batch === batch)
  return own && submissionOf(own, rows)
}

function submissionOf(own: z.infer<typeof Row>, rows: readonly z.infer<typeof Row>[]): StoredSubmission {
  const { hash, block_number: blockNumber, block_hash: blockHash, gas_used: gasUsed } = own
  const included =
    blockNumber !== null && blockHash !== null && gasUsed !== null ? { blockNumber, blockHash, gasUsed } : undefined
  const raw = rows.find((row) => row.raw !== null)?.raw ?? undefined
  return { hash, raw, batches: rows.map((row) => row.batch), ...(included && { included }) }
}

/** The batches whose turn it is on chain, in order: the first that is not accepted, and those behind it. */
export async function firstUnaccepted(db: Kysely<Tables>, limit: number): Promise<StoredBatch[]> {
  const rows = await db
    .selectFrom('batch')
    .selectAll()
    .where('state', 'not in', ['accepted', 'final', 'abandoned'])
    .orderBy('index')
    .limit(limit)
    .execute()
  return rows.map(batchOf)
}

/** Keeps a transaction and marks its batches as sent, before it is. @returns false when one of them moved meanwhile. */
export function storeSubmission(
  db: Kysely<Tables>,
  batches: readonly bigint[],
  { nonce, raw, hash }: PreparedTransaction,
): Promise<boolean> {
  return together(db, async (tx) => {
    for (const batch of batches) if (!(await moveBatch(tx, batch, 'sent', 'submitter'))) return false
    const rows = batches.map((batch, i) => ({ batch, nonce, raw: i === 0 ? raw : null, hash }))
    await tx.insertInto('submission').values(rows).execute()
    return true
  })
}

/** Keeps a transaction in place of one that carries the same batches, before it is sent. @returns false when that one is not waiting any more. */
export function replaceSubmission(
  db: Kysely<Tables>,
  { hash: old, batches }: StoredSubmission,
  { raw, hash }: PreparedTransaction,
): Promise<boolean> {
  return together(db, async (tx) => {
    const { count } = await tx
      .selectFrom('batch')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('index', 'in', batches.map(String))
      .where('state', '=', 'sent')
      .executeTakeFirstOrThrow()
    if (Number(count) !== batches.length) return false
    await tx.updateTable('submission').set({ raw }).where('hash', '=', old).where('raw', 'is not', null).execute()
    const { numUpdatedRows } = await tx
      .updateTable('submission')
      .set({ hash })
      .where('hash', '=', old)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === BigInt(batches.length)
  })
}

/** Marks the batches of a stored transaction as sent once more. @returns false when one of them moved meanwhile. */
export function sendAgain(db: Kysely<Tables>, { batches }: StoredSubmission): Promise<boolean> {
  return together(db, async (tx) => {
    for (const batch of batches) if (!(await moveBatch(tx, batch, 'sent', 'submitter'))) return false
    return true
  })
}

/** Takes a transaction that somebody else sent for the batch's own, as if it had just been sent. @returns false when the batch moved meanwhile. */
export function adoptTransaction(db: Kysely<Tables>, batch: bigint, hash: Hex32): Promise<boolean> {
  return together(db, async (tx) => {
    if (!(await moveBatch(tx, batch, 'sent', 'submitter'))) return false
    await tx.insertInto('submission').values({ batch, nonce: 0, raw: null, hash }).execute()
    return true
  })
}

/** Forgets a transaction that cannot be mined any more; its batches need a new one. @returns false when one of them moved meanwhile. */
export function dropSubmission(db: Kysely<Tables>, { batches, hash }: TransactionOf): Promise<boolean> {
  return together(db, async (tx) => {
    for (const batch of batches) if (!(await moveBatch(tx, batch, 'proven', 'watcher', {}, 'sent'))) return false
    await forgetTransaction(tx, hash)
    return true
  })
}

/** Forgets the bytes of batches that are proven, and not sent. */
export async function forgetTransaction(db: Kysely<Tables>, hash: Hex32): Promise<void> {
  await db.deleteFrom('submission').where('hash', '=', hash).execute()
}

/** A transaction with the batches that it carries. */
export type TransactionOf = Pick<StoredSubmission, 'hash' | 'batches'>

/** A transaction that is followed; its batches are all in the same state. */
export interface Watched extends TransactionOf {
  readonly state: 'sent' | 'accepted'
  readonly blockHash: Hex32 | undefined
}

/** Transactions of sent batches, and of accepted ones that are not final, in the order of their batches. */
export async function watched(db: Kysely<Tables>): Promise<Watched[]> {
  const rows = await db
    .selectFrom('batch')
    .innerJoin('submission', 'submission.batch', 'batch.index')
    .select(['submission.batch', 'submission.hash', 'submission.block_hash', 'batch.state'])
    .where('batch.state', 'in', ['sent', 'accepted'])
    .orderBy('batch.index')
    .execute()
  const found = new Map<Hex32, Watched & { readonly batches: bigint[] }>()
  for (const { hash, batch, block_hash, state } of rows) {
    const known = found.get(hash)
    if (known) known.batches.push(BigInt(batch))
    else
      found.set(hash, {
        hash,
        batches: [BigInt(batch)],
        state: state === 'sent' ? 'sent' : 'accepted',
        blockHash: block_hash ?? undefined,
      })
  }
  return [...found.values()]
}

/** What an accepted batch did and cost. */
export interface AcceptedShare {
  /** Orders assigned to each shard. */
  readonly counts: readonly number[]
  readonly gasUsed: bigint
}

/** Notes that the chain accepted the batches of a transaction. @returns each one's share, or `undefined` when one of them moved meanwhile. */
export async function storeAcceptance(
  db: Kysely<Tables>,
  batches: readonly bigint[],
  { blockNumber, blockHash, gasUsed: used }: Inclusion,
  shards: number,
): Promise<AcceptedShare[] | undefined> {
  const shares: AcceptedShare[] = []
  const n = BigInt(batches.length)
  const stored = await together(db, async (tx) => {
    for (const [i, batch] of batches.entries()) {
      if (!(await moveBatch(tx, batch, 'accepted', 'watcher', { failures: 0 }))) return false
      const gasUsed = used / n + (i === 0 ? used % n : 0n)
      const included = { block_number: blockNumber, block_hash: blockHash, gas_used: gasUsed }
      await tx.updateTable('submission').set(included).where('batch', '=', `${batch}`).execute()
      shares.push({ counts: await countShards(tx, batch, shards), gasUsed })
    }
    await addToTotals(tx, sumOf(shares), 1)
    return true
  })
  return stored ? shares : undefined
}

/** Notes that a reorg took an acceptance back; the same transaction will be sent again. */
export function revokeAcceptance(
  db: Kysely<Tables>,
  { hash, batches }: TransactionOf,
  shards: number,
): Promise<boolean> {
  return together(db, async (tx) => {
    const counts = await Promise.all(batches.map((batch) => countShards(tx, batch, shards)))
    for (const batch of batches) if (!(await moveBatch(tx, batch, 'proven', 'watcher', {}, 'accepted'))) return false
    const excluded = { block_number: null, block_hash: null, gas_used: null }
    await tx.updateTable('submission').set(excluded).where('hash', '=', hash).execute()
    await addToTotals(tx, sumOf(counts.map((each) => ({ counts: each }))), -1)
    return true
  })
}

/**
 * accepted → final: no reorg brings the batches back, so nobody opens their commitments any more and their orders are erased. Receipts and status
 * need what stays. The database overwrites erased rows when it vacuums.
 * @returns false when a batch moved meanwhile.
 */
export function finalize(db: Kysely<Tables>, batches: readonly bigint[]): Promise<boolean> {
  return together(db, async (tx) => {
    for (const batch of batches) if (!(await moveBatch(tx, batch, 'final', 'watcher'))) return false
    const erased = { size: null, side: null, segment: null, details: null }
    await tx
      .updateTable('entry')
      .set(erased)
      .where('batch', 'in', batches.map(String))
      .where('void', '=', false)
      .execute()
    return true
  })
}

const sumOf = (shares: readonly Pick<AcceptedShare, 'counts'>[]): number[] =>
  at(shares, 0).counts.map((_, shard) => shares.reduce((sum, { counts }) => sum + (counts[shard] ?? 0), 0))

async function countShards(db: Kysely<Tables>, batch: bigint, shards: number): Promise<number[]> {
  const rows = await db
    .selectFrom('entry')
    .select(['assignment', 'outcome'])
    .where('batch', '=', `${batch}`)
    .where('void', '=', false)
    .execute()
  return shardCounts(
    rows.map(({ assignment, outcome }) => outcome ?? assignment),
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
