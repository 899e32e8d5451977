import { setImmediate as nextRound } from 'node:timers/promises'
import { CodedError } from '../base/error.ts'
import type { Order } from '../order/order.ts'
import { announce } from './announce.ts'
import type { Caller, EpochEnding, OrderOutcome, SignedReport } from './api.ts'
import { ConsistencyError, hashOfSeal, stateClosedBatch } from './batch-closing.ts'
import type { Clock } from './clock.ts'
import { ServiceError } from './errors.ts'
import type { ServiceBus } from './events.ts'
import { type Gate, stopFor } from './gate.ts'
import type { JobQueue } from './job-queue.ts'
import type { LaneContext } from './lane-context.ts'
import { loadPosition } from './lane-position.ts'
import type { Lease } from './lease.ts'
import type { Log } from './log.ts'
import { OrderQueue, stopped, type WaitingOrder } from './order-queue.ts'
import type { SignReceipts } from './ports.ts'
import type { EpochSigner } from './receipt-signer.ts'
import type { Database } from './store/database.ts'
import { decideEnding } from './store/epoch-ends.ts'
import { acceptedEntries } from './store/lane-reads.ts'
import { type BatchEnds, commitChange } from './store/lane-writes.ts'
import { newReports } from './store/reports.ts'
import { moveBatch } from './store/transitions.ts'
import { type LanePosition, Turn } from './turn.ts'

/** How long orders may wait for a batch, and how many may. */
export interface RouterLimits {
  /** Age at which a batch closes though it is not full, ms; at most 500 is advised. */
  readonly batchMaxAgeMs: number
  /** The most orders that wait for a slot; more are refused. */
  readonly maxWaiting: number
}

/** Of one lane in one epoch; the lease is what makes the router its only writer. */
export interface RouterParts {
  readonly context: LaneContext
  readonly database: Database
  readonly queue: JobQueue
  readonly lease: Lease
  readonly signReceipts: SignReceipts
  readonly signer: Pick<EpochSigner, 'seal'>
  readonly gate: Gate
  readonly bus: ServiceBus
  readonly clock: Clock
  readonly log: Log
  readonly limits: RouterLimits
  /** How many more batches may close before it is known that those before them can be proven or, in sealed mode, before those are drawn. */
  readonly check: { readonly room: number }
  /** First index that the epoch does not have, as far as that is known; told of an earlier one. */
  readonly epoch: { readonly end: bigint; endAt(end: bigint): void }
}

/** Orders that one turn takes: enough to share a commit, few enough to answer soon. */
const GROUP = 256
/** Whose forced orders are: no API key has this id, so that nobody reads their receipts by a key of their own. */
const FORCED_KEY = 'forced'
/** Pause after a turn that the store refused. */
const RETRY_MS = 1000

/**
 * The single writer of the lane: takes orders in groups, assigns them, commits rows, and only then signs receipts. Callers that come while a
 * commit is under way share the next one.
 */
export class Router {
  readonly #parts: RouterParts
  readonly #waiting: OrderQueue
  #position: LanePosition | undefined
  #running: Promise<void> | undefined
  /** When the open batch comes of age, when the next may open, when a failed turn is looked at again. */
  readonly #timers: { close?: NodeJS.Timeout; open?: NodeJS.Timeout; retry?: NodeJS.Timeout } = {}
  #closeDue = false
  /** Something came while a turn was under way. */
  #again = false
  /** Asked to decide the epoch's end between two turns. */
  readonly #endings: ((position: LanePosition | undefined) => Promise<void>)[] = []
  /** Turns that are committed and whose receipts are being signed. */
  readonly #answering = new Set<Promise<void>>()
  #stopping = false

  constructor(parts: RouterParts) {
    this.#parts = parts
    this.#waiting = new OrderQueue(parts.context, parts.limits.maxWaiting)
    parts.bus.on('gate', ({ cause, stopped }) => {
      if ((cause === 'unchecked' && !stopped) || cause === 'undrawn') this.#pump()
    })
  }

