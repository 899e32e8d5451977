import { at } from '../base/at.ts'
import { CodedError } from '../base/error.ts'
import type { ServiceBus } from './events.ts'
import type { Gate } from './gate.ts'
import type { Log } from './log.ts'
import { notify, Wakeup } from './notices.ts'
import type { ChainReads } from './ports.ts'
import type { Database } from './store/database.ts'
import {
  dropSubmission,
  finalize,
  revokeAcceptance,
  storeAcceptance,
  type Watched,
  watched,
} from './store/submissions.ts'
import { countFailure, moveBatch } from './store/transitions.ts'

interface WatcherParts {
  readonly database: Database
  readonly chain: ChainReads
  /** Blocks after which a batch is final. */
  readonly finalityDepth: number
  readonly shards: number
  readonly gate: Gate
  readonly bus: ServiceBus
  readonly log: Log
  /** How often the chain is looked at, ms. */
  readonly everyMs: number
}

/** Looks that may fail before the chain counts as not seen. */
const MISSED_LOOKS = 3

/** Follows transactions: accepted with their block, final after enough blocks, back to proven when a reorg took them out. */
export class WatcherRole {
  readonly #parts: WatcherParts
  readonly #wakeup: Wakeup
  #missed = 0
  #block = -1

  constructor(parts: WatcherParts) {
    this.#parts = parts
    this.#wakeup = new Wakeup(
      () => this.#work(),
      (error) => this.#unseen(error),
    )
  }

  /** Number of the latest block that was seen; −1 before the first. */
  get block(): number {
    return this.#block
  }
  get chainSeen(): boolean {
    return this.#block >= 0 && this.#missed < MISSED_LOOKS
  }

  /** Resolves after a first look. */
  async start(): Promise<void> {
    await this.#work().catch((error) => this.#unseen(error))
    await this.#wakeup.start(this.#parts.database, ['batch-moved'], this.#parts.everyMs)
  }
  stop = (): Promise<void> => this.#wakeup.stop()

  async #work(): Promise<void> {
    const { database, chain, gate, bus } = this.#parts
    const number = await chain.blockNumber()
    this.#missed = 0
    gate.set('chain', false)
    if (number !== this.#block) bus.emit('block', { number })
    this.#block = number
    let moved = false
    for (const transaction of await watched(database.db))
      moved = (await (transaction.state === 'sent' ? this.#sent(transaction) : this.#accepted(transaction))) || moved
    if (moved) await notify(database.db, 'batch-moved')
  }

  /** sent → accepted, or back to proven when the ledger refused them. */
  async #sent(transaction: Watched): Promise<boolean> {
    const { database, chain, shards, bus } = this.#parts
    const { hash, batches } = transaction
    const found = await chain.transaction(hash)
    if (!found) return false
    if (!found.succeeded) return this.#refused(transaction)
    const shares = await storeAcceptance(database.db, batches, found, shards)
    if (!shares) return false
    for (const [i, index] of batches.entries()) {
      const { counts, gasUsed } = at(shares, i)
      bus.emit('batch', { index, state: 'accepted', shards: counts, transaction: hash, gasUsed })
    }
    return true
  }

  /** A refusal counts against the first of the batches, which goes alone the next time: so the one that is refused is found, and the others are not held up by it. */
  async #refused(transaction: Watched): Promise<boolean> {
    const { database, bus, log } = this.#parts
    const { hash, batches } = transaction
    log.warn({ batches: batches.map(String), transaction: hash }, 'the ledger refused a transaction')
    const first = at(batches, 0)
    const last = await countFailure(database.db, first)
    if (!(await dropSubmission(database.db, transaction))) return false
    if (last) await moveBatch(database.db, first, 'quarantined', 'submitter', { reason: 'TRANSACTION_REVERTED' })
    for (const index of batches) bus.emit('batch', { index, state: last && index === first ? 'quarantined' : 'proven' })
    return true
  }

  /** accepted → final, or back to proven when their block is no longer in the chain. A chain that came back shorter is a reorg. */
  async #accepted(transaction: Watched): Promise<boolean> {
    const { database, chain, finalityDepth, shards, bus, log } = this.#parts
    const { hash, batches, blockHash } = transaction
    const found = await chain.transaction(hash)
    if (found && found.blockHash === blockHash) {
      if (this.#block - found.blockNumber < finalityDepth) return false
      if (await finalize(database.db, batches))
        for (const index of batches) bus.emit('batch', { index, state: 'final' })
      return false
    }
    if (!(await revokeAcceptance(database.db, transaction, shards))) return false
    log.warn({ batches: batches.map(String), transaction: hash }, 'a reorg took batches back')
    for (const index of batches) bus.emit('batch', { index, state: 'proven' })
    return true
  }

  #unseen(error: unknown): void {
    this.#missed++
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
    this.#parts.log.warn({ code }, 'the chain cannot be followed')
    if (!this.chainSeen) this.#parts.gate.set('chain', true)
  }
}
