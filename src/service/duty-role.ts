import { CodedError } from '../base/error.ts'
import type { DutyWriter } from '../chain/duty-writer.ts'
import type { BlockRange, PostedOrder, SystemReader } from '../chain/system-reader.ts'
import type { OrderOutcome } from './api.ts'
import type { Clock } from './clock.ts'
import { ServiceError } from './errors.ts'
import type { ServiceBus } from './events.ts'
import { type InboxWork, inboxWork, orderOf } from './forced-orders.ts'
import type { Gate } from './gate.ts'
import type { LaneContext } from './lane-context.ts'
import type { Log } from './log.ts'
import { Wakeup } from './notices.ts'
import type { ChainReads } from './ports.ts'
import { takeReport } from './reports.ts'
import type { Router } from './router.ts'
import type { Database } from './store/database.ts'
import { reportFor } from './store/reports.ts'

/** What the service needs of the contracts around the ledger, so that tests can stand in for them. */
export type SystemReads = Pick<
  SystemReader,
  'bond' | 'due' | 'waits' | 'postedOrders' | 'overdueNotices' | 'demands' | 'signedReports'
>
/** What duties are done with: of an account of their own, not the submitter's. */
export type DutyWrites = Pick<DutyWriter, 'dischargeMany' | 'showReport'>

interface DutyParts {
  readonly database: Database
  readonly context: LaneContext
  readonly chain: Pick<ChainReads, 'blockNumber'>
  readonly system: SystemReads
  readonly writer: DutyWrites
  /** Where forced orders go. */
  readonly router: Pick<Router, 'force'>
  /** Block from which to look for events. */
  readonly fromBlock: number
  /** Blocks that a reorg may take back: they are looked at again. */
  readonly finalityDepth: number
  readonly clock: Clock
  readonly gate: Gate
  readonly bus: ServiceBus
  readonly log: Log
}

/** What is not looked at because of a block is looked at after this, ms. */
const LOOK_MS = 2000

/**
 * Does what the contracts around the ledger ask of an honest operator (docs/design/challenges.md): takes forced orders in the queue's order and discharges them, shows reports
 * that are asked for and takes those that are posted, hurries when a batch is noticed to be overdue, and stops receipts while the stake is below the minimum.
 */
export class DutyRole {
  readonly #parts: DutyParts
  readonly #wakeup: Wakeup
  readonly #wake = (): void => this.#wakeup.wake()
  /** Orders of the inbox by number, as far as they may wait. */
  readonly #posted = new Map<bigint, PostedOrder>()
  readonly #notices = new Set<bigint>()
  readonly #reports = new Set<string>()
  readonly #answered = new Set<string>()
  #seen: number