  /** Continues where the rows end: an open batch goes on with the states that its rows give. @throws ConsistencyError, when they do not give their own assignments. */
  async start(): Promise<void> {
    await this.#load()
  }

  /** Takes no more orders and waits for the turn at hand; an open batch stays open and goes on after the next start. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#waiting.refuseAll(stopFor('stopping'))
    await this.#running
    for (const decide of this.#endings.splice(0)) await decide(undefined)
    await Promise.all(this.#answering)
    for (const timer of Object.values(this.#timers)) clearTimeout(timer)
  }

  /** Orders that wait for a slot. */
  get waiting(): number {
    return this.#waiting.length
  }

  submit(orders: readonly Order[], caller: Caller): Promise<OrderOutcome[]> {
    const outcomes = this.#waiting.enter(orders, caller, this.#stopping ? stopFor('stopping') : this.#parts.gate.stop)
    this.#pump()
    return outcomes
  }

  /** Takes orders that have to be taken (protocol, section 5) ahead of all others; one that fits no shard is deferred. */
  force(orders: readonly Order[]): Promise<OrderOutcome[]> {
    const stop = this.#stopping ? stopFor('stopping') : this.#parts.gate.stop
    const outcomes = this.#waiting.enterFirst(orders, FORCED_KEY, stop)
    this.#pump()
    return outcomes
  }

  /**
   * Ends the epoch after the batch that is open, or before the next one: durable before it returns, and no receipt is given past it.
   * @returns what holds: the first decision.
   * @throws ServiceError LEASE_LOST; NOT_READY when the router stops, or does not know where the lane stands.
   */
  endEpoch(nextSealed: boolean): Promise<EpochEnding> {
    return new Promise((resolve, reject) => {
      this.#endings.push((position) => this.#decide(position, nextSealed).then(resolve, reject))
      this.#pump()
    })
  }

  async #decide(position: LanePosition | undefined, nextSealed: boolean): Promise<EpochEnding> {
    const { context, database, lease, epoch } = this.#parts
    if (!position || this.#stopping) throw new ServiceError('NOT_READY', 'the router does not go on')
    const end = position.open ? position.open.opening.index + 1n : position.tip.nextIndex
    const ending = await decideEnding(database.db, lease.term, { epoch: context.epoch, end, nextSealed })
    epoch.endAt(ending.end)
    return ending
  }

  #pump(): void {
    this.#again = true
    if (!this.#idle) this.#running ??= this.#run()
  }

