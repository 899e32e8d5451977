import { CodedError } from '../base/error.ts'
import { min } from '../base/integers.ts'
import { NO_END } from '../statement/record.ts'
import type { ServiceBus } from './events.ts'
import type { Gate } from './gate.ts'
import type { JobQueue } from './job-queue.ts'
import type { LaneContext } from './lane-context.ts'
import type { Log } from './log.ts'
import { Wakeup } from './notices.ts'
import type { ChainReads } from './ports.ts'
import { unsettledEpochs, voidFrom } from './store/abandonment.ts'
import type { Database } from './store/database.ts'
import { endingOf } from './store/epoch-ends.ts'
import { lastBatch } from './store/lane-reads.ts'

/** `context` is of the epoch that is watched; `queue` loses the proof jobs of batches that become void. */
export interface EpochWatchParts {
  readonly database: Database
  readonly context: Pick<LaneContext, 'epoch'>
  readonly chain: Pick<ChainReads, 'epochEnd' | 'blockNumber' | 'latestEpoch' | 'epoch'>
  readonly queue: JobQueue
  /** Blocks after which an abandonment is final, and the seed of the next epoch. */
  readonly finalityDepth: number
  readonly gate: Gate
  readonly bus: ServiceBus
  readonly log: Log
}

/** What is not looked at because of a block is looked at after this, ms. */
const LOOK_MS = 2000

/**
 * Sees that the epoch was ended, by whomever: receipts stop, at once where it was abandoned, and nothing more is sent. Once an abandonment is final, what the ledger did not accept is void. A reorg
 * that takes an abandonment back before then opens the gate again. When nothing of the epoch is left to do and the next one has a final seed, the epoch is over.
 */
export class EpochWatch {
  readonly #parts: EpochWatchParts
  readonly #wakeup: Wakeup
  readonly #wake = (): void => this.#wakeup.wake()
  /** Block at which the abandonment was first seen. */
  #seenAt: number | undefined
  #done = false
  /** By the ledger, and by decision. */
  #told = NO_END
  #decided = NO_END
  #isOver = false

  constructor(parts: EpochWatchParts) {
    this.#parts = parts
    this.#wakeup = new Wakeup(
      () => this.#look(),
      (error) => {
        const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
        parts.log.warn({ code }, 'the epoch cannot be followed')
      },
    )
  }

  /** First index that the epoch does not have, by the ledger or by a decision that it is yet to be told. */
  get end(): bigint {
    return min(this.#told, this.#decided)
  }

  /** The router has decided that the epoch ends here. */
  endAt(end: bigint): void {
    this.#decided = end
    this.#wakeup.wake()
  }

  /** Resolves after a first look: no receipt of an epoch that was over before. */
  async start(): Promise<void> {
    await this.#settleEarlier()
    await this.#look()
    this.#parts.bus.on('block', this.#wake)
    await this.#wakeup.start(this.#parts.database, [], LOOK_MS)
  }

  async stop(): Promise<void> {
    this.#parts.bus.off('block', this.#wake)
    await this.#wakeup.stop()
  }

  async #look(): Promise<void> {
    const { chain, context, gate, database } = this.#parts
    const { end, abandoned, frozen } = await chain.epochEnd(context.epoch)
    const decided = await endingOf(database.db, context.epoch)
    this.#told = end
    if (decided) this.#decided = decided.end
    gate.set('frozen', frozen)
    if (abandoned && this.#seenAt === undefined && !this.#done) this.#tell(end)
    gate.set('abandoned', abandoned)
    if (abandoned) return this.#void(end)
    this.#seenAt = undefined
    const last = this.end === NO_END ? undefined : await lastBatch(database.db)
    const ended = last !== undefined && last.state !== 'open' && last.opening.index + 1n >= this.end
    gate.set('ended', ended)
    if (ended && end !== NO_END) await this.#over()
  }

  #tell(end: bigint): void {
    const { log, bus, context } = this.#parts
    log.error({ epoch: `${context.epoch}`, end: `${end}` }, 'the epoch was abandoned: receipts stop')
    bus.emit('epoch', { epoch: context.epoch, state: 'abandoned', end })
  }

  async #void(end: bigint): Promise<void> {
    const { chain, finalityDepth, database, queue, context, bus, log } = this.#parts
    if (this.#done) return this.#over()
    const block = await chain.blockNumber()
    this.#seenAt ??= block
    if (block - this.#seenAt < finalityDepth) return
    const indices = await voidFrom(database.db, queue, context.epoch, end)
    if (!indices) return
    this.#done = true
    for (const index of indices) bus.emit('batch', { index, state: 'abandoned' })
    log.warn({ epoch: `${context.epoch}`, batches: indices.map(String) }, 'receipts of these batches are void')
  }

  /** Says so once nothing of the epoch waits, and the next one's seed is final: its first receipt follows from it. */
  async #over(): Promise<void> {
    const { chain, context, finalityDepth, database, bus, log } = this.#parts
    if (this.#isOver) return
    const { epoch, seed, seedBlock, abandoned } = await chain.epoch(await chain.latestEpoch())
    if (epoch <= context.epoch || seed === 0n || abandoned) return
    if (BigInt(await chain.blockNumber()) < seedBlock + BigInt(finalityDepth)) return
    if ((await unsettledEpochs(database.db, epoch)).length > 0) return
    log.info({ epoch: `${context.epoch}`, next: `${epoch}` }, 'the epoch is over')
    this.#isOver = true
    bus.emit('epoch', { epoch: context.epoch, state: 'over', end: this.end })
  }

  /** What was not accepted of epochs that ended while nobody looked: the one that runs was announced after that was final. */
  async #settleEarlier(): Promise<void> {
    const { database, queue, chain, context } = this.#parts
    for (const epoch of await unsettledEpochs(database.db, context.epoch)) {
      const { end, abandoned } = await chain.epochEnd(epoch)
      if (abandoned) await voidFrom(database.db, queue, epoch, end)
    }
  }
}
