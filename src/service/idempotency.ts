import { randomUUID } from 'node:crypto'
import type { ColumnType, Kysely } from 'kysely'
import { CodedError } from '../base/error.ts'
import type { Tables } from './store/tables.ts'

/**
 * - `IDEMPOTENCY_MISMATCH`: the key was used for another request.
 * - `IDEMPOTENCY_IN_PROGRESS`: the same request runs at this moment.
 */
export class IdempotencyError extends CodedError<'IDEMPOTENCY_MISMATCH' | 'IDEMPOTENCY_IN_PROGRESS'> {}

/** `status`, `location` and `body` are null while the request runs. */
type IdempotencyTables = {
  idempotency: {
    key_id: string
    idempotency_key: string
    fingerprint: string
    /** Who runs it: a run that lost its claim can no longer write. */
    run_id: string
    /** ms since the Unix epoch; the driver gives bigint columns as text and compares them with numbers. */
    claimed_ms: ColumnType<string | number, number, number>
    status: number | null
    location: string | null
    body: string | null
  }
}

/** An answer as it is kept: receipts and commitments, nothing private. */
export interface StoredAnswer {
  readonly status: number
  readonly location?: string
  /** JSON text. */
  readonly body: string
}

/** One request under one caller's idempotency key. */
export interface IdempotentRequest {
  readonly keyId: string
  readonly idempotencyKey: string
  /** Equal for equal requests; tells nothing of the body to who reads the store. */
  readonly fingerprint: string
}

/** What the HTTP edge needs of the store of answers. */
export interface IdempotencyStore {
  /**
   * Answers from the store, or runs and keeps what the run gives back.
   * @param keep whether the answer is worth keeping; when not, the key is free again, as it is when `run` throws.
   * @throws IdempotencyError IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_PROGRESS.
   */
  once<A extends StoredAnswer>(
    request: IdempotentRequest,
    run: () => Promise<A>,
    keep: (answer: A) => boolean,
  ): Promise<{ readonly replayed: boolean; readonly answer: A | StoredAnswer }>
}

interface IdempotencyOptions {
  /** How long an answer is kept. Default: 24 hours. */
  readonly retentionMs?: number
  /** After which a claim without an answer counts as left by a dead process. Default: one minute, above every request time-out. */
  readonly claimMs?: number
  readonly now?: () => number
}

/**
 * Answers by idempotency key, durable in the store.
 *
 * A process that dies between its work and its answer leaves a claim without an answer; when that has run out, or the next process that is alone on
 * the store has freed it, the same request runs again. That is safe: an order is accepted once by its commitment, so the second run finds the receipt that stands.
 */
export class Idempotency implements IdempotencyStore {
  readonly #db: Kysely<Tables & IdempotencyTables>
  readonly #retentionMs: number
  readonly #claimMs: number
  readonly #now: () => number
  #nextSweepMs = 0

  constructor(db: Kysely<Tables>, options: IdempotencyOptions = {}) {
    this.#db = db.withTables<IdempotencyTables>()
    this.#retentionMs = options.retentionMs ?? 24 * 3_600_000
    this.#claimMs = options.claimMs ?? 60_000
    this.#now = options.now ?? Date.now
  }

  async once<A extends StoredAnswer>(
    request: IdempotentRequest,
    run: () => Promise<A>,
    keep: (answer: A) => boolean,
  ): Promise<{ readonly replayed: boolean; readonly answer: A | StoredAnswer }> {
    await this.#sweepNowAndThen()
    const runId = randomUUID()
    const stored = await this.#claim(request, runId)
    if (stored) return { replayed: true, answer: stored }
    try {
      const answer = await run()
      await (keep(answer) ? this.#store(request, runId, answer) : this.#free(request, runId))
      return { replayed: false, answer }
    } catch (error) {
      // The error counts; a claim that cannot be freed runs out.
      await this.#free(request, runId).catch(() => {})
      throw error
    }
  }

  /**
   * Frees what dead runs left claimed, so that whoever sends again need not wait for the claims to run out. Only where no other process uses the
   * store. @returns how many.
   */
  async freeAbandoned(): Promise<number> {
    const { numDeletedRows } = await this.#db.deleteFrom('idempotency').where('status', 'is', null).executeTakeFirst()
    return Number(numDeletedRows)
  }

  /** Deletes answers past their retention. @returns how many. */
  async sweep(): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('idempotency')
      .where('claimed_ms', '<', this.#now() - this.#retentionMs)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }

  /** Takes the key for this run, or gives the answer that is there. */
  async #claim(request: IdempotentRequest, runId: string): Promise<StoredAnswer | undefined> {
    const now = this.#now()
    const { keyId: key_id, idempotencyKey: idempotency_key, fingerprint } = request
    const claim = { fingerprint, run_id: runId, claimed_ms: now, status: null, location: null, body: null }
    const row = await this.#db
      .insertInto('idempotency')
      .values({ key_id, idempotency_key, ...claim })
      .onConflict((conflict) =>
        conflict
          .columns(['key_id', 'idempotency_key'])
          .doUpdateSet(claim)
          // Past retention the key is free; a claim without an answer is free, for the same request, once it has run out.
          .where((eb) =>
            eb.or([
              eb('idempotency.claimed_ms', '<', now - this.#retentionMs),
              eb.and([
                eb('idempotency.status', 'is', null),
                eb('idempotency.fingerprint', '=', fingerprint),
                eb('idempotency.claimed_ms', '<', now - this.#claimMs),
              ]),
            ]),
          ),
      )
      .returning('run_id')
      .executeTakeFirst()
    return row ? undefined : this.#answerOf(request)
  }

  async #answerOf(request: IdempotentRequest): Promise<StoredAnswer> {
    const row = await this.#db
      .selectFrom('idempotency')
      .selectAll()
      .where('key_id', '=', request.keyId)
      .where('idempotency_key', '=', request.idempotencyKey)
      .executeTakeFirst()
    if (row && row.fingerprint !== request.fingerprint)
      throw new IdempotencyError('IDEMPOTENCY_MISMATCH', 'the idempotency key was used for another request')
    // No row: the other run has just freed the key. To come again is right then, too.
    if (!row || row.status === null || row.body === null)
      throw new IdempotencyError('IDEMPOTENCY_IN_PROGRESS', 'the same request is being worked on')
    const { status, body, location } = row
    return { status, body, ...(location === null ? {} : { location }) }
  }

  async #store(request: IdempotentRequest, runId: string, answer: StoredAnswer): Promise<void> {
    await this.#db
      .updateTable('idempotency')
      .set({ status: answer.status, location: answer.location ?? null, body: answer.body })
      .where('key_id', '=', request.keyId)
      .where('idempotency_key', '=', request.idempotencyKey)
      .where('run_id', '=', runId)
      .execute()
  }

  async #free(request: IdempotentRequest, runId: string): Promise<void> {
    await this.#db
      .deleteFrom('idempotency')
      .where('key_id', '=', request.keyId)
      .where('idempotency_key', '=', request.idempotencyKey)
      .where('run_id', '=', runId)
      .execute()
  }

  /** At most once a minute, on the way of a request: no timer to stop. */
  async #sweepNowAndThen(): Promise<void> {
    if (this.#now() < this.#nextSweepMs) return
    this.#nextSweepMs = this.#now() + 60_000
    await this.sweep()
  }
}