  get #idle(): boolean {
    return this.#stopping || (this.#waiting.length === 0 && !this.#closeDue && this.#endings.length === 0)
  }

  async #run(): Promise<void> {
    // The embedded database answers without ever leaving the microtasks: without a break no timer, renewal or request would get its turn.
    for (let progress = true; progress || this.#again; await nextRound()) {
      this.#again = false
      if (this.#idle) break
      try {
        progress = await this.#turn()
      } catch (error) {
        progress = true
        await this.#failed(error)
      }
    }
    this.#running = undefined
  }

  /** @returns false when the orders that wait must wait longer. */
  async #turn(): Promise<boolean> {
    const { context, database, queue, lease, gate, clock, bus, check, epoch } = this.#parts
    const position = this.#position ?? (await this.#load())
    for (const decide of this.#endings.splice(0)) await decide(position)
    const stop = position ? gate.stop : stopFor('quarantine')
    // Orders that were let in stay while batches are checked: it takes moments.
    if (stop && stop.cause !== 'unchecked') this.#waiting.refuseAll(stop)
    if (!position || gate.stopOf('abandoned')) {
      this.#closeDue = false
      return false
    }
    const group = this.#waiting.peek(GROUP)
    const commitments = group.map(({ commitment }) => commitment)
    const turn = new Turn(context, position, await acceptedEntries(database.db, commitments), {
      room: check.room,
      end: epoch.end,
      reports: await this.#reports(position),
    })
    if (this.#closeDue) turn.close()
    let placed = 0
    for (const ticket of group) {
      if (!turn.place(ticket, clock())) break
      placed++
    }
    if (!turn.isEmpty) {
      const { change } = turn
      await commitChange(database.db, queue, lease.term, change, this.#ends)
      this.#moveTo(turn.position)
      announce(bus, change, context.policy.shards.length)
    }
    const taken = group.slice(0, placed)
    this.#waiting.drop(taken)
    this.#answer(turn, taken)
    if (placed === group.length) return true
    if (turn.atEnd) gate.set('ended', true)
    if (turn.atEnd || turn.exhausted) return turn.atEnd || check.room > 0
    this.#timers.open = setTimeout(() => this.#pump(), Math.max(1, Number((turn.opensAt - clock()) / 1000n)))
    return false
  }

  /** Where no shard reports nothing is asked. */
  #reports({ tip }: LanePosition): Promise<readonly SignedReport[]> | readonly SignedReport[] {
    const { context, database } = this.#parts
    if (!context.policy.shards.some(({ reporting }) => reporting)) return []
    return newReports(database.db, context.epoch, tip.counters)
  }

  /** Answers a turn that is committed. The next one does not wait for its signatures. */
  #answer(turn: Turn, placed: readonly WaitingOrder[]): void {
    const { signReceipts, log } = this.#parts
    const answered = turn
      .outcomes(signReceipts)
      .catch((error: unknown) => {
        log.error({ code: error instanceof CodedError ? error.code : 'UNEXPECTED' }, 'receipts could not be signed')
        return placed.map(({ commitment }) => stopped(commitment, stopFor('unsigned')))
      })
      .then((outcomes) => {
        for (const [i, outcome] of outcomes.entries()) placed[i]?.answer(outcome)
      })
      .finally(() => this.#answering.delete(answered))
    this.#answering.add(answered)
  }

  readonly #ends: BatchEnds = {
    state: (closing, entries) => stateClosedBatch(this.#parts.context, closing, entries),
    seal: (sealing, entries) => {
      const { index, epoch } = sealing.opening
      const hash = hashOfSeal(sealing, entries)
      return { hash, signature: this.#parts.signer.seal(epoch, index, hash) }
    },
  }

  async #load(): Promise<LanePosition | undefined> {
    const position = await loadPosition(this.#parts.database.db, this.#parts.context)
    this.#moveTo(position)
    return position
  }

  #moveTo(position: LanePosition | undefined): void {
    const open = position?.open
    this.#closeDue = false
    if (open !== this.#position?.open) {
      clearTimeout(this.#timers.close)
      if (open) this.#timers.close = setTimeout(() => this.#due(), this.#ageLeftMs(open.opening.time))
    }
    this.#position = position
  }

  #ageLeftMs(time: bigint): number {
    const { clock, limits } = this.#parts
    return Math.max(0, Math.min(limits.batchMaxAgeMs, limits.batchMaxAgeMs - Number((clock() - time) / 1000n)))
  }

  #due(): void {
    this.#closeDue = true
    this.#pump()
  }

  /** A turn that failed left nothing behind: whoever waits is sent away, and the next turn starts from the rows. */
  async #failed(error: unknown): Promise<void> {
    const { gate, log, database, bus } = this.#parts
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
    this.#moveTo(undefined)
    log.error({ code }, 'a turn of the router failed')
    if (error instanceof ConsistencyError) {
      gate.set('inconsistent', true)
      const index = BigInt(String(error.details.batch))
      const moved = await moveBatch(database.db, index, 'quarantined', 'router', { reason: code }).catch(() => false)
      if (moved) bus.emit('batch', { index, state: 'quarantined', reason: code })
    } else {
      clearTimeout(this.#timers.retry)
      this.#timers.retry = setTimeout(() => void this.#load().catch((again) => this.#failed(again)), RETRY_MS)
    }
    this.#waiting.refuseAll(gate.stop ?? stopFor('store'))
  }
}
