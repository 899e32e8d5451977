import { type Kysely, sql, type Transaction } from 'kysely'
import { SEGMENTS, SIDES } from '../../order/order.ts'
import type { BatchClosing, ClosedStatement } from '../batch-closing.ts'
import { sourcesOf } from '../batch-state.ts'
import { ServiceError } from '../errors.ts'
import type { JobQueue } from '../job-queue.ts'
import { notify } from '../notices.ts'
import type { BatchOpening, Entry, OpenBatch } from '../open-batch.ts'
import { entriesOf } from './lane-reads.ts'
import { openingRow, statementBytes, stateTexts } from './rows.ts'
import type { Tables } from './tables.ts'

/** What one turn of the router writes, all of it or nothing. */
export interface LaneChange {
  readonly opened: readonly BatchOpening[]
  readonly entries: readonly Entry[]
  readonly closed: readonly BatchClosing[]
  /** The batch that stays open. */
  readonly open: OpenBatch | undefined
}

/** States a closed batch, whose rows must say what was promised. @throws ConsistencyError BATCH_INCONSISTENT. */
export type StateBatch = (closing: BatchClosing, entries: readonly Entry[]) => ClosedStatement

/**
 * Commits one turn of the router.
 * @param term the lease's term that the turn was made under: the first statement locks the lane's row and checks it, so that a router which lost the lane writes nothing.
 * @throws ServiceError LEASE_LOST, ConsistencyError BATCH_INCONSISTENT.
 */
export function commitChange(
  db: Kysely<Tables>,
  queue: JobQueue,
  term: bigint,
  change: LaneChange,
  state: StateBatch,
): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await fence(tx, term, change.entries)
    await openBatches(tx, change)
    await insertEntries(tx, change.entries)
    if (change.closed.length > 0) await close(tx, queue, change.closed, state)
    const { open } = change
    if (open)
      await tx
        .updateTable('batch')
        .set({ count: open.count, deferred: open.deferred })
        .where('index', '=', `${open.opening.index}`)
        .where('epoch', '=', `${open.opening.epoch}`)
        .execute()
  })
}

async function fence(tx: Transaction<Tables>, term: bigint, entries: readonly Entry[]): Promise<void> {
  const accepted = entries.filter(({ assignment }) => assignment > 0).length
  const { numUpdatedRows } = await tx
    .updateTable('lane')
    .set({
      receipts: sql`receipts + ${entries.length}`,
      accepted: sql`accepted + ${accepted}`,
      deferred: sql`deferred + ${entries.length - accepted}`,
    })
    .where('term', '=', `${term}`)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows !== 1n) throw new ServiceError('LEASE_LOST', 'another router holds the lane')
}

/** At most one batch is open at any time, which an index watches over: those that this turn closes are marked before the next opens. */
async function openBatches(tx: Transaction<Tables>, { opened, closed }: LaneChange): Promise<void> {
  const closing = new Set(closed.map(({ opening }) => opening.index))
  if (closing.size > 0)
    await tx
      .updateTable('batch')
      .set({ state: 'closed' })
      .where('index', 'in', [...closing].map(String))
      .where('state', 'in', sourcesOf('closed', 'router'))
      .execute()
  if (opened.length === 0) return
  const rows = opened.map((opening) => ({
    ...openingRow(opening),
    state: closing.has(opening.index) ? ('closed' as const) : ('open' as const),
  }))
  await tx.insertInto('batch').values(rows).execute()
}

/** One statement for any number of rows: their columns travel as arrays. */
async function insertEntries(tx: Transaction<Tables>, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return
  const column = <T>(value: (entry: Entry) => T): T[] => entries.map(value)
  await sql`
    insert into entry (epoch, batch, slot, commitment, assignment, time, key_id, size, side, segment, details)
    select * from unnest(
      ${column(({ epoch }) => epoch)}::bigint[], ${column(({ batch }) => batch)}::bigint[], ${column(({ slot }) => slot)}::int[],
      ${column(({ commitment }) => commitment)}::numeric[], ${column(({ assignment }) => assignment)}::smallint[],
      ${column(({ time }) => time)}::bigint[], ${column(({ keyId }) => keyId)}::text[],
      ${column(({ order }) => order.size)}::bigint[], ${column(({ order }) => SIDES.indexOf(order.side))}::smallint[],
      ${column(({ order }) => SEGMENTS.indexOf(order.segment))}::smallint[], ${column(({ order }) => order.details)}::numeric[])
  `.execute(tx)
}

async function close(
  tx: Transaction<Tables>,
  queue: JobQueue,
  closed: readonly BatchClosing[],
  state: StateBatch,
): Promise<void> {
  const indices = closed.map(({ opening }) => opening.index)
  const rows = await entriesOf(tx, indices)
  for (const closing of closed) {
    const { index } = closing.opening
    const { words, hash } = state(
      closing,
      rows.filter(({ batch }) => batch === index),
    )
    await tx
      .updateTable('batch')
      .set({
        count: closing.count,
        deferred: closing.deferred,
        after: stateTexts(closing.after),
        blind_after: closing.blindAfter,
        state_after: closing.stateAfter,
        statement: statementBytes(words),
        statement_hash: hash,
      })
      .where('index', '=', `${index}`)
      .where('epoch', '=', `${closing.opening.epoch}`)
      .execute()
  }
  const jobs = await queue.sendAll(tx, indices)
  await tx
    .insertInto('proof')
    .values(jobs.map(({ id, batch }) => ({ batch, job: id, state: 'queued' as const })))
    .execute()
  await notify(tx, 'proof-wanted')
}
