import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { ShapeError } from '../base/error.ts'
import type { Hex32 } from '../base/keccak.ts'
import { genesisStates } from '../route/state.ts'
import { isAccepted } from '../statement/batch-state.ts'
import {
  type Head,
  headHash,
  inclusionPath,
  orderRoot,
  type RecordParts,
  recordHash,
  termsHash,
} from '../statement/record.ts'
import { decodeStatement, type Statement } from '../statement/statement.ts'
import type { BatchBundle, BatchSummary, Caller, OrderStatus, ShardView } from './api.ts'
import type { LaneContext } from './lane-context.ts'
import type { EpochSigner } from './receipt-signer.ts'
import { batchAt, entriesFor } from './store/lane-reads.ts'
import { proofOf } from './store/proofs.ts'
import { batchOf, type StoredBatch } from './store/rows.ts'
import { type StoredSubmission, submissionFor } from './store/submissions.ts'
import type { Tables } from './store/tables.ts'

type Views = { readonly db: Kysely<Tables>; readonly context: LaneContext }

const summaryOf = ({ opening, state, count, deferred }: StoredBatch, sent?: StoredSubmission): BatchSummary => ({
  ...{ epoch: opening.epoch, index: opening.index, state, time: opening.time },
  ...{ count, deferred, circuit: opening.circuit },
  ...(sent && { transaction: sent.hash }),
  ...(sent?.included && { gasUsed: sent.included.gasUsed }),
})

/** Newest first. */
export async function batchPage({ db }: Views, page: { before?: bigint; limit: number }): Promise<BatchSummary[]> {
  const { before, limit } = page
  const rows = await db
    .selectFrom('batch')
    .selectAll()
    .$if(before !== undefined, (query) => query.where('index', '<', `${before}`))
    .orderBy('index', 'desc')
    .limit(Math.min(100, limit))
    .execute()
  const batches = rows.map(batchOf)
  const sent = await Promise.all(
    batches.map(({ opening, state }) => (state === 'abandoned' ? undefined : submissionFor(db, opening.index))),
  )
  return batches.map((batch, i) => summaryOf(batch, sent[i]))
}

/** The ledger's head after a batch. */
export const headAfter = ({ opening, count, closing }: StoredBatch): Head => ({
  epoch: opening.epoch,
  nextIndex: opening.index + 1n,
  state: stateAfter(closing),
  time: opening.time,
  orderCounter: opening.orderCounter + BigInt(count),
  counters: opening.counters,
})

function stateAfter(closing: StoredBatch['closing']): bigint {
  if (closing) return closing.stateAfter
  throw new ShapeError('SHAPE_MISMATCH', 'there is no head after a batch that is not closed')
}

/** What the ledger records of a batch; its terms name the account that is paid for the proof, so that they are known once there is one. */
export function recordOf(batch: StoredBatch, statement: Statement, hash: Hex32, beneficiary: string | undefined) {
  const head = headHash(headAfter(batch))
  const parts = { orderRoot: orderRoot(statement), statementHash: hash, head }
  if (beneficiary === undefined) return parts
  const opened: RecordParts = { ...parts, terms: termsHash(statement, beneficiary) }
  return { ...opened, record: recordHash(opened) }
}

/** Everything public about a batch, as far as it has come. */
export async function bundleOf({ db, context }: Views, index: bigint): Promise<BatchBundle | undefined> {
  const batch = await batchAt(db, index)
  if (!batch) return undefined
  const found = batch.state === 'abandoned' ? undefined : await proofOf(db, index)
  const bundle = { ...summaryOf(batch), ...context.domain, signer: context.signer }
  const { closing, signature } = batch
  if (!closing) return bundle
  const statement = decodeStatement(context.circuit.shape, closing.words)
  return {
    ...bundle,
    statement,
    ...recordOf(batch, statement, closing.hash, found?.proof?.beneficiary),
    ...(signature !== undefined && { signature }),
    ...(found?.proof && { proof: found.proof }),
  }
}

/** What is known of one commitment, to one reader or to all; the inclusion path once its batch is accepted. */
export async function statusOf(
  { db, context, signer }: Views & { readonly signer: EpochSigner },
  commitment: bigint,
  reader?: Pick<Caller, 'keyId'>,
): Promise<OrderStatus | undefined> {
  const entries = await entriesFor(db, commitment, reader?.keyId)
  if (entries.length === 0) return undefined
  const rows = entries.map(async (entry) => {
    const batch = await batchAt(db, entry.batch, entry.epoch)
    const receipt = signer.receipt(entry)
    const batchState = batch?.state ?? 'open'
    const known = { receipt, batchState, ...(entry.outcome !== undefined && { outcome: entry.outcome }) }
    if (!batch?.closing || !isAccepted(batchState)) return known
    const statement = decodeStatement(context.circuit.shape, batch.closing.words)
    const path = inclusionPath(statement, entry.slot)
    const found = await proofOf(db, entry.batch)
    const parts = recordOf(batch, statement, batch.closing.hash, found?.proof?.beneficiary)
    if (!('record' in parts)) return known
    const { orderRoot, record } = parts
    return { ...known, inclusion: { orderRoot, path, record } }
  })
  return { commitment, entries: await Promise.all(rows) }
}

/** The shards as published with the last closed batch. */
export async function shardViews({ db, context }: Views): Promise<ShardView[]> {
  const { policy, circuit } = context
  const [row, totals] = await Promise.all([
    db
      .selectFrom('batch')
      .selectAll()
      .where('statement', 'is not', null)
      .where('state', '!=', 'abandoned')
      .orderBy('index', 'desc')
      .limit(1)
      .executeTakeFirst(),
    db
      .selectFrom('shard_total')
      .select(['shard', sql<string>`assigned`.as('assigned')])
      .execute(),
  ])
  const words = row && batchOf(row).closing?.words
  const genesis = genesisStates(policy.shards.length)
  const { fees, open } = words
    ? decodeStatement(circuit.shape, words)
    : { fees: genesis.map(({ fee }) => fee), open: genesis.map((state) => state.open) }
  const assigned = new Map(totals.map((total) => [total.shard, Number(total.assigned)]))
  return policy.settlements.map((settlement, shard) => ({
    shard,
    open: open[shard] ?? false,
    fee: fees[shard] ?? 0n,
    settlement,
    assigned: assigned.get(shard) ?? 0,
  }))
}
