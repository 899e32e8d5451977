import { isOver, type ProofJob, type StreamEvent, type WatchedProof, type Watching } from './api.ts'
import type { Log } from './log.ts'
import { Wakeup } from './notices.ts'
import type { EpochSigner } from './receipt-signer.ts'
import type { Database } from './store/database.ts'
import { eventsAfter, lastEventId, pruneEvents, type StoredEvent } from './store/event-rows.ts'
import { placementsAt } from './store/lane-reads.ts'
import { proofByJob } from './store/proofs.ts'

interface FeedParts {
  readonly database: Database
  readonly signer: EpochSigner
  readonly log: Log
  /** Events that are kept for readers that come back. Default: 100,000. */
  readonly keep?: number
}

/** Events read at once, and kept in memory for readers that are up to date. */
const PAGE = 256
const TAIL = 4 * PAGE
const KEEP = 100_000
const PRUNE_MS = 60_000

/**
 * The stored events, as streams. Any number of readers share one look at the database; each holds a place in the order and pulls, so that a slow one costs
 * no memory and loses nothing that is kept.
 */
export class EventFeed {
  readonly #parts: FeedParts
  readonly #wakeup: Wakeup
  /** The newest events, without a gap. */
  #tail: StoredEvent[] = []
  #last = 0n
  #ended = false
  #waiting: (() => void)[] = []
  #pruneAt = 0

  constructor(parts: FeedParts) {
    this.#parts = parts
    this.#wakeup = new Wakeup(
      () => this.#look(),
      (err) => parts.log.warn({ err }, 'events could not be read'),
    )
  }

  async start(): Promise<void> {
    this.#last = await lastEventId(this.#parts.database.db)
    await this.#wakeup.start(this.#parts.database, ['event'])
  }

  /** Ends all streams. */
  async stop(): Promise<void> {
    this.#ended = true
    this.#tell()
    await this.#wakeup.stop()
  }

  /** The id of the newest event, whatever process wrote it; 0 before the first. */
  async newest(): Promise<bigint> {
    const last = await lastEventId(this.#parts.database.db)
    // What no notice has told yet.
    if (last > this.#last) this.#wakeup.wake()
    return last
  }

  /** Events as they happen, for one reader. */
  async *watch({ after, receiptsOf }: Watching, signal: AbortSignal): AsyncGenerator<StreamEvent, void> {
    const mayRead = ({ holder }: { readonly holder: string }): boolean =>
      receiptsOf === 'everybody' || (receiptsOf !== 'nobody' && receiptsOf.keyId === holder)
    for await (const event of this.#stored(after, signal)) {
      if (event.kind !== 'receipts') yield event
      else if (mayRead(event)) yield this.#receipts(event)
    }
  }

  /** One job with its events, from how far it is, or from what was seen; they end when it is over. `undefined` when there is none. */
  async watchProof(id: string, after: bigint | undefined, signal: AbortSignal): Promise<WatchedProof | undefined> {
    // In this order: what happens between the two is told, and the same twice is not.
    const from = await this.newest()
    const found = await proofByJob(this.#parts.database.db, id)
    return found && { job: found.job, events: this.#job(found.job, from, after, signal) }
  }

  async *#job(
    job: ProofJob,
    from: bigint,
    after: bigint | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<StreamEvent, void> {
    let seen = after === undefined ? job : undefined
    if (seen) yield { id: from, kind: 'proof', job: seen }
    if (seen && isOver(seen)) return
    // Of a job that is over, everything that will ever be told is stored by now.
    const until = isOver(job) ? from : undefined
    if (until !== undefined && after !== undefined && after >= until) return
    for await (const event of this.#stored(after ?? from, signal)) {
      if (event.kind === 'gap') yield event
      if (event.kind === 'proof' && event.job.id === job.id) {
        if (seen?.state !== event.job.state || seen.attempts !== event.job.attempts) yield event
        seen = event.job
        if (isOver(seen)) return
      }
      if (until !== undefined && event.id >= until) return
    }
  }

  /** Every event after an id, until the signal. */
  async *#stored(after: bigint, signal: AbortSignal): AsyncGenerator<StoredEvent | { id: bigint; kind: 'gap' }, void> {
    let at = after
    const newest = at > this.#last ? await this.newest() : at
    if (at > newest) {
      at = newest
      yield { id: at, kind: 'gap' }
    }
    while (!signal.aborted && !this.#ended) {
      const page = await this.#page(at)
      if (page.length === 0) {
        await this.#news(at, signal)
        continue
      }
      const [first] = page
      if (first && first.id > at + 1n) yield { id: first.id - 1n, kind: 'gap' }
      for (const event of page) {
        if (signal.aborted || this.#ended) return
        at = event.id
        yield event
      }
    }
  }

  async #page(after: bigint): Promise<StoredEvent[]> {
    const [oldest] = this.#tail
    if (after >= this.#last) return []
    if (oldest && oldest.id <= after + 1n) return this.#tail.slice(Number(after + 1n - oldest.id)).slice(0, PAGE)
    return eventsAfter(this.#parts.database.db, after, PAGE)
  }

  /** Resolves when there is something after an id, or with the signal. */
  #news(at: bigint, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.#last > at || signal.aborted || this.#ended) return resolve()
      const done = (): void => {
        signal.removeEventListener('abort', done)
        this.#waiting = this.#waiting.filter((waiting) => waiting !== done)
        resolve()
      }
      signal.addEventListener('abort', done, { once: true })
      this.#waiting.push(done)
    })
  }

  async #receipts({ id, slots, ...batch }: StoredEvent & { kind: 'receipts' }): Promise<StreamEvent> {
    const { database, signer } = this.#parts
    const placements = await placementsAt(database.db, batch, slots)
    return { id, kind: 'receipts', receipts: placements.map((placement) => signer.receipt(placement)) }
  }

  async #look(): Promise<void> {
    const { db } = this.#parts.database
    for (;;) {
      const page = await eventsAfter(db, this.#last, PAGE)
      const newest = page.at(-1)
      if (!newest) break
      this.#tail = [...this.#tail, ...page].slice(-TAIL)
      this.#last = newest.id
      this.#tell()
    }
    if (performance.now() < this.#pruneAt) return
    this.#pruneAt = performance.now() + PRUNE_MS
    await pruneEvents(db, this.#parts.keep ?? KEEP)
  }

  #tell(): void {
    for (const told of this.#waiting.splice(0)) told()
  }
}
