import type { Kysely } from 'kysely'
import type { ProofJob } from './api.ts'
import { ServiceError } from './errors.ts'
import type { JobQueue } from './job-queue.ts'
import { notify, Wakeup } from './notices.ts'
import type { Database } from './store/database.ts'
import { isCancelledFor, markCancelled, proofByJob, proofOf, replaceJob } from './store/proofs.ts'
import type { Tables } from './store/tables.ts'

/**
 * Ends a job that waits or runs: durable at once, and told to whoever runs it.
 * @returns `undefined` when there is no such job.
 * @throws ServiceError PROOF_JOB_OVER when it is done or failed.
 */
export function cancelJob(db: Kysely<Tables>, queue: JobQueue, id: string): Promise<ProofJob | undefined> {
  return db.transaction().execute(async (tx) => {
    if (await markCancelled(tx, id)) {
      await queue.cancel(tx, id)
      await notify(tx, 'proof-cancelled')
    }
    const job = (await proofByJob(tx, id))?.job
    if (job && job.state !== 'cancelled') throw new ServiceError('PROOF_JOB_OVER', `the job is ${job.state} already`)
    return job
  })
}

/** Puts a new job in the place of the cancelled one of a closed batch. @returns the batch's job, new or not; `undefined` when it has none. */
export function renewJob(db: Kysely<Tables>, queue: JobQueue, batch: bigint): Promise<ProofJob | undefined> {
  return db.transaction().execute(async (tx) => {
    if (await isCancelledFor(tx, batch)) {
      for (const { id } of await queue.sendAll(tx, [batch])) await replaceJob(tx, batch, id)
      await notify(tx, 'proof-wanted')
    }
    return (await proofOf(tx, batch))?.job
  })
}

/** Stops the attempt at hand when its job is cancelled, by whatever process. */
export class CancelWatch {
  readonly #db: Kysely<Tables>
  readonly #wakeup: Wakeup
  readonly #attempts = new Map<string, AbortController>()

  constructor(database: Database, failed: (error: unknown) => void) {
    this.#db = database.db
    this.#wakeup = new Wakeup(() => this.#look(), failed)
    this.start = () => this.#wakeup.start(database, ['proof-cancelled'])
  }

  readonly start: () => Promise<void>
  stop = (): Promise<void> => this.#wakeup.stop()

  /** Works on a job. @param stop another reason to stop. */
  async during<T>(job: string, stop: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const attempt = new AbortController()
    const end = (): void => attempt.abort(stop.reason)
    stop.addEventListener('abort', end, { once: true })
    if (stop.aborted) end()
    this.#attempts.set(job, attempt)
    // It may have been cancelled just before this.
    this.#wakeup.wake()
    try {
      return await work(attempt.signal)
    } finally {
      this.#attempts.delete(job)
      stop.removeEventListener('abort', end)
    }
  }

  /** Whether a job is cancelled; one that was asked for anew since has another id, and the old one is gone. */
  async isCancelled(job: string): Promise<boolean> {
    const found = await proofByJob(this.#db, job)
    return found === undefined || found.job.state === 'cancelled'
  }

  async #look(): Promise<void> {
    for (const [job, attempt] of this.#attempts) if (await this.isCancelled(job)) attempt.abort()
  }
}
