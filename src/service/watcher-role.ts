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
  type StoredSubmission,
  storeAcceptance,
  watched,
} from './store/submissions.ts'
import { countFailure, moveBatch } from './store/transitions.ts'

export interface WatcherParts {
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
    for (const { submission, state } of await watched(database.db))
      moved = (await (state === 'sent' ? this.#sent(submission) : this.#accepted(submission))) || moved
    if (moved) await notify(database.db, 'batch-moved')
  }

  /** sent → accepted, or back to proven when the ledger refused it. */
  async #sent({ batch, hash }: StoredSubmission): Promise<boolean> {
    const { database, chain, shards, bus, log } = this.#parts
    const found = await chain.transaction(hash)
    if (!found) return false
    if (!found.succeeded) {
      log.warn({ batch: `${batch}`, transaction: hash }, 'the ledger refused a batch')
      const last = await countFailure(database.db, batch)
      const dropped = await dropSubmission(database.db, batch)
      if (dropped && last)
        await moveBatch(database.db, batch, 'quarantined', 'submitter', { reason: 'TRANSACTION_REVERTED' })
      if (dropped) bus.emit('batch', { index: batch, state: last ? 'quarantined' : 'proven' })
      return dropped
    }
    const counts = await storeAcceptance(database.db, batch, found, shards)
    if (!counts) return false
    bus.emit('batch', { index: batch, state: 'accepted', shards: counts, transaction: hash, gasUsed: found.gasUsed })
    return true
  }

  /** accepted → final, or back to proven when its block is no longer in the chain. A chain that came back shorter is a reorg. */
  async #accepted({ batch, hash, included }: StoredSubmission): Promise<boolean> {
    const { database, chain, finalityDepth, shards, bus, log } = this.#parts
    const found = await chain.transaction(hash)
    if (found && found.blockHash === included?.blockHash) {
      if (this.#block - found.blockNumber < finalityDepth) return false
      const moved = await finalize(database.db, batch)
      if (moved) bus.emit('batch', { index: batch, state: 'final' })
      return false
    }
    if (!(await revokeAcceptance(database.db, batch, shards))) return false
    log.warn({ batch: `${batch}`, transaction: hash }, 'a reorg took a batch back')
    bus.emit('batch', { index: batch, state: 'proven' })
    return true
  }

  #unseen(error: unknown): void {
    this.#missed++
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
    this.#parts.log.warn({ code }, 'the chain cannot be followed')
    if (!this.chainSeen) this.#parts.gate.set('chain', true)
  }
}
