import { sql } from 'kysely'
import { z } from 'zod'
import { Uint } from '../base/schema.ts'
import { UNACCEPTED } from './batch-state.ts'
import type { Clock } from './clock.ts'
import type { ServiceBus } from './events.ts'
import type { Gate } from './gate.ts'
import type { Lease } from './lease.ts'
import { Wakeup } from './notices.ts'
import type { Database } from './store/database.ts'

/** What is under way. */
export interface UnderWay {
  /** Closed batches without a proof. */
  readonly unproven: number
  /** Open to sent. */
  readonly unaccepted: number
  readonly quarantined: number
  /** Time of the oldest unaccepted batch, µs since the Unix epoch. */
  readonly oldest?: bigint
}

interface PressureParts {
  readonly database: Database
  readonly lease: Pick<Lease, 'held'>
  readonly gate: Gate
  readonly bus: ServiceBus
  readonly clock: Clock
  /** Batches that may wait for their proofs. */
  readonly maxUnproven: number
  /** Time from a batch's time to when the ledger must have accepted it, s. */
  readonly deadlineS: number
}

const Row = z.object({
  unproven: z.coerce.number(),
  unaccepted: z.coerce.number(),
  quarantined: z.coerce.number(),
  oldest: Uint(63).nullable(),
})
const LOOK_MS = 500

/** Watches the pipeline and stops receipts before a promise could be broken (protocol, section 6). */
export class Pressure {
  readonly #parts: PressureParts
  readonly #wakeup: Wakeup
  /** Told of so far: a look that began before the last one must not open the gate again. */
  #quarantines = 0
  #last: UnderWay = { unproven: 0, unaccepted: 0, quarantined: 0 }

  constructor(parts: PressureParts) {
    this.#parts = parts
    this.#wakeup = new Wakeup(
      () => this.look(),
      () => this.#judge(),
    )
    // Between two looks batches may close faster than notices come.
    parts.bus.on('batch', ({ state }) => {
      if (state === 'closed') this.#last = { ...this.#last, unproven: this.#last.unproven + 1 }
      else if (state === 'quarantined') {
        this.#last = { ...this.#last, quarantined: this.#last.quarantined + 1 }
        this.#quarantines++
      } else return
      this.#judge()
    })
  }

  get underWay(): UnderWay {
    return this.#last
  }

  start = (): Promise<void> => this.#wakeup.start(this.#parts.database, ['proof-done', 'batch-moved'], LOOK_MS)
  stop = (): Promise<void> => this.#wakeup.stop()

  /** Counts what is under way, by an index that holds nothing else. */
  async look(): Promise<void> {
    const told = this.#quarantines
    const row = await this.#parts.database.db
      .selectFrom('batch')
      .select([
        sql`count(*) filter (where state = 'closed')`.as('unproven'),
        sql`count(*) filter (where state = any(${[...UNACCEPTED]}))`.as('unaccepted'),
        sql`count(*) filter (where state = 'quarantined')`.as('quarantined'),
        sql`min(time) filter (where state = any(${[...UNACCEPTED]}))`.as('oldest'),
      ])
      .where(sql<boolean>`state not in ('final', 'abandoned')`)
      .executeTakeFirstOrThrow()
    if (told !== this.#quarantines) return this.look()
    const { oldest, ...counts } = Row.parse(row)
    this.#last = { ...counts, ...(oldest === null ? {} : { oldest }) }
    this.#judge()
  }

  #judge(): void {
    const { gate, lease, clock, maxUnproven, deadlineS } = this.#parts
    const { unproven, quarantined, oldest } = this.#last
    gate.set('lease', !lease.held)
    gate.set('quarantine', quarantined > 0)
    gate.set('unproven', unproven > maxUnproven)
    gate.set('overdue', oldest !== undefined && 3n * (clock() - oldest) > BigInt(deadlineS) * 1_000_000n)
  }
}
