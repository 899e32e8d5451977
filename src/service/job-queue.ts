import { randomUUID } from 'node:crypto'
import { CompiledQuery, type Transaction } from 'kysely'
import PgBoss from 'pg-boss'
import { z } from 'zod'
import { Uint } from '../base/schema.ts'
import { ServiceError } from './errors.ts'
import type { Database } from './store/database.ts'
import type { Tables } from './store/tables.ts'

const QUEUE = 'prove'

/**
 * A UUID (version 8) that sorts by its batch: jobs of one transaction share their time, and the queue goes on by id. The rest is random.
 * @param batch the index; its lowest 48 bits are taken.
 */
function jobId(batch: bigint): string {
  const index = BigInt.asUintN(48, batch).toString(16).padStart(12, '0')
  const random = randomUUID()
  return `${index.slice(0, 8)}-${index.slice(8)}-8${random.slice(15)}`
}
const JobData = z.object({ batch: Uint(63) })

const within = (tx: Transaction<Tables>): PgBoss.Db => ({
  executeSql: async (text, values) => {
    const { rows } = await tx.executeQuery(CompiledQuery.raw(text, values))
    return { rows }
  },
})

/** A job that this process holds until it completes, fails or its lease ends. */
export interface HeldJob {
  readonly id: string
  readonly batch: bigint
  /** 1 for the first attempt; grows each time the job is fetched: the fencing term. */
  readonly attempt: number
}

/** The queue of proof jobs: all that router and provers share. pg-boss on either database; fetched when a notification comes, not by polling. */
export class JobQueue {
  readonly #pool: Database['pool']
  readonly #boss: PgBoss
  readonly #leaseSeconds: number

  private constructor(pool: Database['pool'], boss: PgBoss, leaseSeconds: number) {
    this.#pool = pool
    this.#boss = boss
    this.#leaseSeconds = leaseSeconds
  }

  /**
   * @param leaseSeconds after which a job that was neither completed nor failed goes to another prover.
   * @param onError background maintenance that failed; it is tried again.
   */
  static async start(database: Database, leaseSeconds: number, onError: (error: Error) => void): Promise<JobQueue> {
    const { pool } = database
    const boss = new PgBoss({
      db: { executeSql: (text, values) => pool.query(text, values) },
      schedule: false,
      maintenanceIntervalSeconds: Math.max(1, Math.min(10, Math.floor(leaseSeconds / 2))),
    })
    boss.on('error', onError)
    try {
      await boss.start()
      await boss.createQueue(QUEUE)
    } catch (cause) {
      throw new ServiceError('DATABASE_UNREACHABLE', 'cannot start the job queue', { cause })
    }
    return new JobQueue(pool, boss, leaseSeconds)
  }

  /** Adds a job for each batch within the caller's transaction. */
  async sendAll(tx: Transaction<Tables>, batches: readonly bigint[]): Promise<{ id: string; batch: bigint }[]> {
    const jobs = batches.map((batch) => ({ id: jobId(batch), batch }))
    // Failures are counted by the batch, so that a prover killed at its work does not use up tries.
    const options = { retryLimit: 1_000_000, retryDelay: 0, expireInSeconds: this.#leaseSeconds }
    await this.#boss.insert(
      jobs.map(({ id, batch }) => ({ id, name: QUEUE, data: { batch: `${batch}` }, ...options })),
      { db: within(tx) },
    )
    return jobs
  }

  /** Takes the oldest job, if there is one. */
  async fetch(): Promise<HeldJob | undefined> {
    const [job] = await this.#boss.fetch<unknown>(QUEUE, { includeMetadata: true })
    return job && { id: job.id, batch: JobData.parse(job.data).batch, attempt: job.retryCount + 1 }
  }

  /** Gives back every job that is held. Only where all holders are known to be dead: also one that died before it could say that it had begun. */
  async releaseHeld(): Promise<void> {
    const { rows } = await this.#pool.query(`select id from pgboss.job where name = $1 and state = 'active'`, [QUEUE])
    for (const { id } of z.array(z.object({ id: z.string() })).parse(rows)) await this.release(id)
  }

  complete = (id: string): Promise<void> => this.#boss.complete(QUEUE, id)
  /** Gives a job back: another attempt may start at once. */
  release = (id: string): Promise<void> => this.#boss.fail(QUEUE, id)
  /** Takes a job out of the queue within the caller's transaction, whoever holds it. */
  cancel = (tx: Transaction<Tables>, id: string): Promise<void> => this.#boss.cancel(QUEUE, id, { db: within(tx) })

  /** Ends background work; jobs stay. */
  stop = (): Promise<void> => this.#boss.stop({ graceful: false, wait: true, close: false })
}
