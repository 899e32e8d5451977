import { CodedError } from '../base/error.ts'
import { ConsistencyError, witnessOf } from './batch-closing.ts'
import type { BatchEvent, ServiceBus } from './events.ts'
import type { Gate } from './gate.ts'
import type { LaneContext } from './lane-context.ts'
import type { Log } from './log.ts'
import { notify, Wakeup } from './notices.ts'
import type { ChecksWitness } from './ports.ts'
import { countUnchecked, markChecked, nextUnchecked, quarantineUnprovable } from './store/checks.ts'
import type { Database } from './store/database.ts'
import { entriesOf } from './store/lane-reads.ts'
import type { StoredBatch } from './store/rows.ts'

interface CheckParts {
  readonly database: Database
  readonly context: LaneContext
  readonly witness: ChecksWitness
  /** Any account will do: whether there is a witness does not depend on it. */
  readonly beneficiary: string
  readonly gate: Gate
  readonly bus: ServiceBus
  readonly log: Log
  /** Closed batches that may wait for their check. */
  readonly maxUnchecked: number
}

/** How soon a check is tried again that could not be made, ms. */
const LOOK_MS = 1000

/**
 * Computes the witness of every batch that the router closed, in order and one at a time, from the rows that its prover will read. A batch that has
 * none is quarantined at once, while few came after it: with {@link CheckParts.maxUnchecked} batches waiting, the router opens no more.
 */
export class WitnessCheck {
  readonly #parts: CheckParts
  readonly #wakeup: Wakeup
  readonly #stop = new AbortController()
  readonly #onBatch = (event: BatchEvent): void => {
    if (event.state !== 'closed') return
    this.#setWaiting(this.#waiting + 1)
    this.#wakeup.wake()
  }
  #waiting = 0

  constructor(parts: CheckParts) {
    this.#parts = parts
    this.#wakeup = new Wakeup(
      () => this.#work(),
      (error) => this.#failed(error),
    )
  }

  /** How many more batches may close before the check must come after. */
  get room(): number {
    return Math.max(0, this.#parts.maxUnchecked - this.#waiting)
  }

  /** Resolves when it knows what waits since before: batches that closed and were never checked. */
  async start(): Promise<void> {
    const { database, bus } = this.#parts
    bus.on('batch', this.#onBatch)
    this.#setWaiting(await countUnchecked(database.db))
    await this.#wakeup.start(database, ['batch-moved'], LOOK_MS)
  }

  /** Ends the check at hand; it is made at the next start. */
  async stop(): Promise<void> {
    this.#parts.bus.off('batch', this.#onBatch)
    this.#stop.abort()
    await this.#wakeup.stop()
  }

  async #work(): Promise<void> {
    const { db } = this.#parts.database
    for (let batch = await nextUnchecked(db); batch && !this.#stop.signal.aborted; batch = await nextUnchecked(db))
      await this.#check(batch)
    // Proofs may have overtaken checks, and a person may have asked for another one.
    if (!this.#stop.signal.aborted) this.#setWaiting(await this.#countStill())
  }

  async #check(batch: StoredBatch): Promise<void> {
    const { database, context, witness, beneficiary, bus, log } = this.#parts
    const { opening, basis, closing } = batch
    const { index } = opening
    if (!closing || !basis)
      throw new ConsistencyError('BATCH_INCONSISTENT', `batch ${index} is closed without a statement`, {
        details: { batch: index, field: 'statement' },
      })
    const entries = await entriesOf(database.db, [index])
    const { shape, verifierId } = context.circuit
    const checked = {
      shape,
      context: { ...context.domain, beneficiary, verifierId },
      words: closing.words,
      witness: witnessOf(context, { ...opening, ...basis }, entries, closing.blindAfter),
    }
    const code = await witness.check(checked, this.#stop.signal)
    if (code === undefined) {
      await markChecked(database.db, index)
    } else if (await quarantineUnprovable(database.db, index, code)) {
      log.error({ batch: `${index}`, code }, 'a closed batch has no witness')
      // Receipts stop with this event, before there is room for another batch.
      bus.emit('batch', { index, state: 'quarantined', reason: code })
      await notify(database.db, 'batch-moved')
    }
    this.#setWaiting(Math.max(0, this.#waiting - 1))
  }

  /** Counts what waits; batches that close meanwhile have told so themselves. */
  async #countStill(): Promise<number> {
    for (;;) {
      const before = this.#waiting
      const found = await countUnchecked(this.#parts.database.db)
      if (before === this.#waiting) return found
    }
  }

  #setWaiting(count: number): void {
    this.#waiting = count
    this.#parts.gate.set('unchecked', this.room === 0)
  }

  #failed(error: unknown): void {
    if (this.#stop.signal.aborted) return
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
    this.#parts.log.warn({ code }, 'a witness could not be checked')
  }
}
