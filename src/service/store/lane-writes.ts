import { type Kysely, sql, type Transaction } from 'kysely'
import { SEGMENTS, SIDES } from '../../order/order.ts'
import { SEALED_ASSIGNMENT } from '../../order/sealed-assignment.ts'
import { DEFERRED } from '../../route/route.ts'
import type { BatchState } from '../../statement/batch-state.ts'
import type { BatchClosing, BatchSealing, ClosedStatement } from '../batch-closing.ts'
import { ServiceError } from '../errors.ts'
import type { JobQueue } from '../job-queue.ts'
import { notify } from '../notices.ts'
import { type BatchPlace, type Entry, type OpenBatch, outcomeOf } from '../open-batch.ts'
import { entriesOf } from './lane-reads.ts'
import { basisRow, openingRow, type StoredSeal, statementBytes, stateTexts } from './rows.ts'
import type { Tables } from './tables.ts'
import { together } from './together.ts'
import { moveBatch } from './transitions.ts'

/** What one turn of the router writes, all of it or nothing. */
export interface LaneChange {
  readonly opened: readonly BatchPlace[]
  readonly entries: readonly Entry[]
  readonly closed: readonly BatchClosing[]
  readonly sealed: readonly BatchSealing[]
  /** The batch that stays open. */
  readonly open: OpenBatch | undefined
}

/** States a closed batch, whose rows must say what was promised. @throws ConsistencyError BATCH_INCONSISTENT. */
export type StateBatch = (closing: BatchClosing, entries: readonly Entry[]) => ClosedStatement

/** Seals a batch, whose rows must say what was promised. @throws ConsistencyError BATCH_INCONSISTENT. */
export type SealBatch = (sealing: BatchSealing, entries: readonly Entry[]) => StoredSeal

/** How the batches of a turn end. */
export interface BatchEnds {
  readonly state: StateBatch
  readonly seal: SealBatch
}

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
  { state, seal }: BatchEnds,
): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await fence(tx, term, countsOf(change.entries))
    await openBatches(tx, change)
    await insertEntries(tx, change.entries)
    if (change.sealed.length > 0) await sealAll(tx, change.sealed, seal)
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

/**
 * Commits the draw of a sealed batch: what it made of its orders, and the batch as one that closed.
 * @param term as of {@link commitChange}.
 * @returns false when the batch waits for no draw any more.
 * @throws ServiceError LEASE_LOST, ConsistencyError BATCH_INCONSISTENT.
 */
export function commitDraw(
  db: Kysely<Tables>,
  queue: JobQueue,
  term: bigint,
  closing: BatchClosing,
  state: StateBatch,
): Promise<boolean> {
  const { index, epoch } = closing.opening
  return together(db, async (tx) => {
    await fence(tx, term, { ...countsOf(closing.entries), receipts: 0 })
    if (!(await moveBatch(tx, index, 'closed', 'router', {}, 'sealed'))) return false
    await tx
      .updateTable('batch')
      .set(basisRow(closing.opening))
      .where('index', '=', `${index}`)
      .where('epoch', '=', `${epoch}`)
      .execute()
    await sql`
      update entry set outcome = drawn.outcome
        from unnest(${closing.entries.map(({ slot }) => slot)}::int[], ${closing.entries.map(outcomeOf)}::smallint[]) as drawn (slot, outcome)
        where entry.batch = ${index}::bigint and entry.epoch = ${epoch}::bigint and entry.slot = drawn.slot
    `.execute(tx)
    await close(tx, queue, [closing], state)
    return true
  })
}

/** Receipts of some entries, in all and by outcome; sealed ones have none yet. */
function countsOf(entries: readonly Entry[]) {
  const accepted = entries.filter(({ assignment }) => assignment > 0 && assignment !== SEALED_ASSIGNMENT).length
  const deferred = entries.filter(({ assignment }) => assignment === DEFERRED).length
  return { receipts: entries.length, accepted, deferred }
}

/** Locks the lane for the transaction, and counts what it adds. @throws ServiceError LEASE_LOST for a term that is over. */
export async function fence(
  tx: Transaction<Tables>,
  term: bigint,
  { receipts, accepted, deferred } = countsOf([]),
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('lane')
    .set({
      receipts: sql`receipts + ${receipts}`,
      accepted: sql`accepted + ${accepted}`,
      deferred: sql`deferred + ${deferred}`,
    })
    .where('term', '=', `${term}`)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows !== 1n) throw new ServiceError('LEASE_LOST', 'another router holds the lane')
}

/** At most one batch is open at any time, which an index watches over: those that this turn closes are marked before the next opens. */
async function openBatches(tx: Transaction<Tables>, { opened, closed, sealed }: LaneChange): Promise<void> {
  const to: BatchState = sealed.length > 0 ? 'sealed' : 'closed'
  const closing = new Set([...closed, ...sealed].map(({ opening }) => opening.index))
  if (closing.size > 0)
    await tx
      .updateTable('batch')
      .set({ state: to })
      .where('index', 'in', [...closing].map(String))
      .where('state', '=', 'open')
      .execute()
  if (opened.length === 0) return
  const rows = opened.map((opening) => ({
    ...openingRow(opening),
    state: closing.has(opening.index) ? to : ('open' as const),
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

async function sealAll(tx: Transaction<Tables>, sealed: readonly BatchSealing[], seal: SealBatch): Promise<void> {
  const rows = await entriesOf(
    tx,
    sealed.map(({ opening }) => opening.index),
  )
  for (const sealing of sealed) {
    const { index, epoch } = sealing.opening
    const { hash, signature } = seal(
      sealing,
      rows.filter(({ batch }) => batch === index),
    )
    await tx
      .updateTable('batch')
      .set({ count: sealing.count, seal_hash: hash, seal_signature: signature })
      .where('index', '=', `${index}`)
      .where('epoch', '=', `${epoch}`)
      .execute()
  }
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
