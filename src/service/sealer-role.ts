import { CodedError } from '../base/error.ts'
import type { SendingTurn } from '../chain/sending-turn.ts'
import type { PreparedTransaction } from '../chain/writer.ts'
import { sealSeed } from '../statement/record.ts'
import { announceDraw } from './announce.ts'
import { ConsistencyError, stateClosedBatch } from './batch-closing.ts'
import { drawBatch } from './draw.ts'
import type { BatchEvent, ServiceBus } from './events.ts'
import type { Gate } from './gate.ts'
import type { JobQueue } from './job-queue.ts'
import type { LaneContext } from './lane-context.ts'
import type { Lease } from './lease.ts'
import type { Log } from './log.ts'
import { notify, Wakeup } from './notices.ts'
import type { SealReads, SealWrites } from './ports.ts'
import type { Database } from './store/database.ts'
import { undrawnBatches } from './store/lane-reads.ts'
import { commitDraw } from './store/lane-writes.ts'
import type { StoredBatch } from './store/rows.ts'
import { moveBatch } from './store/transitions.ts'

interface SealerParts {
  readonly database: Database
  readonly context: LaneContext
  readonly queue: JobQueue
  readonly lease: Pick<Lease, 'term'>
  readonly chain: SealReads
  readonly writer: SealWrites
  /** Of the account that seals are sent from. */
  readonly turn: SendingTurn
  /** Blocks after which a seed is final. */
  readonly finalityDepth: number
  /** How many more batches may close before it is known that those before them can be proven. */
  readonly check: { readonly room: number }
  /** Batches that may wait for their draws, the open one counted. */
  readonly maxSealed: number
  /** A seal that is not mined for so long is offered at a higher price, ms. */
  readonly repriceAfterMs: number
  readonly gate: Gate
  readonly bus: ServiceBus
  readonly log: Log
}

/** What is not looked at because of a block is looked at after this, ms. */
const LOOK_MS = 1000
/** The first seal without a block is broadcast again after this, ms: the node may have lost it. */
const RESEND_MS = 2000
/** Gas of a seal behind one that has no block yet: the node cannot tell what it will take. More than twice the 83,500 that it takes. */
const SEAL_GAS = 200_000n
/** While these stop receipts, the ledger takes nothing of the epoch. */
const OVER = ['abandoned', 'frozen'] as const

/** A seal's transaction: when it was broadcast last, and since when it offers its price. */
type Offer = PreparedTransaction & { at: number; readonly since: number }

/**
 * Sealed mode: seals batches on chain in the order of their indices and, once the block of a seal's seed is final, draws the batch. What it does follows from the rows and
 * the chain alone: a seal that is there is not sent again, whoever sent it, and one that a reorg took out is, with the same bytes.
 */
