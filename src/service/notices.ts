import { setImmediate as nextRound } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import type { Database } from './store/database.ts'
import type { Tables } from './store/tables.ts'

/** What roles tell each other through the database; hints, so nobody depends on hearing one. */
export const TOPICS = ['proof-wanted', 'proof-done', 'proof-cancelled', 'batch-moved', 'event'] as const
type Topic = (typeof TOPICS)[number]

const CHANNEL = 'fairlead'
const Notice = z.enum(TOPICS)

/** Tells every process on this database; inside a transaction it is told when that commits. */
export const notify = async (db: Kysely<Tables>, topic: Topic): Promise<void> => {
  await sql`select pg_notify(${CHANNEL}, ${topic})`.execute(db)
}

/** How long a lost notice can go unnoticed, ms. */
const LOOK_AGAIN_MS = 5000

/**
 * Runs `work` at the start, when a notice of a topic comes, and seldom without one; never twice at once, and once more if a notice came meanwhile.
 */
export class Wakeup {
  readonly #work: () => Promise<void>
  readonly #failed: (error: unknown) => void
  #again = false
  #stopped = false
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #unlisten: (() => Promise<void>) | undefined

  /** @param failed told of what `work` throws; the next wake-up tries again. */
  constructor(work: () => Promise<void>, failed: (error: unknown) => void) {
    this.#work = work
    this.#failed = failed
  }

  async start(database: Database, topics: readonly Topic[], everyMs = LOOK_AGAIN_MS): Promise<void> {
    this.#timer = setInterval(() => this.wake(), everyMs)
    this.#unlisten = await database.listen(CHANNEL, (payload) => {
      const notice = Notice.safeParse(payload)
      if (notice.success && topics.includes(notice.data)) this.wake()
    })
    this.wake()
  }

  wake(): void {
    if (this.#stopped) return
    this.#again = true
    this.#running ??= this.#run()
  }

  /** Stops waking and waits for the work at hand. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#unlisten?.()
    this.#unlisten = undefined
    this.#again = false
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false
      await this.#work().catch(this.#failed)
      await nextRound()
    }
    this.#running = undefined
  }
}
