import { type Kysely, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { Uint } from '../../base/schema.ts'
import { BATCH_STATES } from '../../statement/batch-state.ts'
import { type BatchChange, PROOF_JOB_STATES, type ProofJob } from '../api.ts'
import type { Tables } from './tables.ts'

/** Written by triggers alone (migration 0006). */
type EventTables = {
  event_head: { id: number; last: string }
  event: {
    id: string
    kind: string
    batch: string
    epoch: string | null
    holder: string | null
    slots: number[] | null
    facts: unknown
  }
}

/** An event as it is stored: of receipts only where their rows are. */
export type StoredEvent = { readonly id: bigint } & (
  | { readonly kind: 'batch'; readonly batch: BatchChange }
  | { readonly kind: 'proof'; readonly job: ProofJob }
  | {
      readonly kind: 'receipts'
      readonly index: bigint
      /** Of events since it is kept. */
      readonly epoch?: bigint
      readonly holder: string
      readonly slots: readonly number[]
    }
)

const BatchFacts = z.object({
  epoch: Uint(63),
  index: Uint(63),
  state: z.enum(BATCH_STATES),
  time: Uint(63),
  count: z.int(),
  deferred: z.int(),
})
const ProofFacts = z.object({
  id: z.string(),
  batchIndex: Uint(63),
  state: z.enum(PROOF_JOB_STATES),
  attempts: z.int(),
  error: z.string().optional(),
  witnessMs: z.number().optional(),
  proveMs: z.number().optional(),
})
const Receipts = z.object({ batch: Uint(63), epoch: Uint(63).nullable(), holder: z.string(), slots: z.array(z.int()) })
const Id = Uint(63)

function eventOf(row: Selectable<EventTables['event']>): StoredEvent {
  const id = Id.parse(row.id)
  if (row.kind === 'batch') return { id, kind: 'batch', batch: BatchFacts.parse(row.facts) }
  if (row.kind === 'proof') return { id, kind: 'proof', job: withoutUndefined(ProofFacts.parse(row.facts)) }
  const { batch: index, epoch, holder, slots } = Receipts.parse(row)
  return { id, kind: 'receipts', index, ...(epoch !== null && { epoch }), holder, slots }
}

/** The id of the newest event; 0 before the first. */
export async function lastEventId(db: Kysely<Tables>): Promise<bigint> {
  const row = await tablesOf(db).selectFrom('event_head').select('last').executeTakeFirstOrThrow()
  return Id.parse(row.last)
}

/** Events after an id, oldest first. */
export async function eventsAfter(db: Kysely<Tables>, after: bigint, limit: number): Promise<StoredEvent[]> {
  const rows = await tablesOf(db)
    .selectFrom('event')
    .select(['id', 'kind', 'batch', 'epoch', 'holder', 'slots', 'facts'])
    .where('id', '>', `${after}`)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(eventOf)
}

/** Deletes all but the newest events. */
export async function pruneEvents(db: Kysely<Tables>, keep: number): Promise<void> {
  await tablesOf(db)
    .deleteFrom('event')
    .where('id', '<=', sql<string>`(select last from event_head) - ${keep}`)
    .execute()
}

const tablesOf = (db: Kysely<Tables>): Kysely<EventTables> => db.withTables<EventTables>()

const withoutUndefined = ({ error, witnessMs, proveMs, ...job }: z.infer<typeof ProofFacts>): ProofJob => ({
  ...job,
  ...(error === undefined ? {} : { error }),
  ...(witnessMs === undefined ? {} : { witnessMs }),
  ...(proveMs === undefined ? {} : { proveMs }),
})