export class SealerRole {
  readonly #parts: SealerParts
  readonly #wakeup: Wakeup
  readonly #wake = (): void => this.#wakeup.wake()
  readonly #onBatch = ({ state }: BatchEvent): void => {
    if (state !== 'sealed') return
    this.#setUndrawn(this.#undrawn + 1)
    this.#wakeup.wake()
  }
  readonly #onGate = ({ cause, stopped }: { cause: string; stopped: boolean }): void => {
    if (cause === 'unchecked' && !stopped) this.#wakeup.wake()
  }
  #undrawn = 0
  /** The last index whose seal was seen. */
  #sealedUpTo = -1n
  /** Transactions of this process by index: they are sent again, not made anew. */
  readonly #sent = new Map<bigint, Offer>()

  constructor(parts: SealerParts) {
    this.#parts = parts
    this.#wakeup = new Wakeup(
      () => this.#look(),
      (error) => {
        const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
        const why = error instanceof CodedError ? error.details.error : undefined
        parts.log.warn({ code, error: why }, 'the sealer will try again')
      },
    )
  }

  /** How many more batches may be on their way to their draws. */
  get room(): number {
    return Math.max(0, this.#parts.maxSealed - this.#undrawn)
  }

  /** Resolves when it knows what waits since before. */
  async start(): Promise<void> {
    const { database, context, bus } = this.#parts
    bus.on('batch', this.#onBatch).on('block', this.#wake).on('gate', this.#onGate)
    this.#setUndrawn((await undrawnBatches(database.db, context.epoch)).length)
    await this.#wakeup.start(database, ['batch-moved'], LOOK_MS)
  }

  async stop(): Promise<void> {
    this.#parts.bus.off('batch', this.#onBatch).off('block', this.#wake).off('gate', this.#onGate)
    await this.#wakeup.stop()
  }

  async #look(): Promise<void> {
    const { gate } = this.#parts
    if (OVER.some((cause) => gate.stopOf(cause))) return
    const batches = await this.#count()
    await this.#drawAll(batches)
    await this.#sealAll(batches)
  }

  /** What waits; batches that were sealed meanwhile have told so themselves. */
  async #count(): Promise<StoredBatch[]> {
    const { database, context } = this.#parts
    for (;;) {
      const before = this.#undrawn
      const batches = await undrawnBatches(database.db, context.epoch)
      if (before !== this.#undrawn) continue
      this.#setUndrawn(batches.length)
      return batches
    }
  }

  /** Draws batches in order, up to the first whose seed is not final. */
  async #drawAll(batches: readonly StoredBatch[]): Promise<void> {
    const { chain, context, finalityDepth, check } = this.#parts
    const { epoch, domain } = context
    if (batches.length === 0) return
    const latest = await chain.blockNumber()
    for (const batch of batches) {
      const { index } = batch.opening
      const seal = await chain.seal(epoch, index)
      if (!seal) return
      if (seal.sealHash !== batch.seal?.hash) return this.#quarantine(index, 'SEAL_CONTRADICTED')
      if (check.room === 0 || latest - seal.seedBlock < finalityDepth) return
      const block = await chain.block(seal.seedBlock)
      if (!block || !(await this.#draw(batch, sealSeed(domain, epoch, index, block.hash)))) return
    }
  }

  /** sealed → closed. @returns whether it did. */
  async #draw(batch: StoredBatch, seed: bigint): Promise<boolean> {
    const { database, context, queue, lease, bus } = this.#parts
    const { index } = batch.opening
    try {
      const closing = await drawBatch(database.db, context, batch, seed)
      if (!closing) return false
      const drawn = await commitDraw(database.db, queue, lease.term, closing, (of, rows) =>
        stateClosedBatch(context, of, rows),
      )
      if (!drawn) return false
      this.#sent.delete(index)
      this.#setUndrawn(Math.max(0, this.#undrawn - 1))
      announceDraw(bus, closing, context.policy.shards.length)
      return true
    } catch (error) {
      if (!(error instanceof ConsistencyError)) throw error
      await this.#quarantine(index, error.code)
      return false
    }
  }

  /** Sends the seals that the chain does not have, one after the other without waiting for blocks. */
  async #sealAll(batches: readonly StoredBatch[]): Promise<void> {
    const { chain, context, log } = this.#parts
    const isThere = async ({ opening }: StoredBatch): Promise<boolean> =>
      (await chain.seal(context.epoch, opening.index)) !== undefined
    const seen = batches.filter(({ opening }) => opening.index <= this.#sealedUpTo).length
    let sealed = seen
    // The ledger takes seals in order, so a reorg takes the last ones out.
    for (let last = batches[sealed - 1]; last && !(await isThere(last)); last = batches[sealed - 1]) sealed--
    if (sealed < seen) log.warn({ from: `${batches[sealed]?.opening.index}` }, 'a reorg took seals back')
    for (const { opening } of batches.slice(sealed, seen)) this.#hurry(opening.index)
    for (let next = batches[sealed]; next && (await isThere(next)); next = batches[sealed]) sealed++
    this.#sealedUpTo = batches[sealed - 1]?.opening.index ?? -1n
    for (const [i, batch] of batches.slice(sealed).entries()) await this.#seal(batch, i === 0)
  }

  /** @param next the chain has the seals of all batches before. */
  async #seal({ opening: { index }, seal }: StoredBatch, next: boolean): Promise<void> {
    const { writer, turn } = this.#parts
    if (!seal || (await this.#isUnderWay(index, next))) return
    await turn.take(async () => {
      const made = await writer.prepareSeal(index, seal.hash, seal.signature, next ? {} : { gasLimit: SEAL_GAS })
      const now = performance.now()
      this.#sent.set(index, { ...made, at: now, since: now })
      await writer.broadcast(made)
    })
  }

  /** Whether a transaction of ours may still seal a batch. One that waits for long is sent again, in its turn: those behind it wait for it anyway. */
  async #isUnderWay(index: bigint, next: boolean): Promise<boolean> {
    const { chain, writer, repriceAfterMs } = this.#parts
    const sent = this.#sent.get(index)
    if (!sent) return false
    const hurried = sent.at === Number.NEGATIVE_INFINITY
    const waits = next && performance.now() - sent.at >= Math.min(RESEND_MS, repriceAfterMs)
    if (!hurried && !waits) return true
    const found = await chain.transaction(sent.hash)
    if (found) return found.succeeded
    const offer = await this.#atPriceOfTheDay(index, sent)
    try {
      await writer.broadcast(offer)
    } catch (error) {
      // Its nonce is taken: these bytes can never be mined.
      if (!(error instanceof CodedError) || error.code !== 'TRANSACTION_REFUSED') throw error
      return false
    }
    offer.at = performance.now()
    return true
  }

  /** The transaction, or one in its place where it has waited long and prices have risen: whichever is mined is found by its seal. */
  async #atPriceOfTheDay(index: bigint, sent: Offer): Promise<Offer> {
    const { writer, repriceAfterMs, log } = this.#parts
    const now = performance.now()
    const dearer = now - sent.since < repriceAfterMs ? undefined : await writer.reprice(sent)
    if (!dearer) return sent
    log.info({ batch: `${index}`, transaction: dearer.hash }, 'a seal waited: it offers more now')
    const offer = { ...dearer, at: now, since: now }
    this.#sent.set(index, offer)
    return offer
  }

  #hurry(index: bigint): void {
    const sent = this.#sent.get(index)
    if (sent) sent.at = Number.NEGATIVE_INFINITY
  }

  async #quarantine(index: bigint, reason: string): Promise<void> {
    const { database, bus, log } = this.#parts
    if (!(await moveBatch(database.db, index, 'quarantined', 'router', { reason }, 'sealed'))) return
    log.error({ batch: `${index}`, code: reason }, 'a sealed batch cannot be drawn')
    bus.emit('batch', { index, state: 'quarantined', reason })
    await notify(database.db, 'batch-moved')
  }

  #setUndrawn(count: number): void {
    this.#undrawn = count
    this.#parts.gate.set('undrawn', this.room === 0)
  }
}
