import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { Uint } from '../base/schema.ts'
import { ServiceError } from './errors.ts'
import type { Tables } from './store/tables.ts'

const Term = z.object({ term: Uint(63) })

/**
 * The right to write the lane, under a term that grows with every holder. Every write names its term and locks the row, so a holder that was
 * replaced without noticing (a paused process) is refused by the database; the time limit only decides when somebody else may try.
 */
export class Lease {
  readonly #db: Kysely<Tables>
  readonly #holder = randomUUID()
  readonly #ttlMs: number
  #term: bigint | undefined
  #heldUntil = 0
  #timer: NodeJS.Timeout | undefined

  /** @param ttlMs after which a lease that was not renewed is free; renewed at a third of it. */
  constructor(db: Kysely<Tables>, ttlMs: number) {
    this.#db = db
    this.#ttlMs = ttlMs
  }

  /** The term to write under. @throws ServiceError LEASE_LOST. */
  get term(): bigint {
    if (this.#term === undefined || !this.held)
      throw new ServiceError('LEASE_LOST', 'this router does not hold the lane')
    return this.#term
  }
  /** Whether the lease was renewed in time, by this process's clock. */
  get held(): boolean {
    return this.#term !== undefined && performance.now() < this.#heldUntil
  }

  /**
   * Takes the lane as soon as it is free, and keeps it.
   * @param exclusive the data folder is locked by this process, so whoever held the lane is dead: do not wait for the lease to run out.
   * @throws ServiceError LEASE_LOST when another router keeps it for longer than its lease lasts.
   */
  async take(exclusive: boolean): Promise<void> {
    for (const giveUp = performance.now() + 2 * this.#ttlMs; ; ) {
      const asked = performance.now()
      const row = await this.#db
        .updateTable('lane')
        .set({ term: sql`term + 1`, holder: this.#holder, expires_at: this.#expiry() })
        .$if(!exclusive, (query) => query.where(sql<boolean>`holder is null or expires_at < now()`))
        .returning('term')
        .executeTakeFirst()
      if (row) {
        this.#term = Term.parse(row).term
        this.#heldUntil = asked + this.#ttlMs
        this.#timer = setInterval(() => void this.renew(), this.#ttlMs / 3)
        return
      }
      if (performance.now() > giveUp) throw new ServiceError('LEASE_LOST', 'another router holds the lane')
      await new Promise((resolve) => setTimeout(resolve, this.#ttlMs / 10))
    }
  }

  /** Renews the lease; a failure is no error yet, the time limit decides. */
  async renew(): Promise<void> {
    const asked = performance.now()
    try {
      const { numUpdatedRows } = await this.#db
        .updateTable('lane')
        .set({ expires_at: this.#expiry() })
        .where('term', '=', `${this.#term}`)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 1n) this.#heldUntil = asked + this.#ttlMs
      else this.#heldUntil = 0
    } catch {
      // The database is away: the lease runs out by itself.
    }
  }

  /** Frees the lane for the next router. */
  async release(): Promise<void> {
    clearInterval(this.#timer)
    const term = this.#term
    this.#term = undefined
    if (term === undefined) return
    await this.#db.updateTable('lane').set({ holder: null }).where('term', '=', `${term}`).execute()
  }

  #expiry() {
    return sql<never>`now() + ${this.#ttlMs / 1000} * interval '1 second'`
  }
}