  constructor(parts: DutyParts) {
    this.#parts = parts
    this.#seen = parts.fromBlock - 1
    this.#wakeup = new Wakeup(
      () => this.#look(),
      (error) => this.#report(error),
    )
  }

  /** Resolves after a first look at the stake: no receipt without it. */
  async start(): Promise<void> {
    await this.#mindStake().catch((error) => this.#report(error))
    this.#parts.bus.on('block', this.#wake)
    this.#parts.bus.on('batch', this.#wake)
    await this.#wakeup.start(this.#parts.database, [], LOOK_MS)
  }

  async stop(): Promise<void> {
    this.#parts.bus.off('block', this.#wake)
    this.#parts.bus.off('batch', this.#wake)
    await this.#wakeup.stop()
  }

  async #look(): Promise<void> {
    const { chain, finalityDepth, fromBlock } = this.#parts
    const toBlock = await chain.blockNumber()
    const range = { fromBlock: Math.max(fromBlock, Math.min(this.#seen, toBlock) - finalityDepth), toBlock }
    // Between blocks the lane moves alone, which matters to orders that wait.
    const news = toBlock !== this.#seen
    if (news) await this.#mindStake()
    if (news) await this.#hurry(range)
    if (news) await this.#takeReports(range)
    if (news) await this.#showReports(range)
    if (news || this.#posted.size > 0) await this.#serveInbox(range)
    this.#seen = toBlock
  }

  async #mindStake(): Promise<void> {
    const { system, gate } = this.#parts
    const { covered, minimum } = await system.bond()
    gate.set('uncovered', covered < minimum)
  }

  async #hurry(range: BlockRange): Promise<void> {
    const { system, bus, log, context } = this.#parts
    for (const { epoch, batch } of await system.overdueNotices(range)) {
      if (epoch !== context.epoch || this.#notices.has(batch)) continue
      this.#notices.add(batch)
      log.error({ batch: `${batch}` }, 'a batch was noticed to be overdue')
      bus.emit('duty', { duty: 'overdue-noticed', batch })
    }
  }

  /** Reports on chain have to be applied like those that come by the API. */
  async #takeReports(range: BlockRange): Promise<void> {
    const { system, database, context, clock, bus, log } = this.#parts
    for (const { report, signature } of await system.signedReports(range)) {
      const { shard, counter } = report
      const name = `${report.epoch} ${shard} ${counter}`
      if (this.#reports.has(name)) continue
      this.#reports.add(name)
      try {
        await takeReport(database.db, context, clock, { ...report, signature })
        bus.emit('duty', { duty: 'report-taken', shard, counter })
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== 'REPORT_REFUSED') throw error
        log.info({ shard, counter: `${counter}`, why: error.message }, 'a report on chain is not applied')
      }
    }
  }

  /** Answers questions for reports. One that was answered or concluded before is known by the contract's refusal. */
  async #showReports(range: BlockRange): Promise<void> {
    const { system, database, writer, bus, log } = this.#parts
    for (const { index, shard, epoch, counter, batchTime } of await system.demands(range)) {
      const name = `${index} ${shard}`
      if (this.#answered.has(name)) continue
      const report = await reportFor(database.db, { epoch, shard, counter, time: batchTime })
      if (!report) {
        log.error({ batch: `${index}`, shard }, 'a report was asked for that is not here')
        continue
      }
      try {
        const { signature, ...said } = report
        await writer.showReport(index, said, signature)
        bus.emit('duty', { duty: 'report-shown', batch: index, shard })
      } catch (error) {
        if (!(error instanceof CodedError) || error.details.error !== 'NotAsked') throw error
      }
      this.#answered.add(name)
    }
  }

  async #serveInbox(range: BlockRange): Promise<void> {
    const { database, context, system } = this.#parts
    const { from } = await system.due()
    for (const order of await system.postedOrders(range)) this.#posted.set(order.number, order)
    for (const number of this.#posted.keys()) if (number < from) this.#posted.delete(number)
    if (this.#posted.size === 0) return
    const posted = [...this.#posted.values()].sort((a, b) => (a.number < b.number ? -1 : 1))
    const work = await inboxWork(database.db, context, system, posted)
    await this.#take(work)
    await this.#discharge(work)
  }

  async #take({ take }: InboxWork): Promise<void> {
    const { router, bus, log } = this.#parts
    if (take.length === 0) return
    const outcomes = await router.force(take.map(orderOf))
    for (const [i, { number, commitment }] of take.entries()) {
      const outcome = outcomes[i]
      if (outcome && isTaken(outcome)) bus.emit('duty', { duty: 'forced-taken', number, commitment })
      else log.warn({ number: `${number}` }, 'a forced order waits: receipts are stopped')
    }
  }

  async #discharge({ discharge }: InboxWork): Promise<void> {
    const { writer, bus } = this.#parts
    if (discharge.length === 0) return
    await writer.dischargeMany(discharge.map(({ by }) => by))
    for (const { number, by } of discharge)
      bus.emit('duty', { duty: 'forced-discharged', number, batch: by.inclusion.index })
  }

  #report(error: unknown): void {
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
    this.#parts.log.warn(
      { code, error: error instanceof CodedError ? error.details.error : undefined },
      'a duty is tried again',
    )
  }
}

/** Whether an order has its entry, or one that came before in the same batch. */
const isTaken = (outcome: OrderOutcome): boolean =>
  outcome.status !== 'refused' || outcome.refusal.code === 'ORDER_ALREADY_IN_BATCH'
