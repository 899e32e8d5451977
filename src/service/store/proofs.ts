import type { Kysely, Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import type { Hex32 } from '../../base/keccak.ts'
import { FieldElement, Uint } from '../../base/schema.ts'
import type { Binding } from '../../statement/binding.ts'
import { PROOF_JOB_STATES, type ProofJob } from '../api.ts'
import type { HeldJob } from '../job-queue.ts'
import type { ProofTable, Tables } from './tables.ts'
import { countFailure, moveBatch } from './transitions.ts'

const Row = z.object({
  batch: Uint(63),
  job: z.string(),
  state: z.enum(PROOF_JOB_STATES),
  attempt: z.int(),
  error: z.string().nullable(),
  witness_ms: z.number().nullable(),
  prove_ms: z.number().nullable(),
})
const Result = z.object({
  digest: FieldElement,
  alpha: FieldElement,
  y: FieldElement,
  beneficiary: z.string(),
  verifier_id: z.string(),
  words: z.array(Uint(256)).length(8),
})

/** A proof with what it is bound to. */
export interface StoredProof extends Binding {
  readonly beneficiary: string
  readonly verifierId: Hex32
  readonly words: readonly bigint[]
}

/** What is known of a batch's proof. */
export interface ProofRecord {
  readonly job: ProofJob
  readonly proof?: StoredProof
}

function recordOf(row: Selectable<ProofTable>): ProofRecord {
  const { batch, job, state, attempt, error, witness_ms: witnessMs, prove_ms: proveMs } = Row.parse(row)
  const facts: ProofJob = {
    id: job,
    batchIndex: batch,
    state,
    attempts: attempt,
    ...(error === null ? {} : { error }),
    ...(witnessMs === null ? {} : { witnessMs }),
    ...(proveMs === null ? {} : { proveMs }),
  }
  if (state !== 'done') return { job: facts }
  const { verifier_id: verifierId, ...proof } = Result.parse(row)
  return { job: facts, proof: { ...proof, verifierId } }
}

/** The latest job for a batch, and its proof once it is done; `undefined` where nobody asked yet. */
export async function proofOf(db: Kysely<Tables>, batch: bigint): Promise<ProofRecord | undefined> {
  const row = await db.selectFrom('proof').selectAll().where('batch', '=', `${batch}`).executeTakeFirst()
  return row && recordOf(row)
}

/** @param job a UUID. */
export async function proofByJob(db: Kysely<Tables>, job: string): Promise<ProofRecord | undefined> {
  const row = await db.selectFrom('proof').selectAll().where('job', '=', job).executeTakeFirst()
  return row && recordOf(row)
}

/** Marks an attempt as running. @returns false when it is stale: done already, or a later attempt runs. */
export async function beginAttempt(db: Kysely<Tables>, { id, attempt }: HeldJob): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('proof')
    .set({ state: 'running', attempt })
    .where('job', '=', id)
    .where('attempt', '<', attempt)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Stores a proof, unless a later attempt has begun. @returns whether it was stored. */
export async function storeProof(
  db: Kysely<Tables>,
  { id, attempt }: HeldJob,
  proof: StoredProof & { readonly witnessMs: number; readonly proveMs: number },
): Promise<boolean> {
  const { digest, alpha, y, beneficiary } = proof
  const { numUpdatedRows } = await db
    .updateTable('proof')
    .set({
      ...{ state: 'done', error: null, digest, alpha, y, beneficiary },
      verifier_id: proof.verifierId,
      words: JSON.stringify(proof.words.map(String)),
      witness_ms: proof.witnessMs,
      prove_ms: proof.proveMs,
    })
    .where('job', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Ends an attempt without a proof. @param state `queued` to try again. @param error its code, if it failed. */
export async function endAttempt(
  db: Kysely<Tables>,
  { id, attempt }: HeldJob,
  state: 'queued' | 'failed',
  error?: string,
): Promise<void> {
  await db
    .updateTable('proof')
    .set({ state, ...(error === undefined ? {} : { error }) })
    .where('job', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '=', 'running')
    .execute()
}

/** Marks a job as cancelled while it waits or runs. @returns false when it was over, or is not there. */
export async function markCancelled(db: Kysely<Tables>, job: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('proof')
    .set({ state: 'cancelled' })
    .where('job', '=', job)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Whether a cancelled job waits for a closed batch to be asked for; its row stays locked until the transaction ends. */
export async function isCancelledFor(tx: Transaction<Tables>, batch: bigint): Promise<boolean> {
  const row = await tx
    .selectFrom('proof')
    .innerJoin('batch', 'batch.index', 'proof.batch')
    .select('proof.job')
    .where('proof.batch', '=', `${batch}`)
    .where('proof.state', '=', 'cancelled')
    .where('batch.state', '=', 'closed')
    .forUpdate('proof')
    .executeTakeFirst()
  return row !== undefined
}

/** Puts a new job in the place of a batch's cancelled one. */
export async function replaceJob(tx: Transaction<Tables>, batch: bigint, job: string): Promise<void> {
  const fresh = { job, state: 'queued' as const, attempt: 0, error: null }
  await tx.updateTable('proof').set(fresh).where('batch', '=', `${batch}`).execute()
}

/**
 * Ends an attempt that failed and, with the last that is allowed, quarantines its batch: in one transaction, as a batch without a job that nobody
 * quarantined would wait for ever.
 * @returns what became of the batch; `moved` when it was no longer closed.
 */
export function failAttempt(
  db: Kysely<Tables>,
  job: HeldJob,
  code: string,
): Promise<'again' | 'quarantined' | 'moved'> {
  return db.transaction().execute(async (tx) => {
    const last = await countFailure(tx, job.batch)
    await endAttempt(tx, job, last ? 'failed' : 'queued', code)
    if (!last) return 'again'
    return (await moveBatch(tx, job.batch, 'quarantined', 'prover', { reason: code })) ? 'quarantined' : 'moved'
  })
}
