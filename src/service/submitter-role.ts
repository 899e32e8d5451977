import { CodedError } from '../base/error.ts'
import { packSubmission } from '../chain/submission.ts'
import type { PreparedTransaction } from '../chain/writer.ts'
import { publicSignals } from '../statement/binding.ts'
import { decodeStatement } from '../statement/statement.ts'
import { genesisHead } from './chain-agreement.ts'
import { EpochChange } from './epoch-change.ts'
import type { DutyEvent, ServiceBus } from './events.ts'
import type { Gate } from './gate.ts'
import type { LaneContext } from './lane-context.ts'
import type { Log } from './log.ts'
import { notify, Wakeup } from './notices.ts'
import type { ChainReads, ChainWrites, EpochReads, EpochWrites, VerifyBatchProof } from './ports.ts'
import type { EpochSigner } from './receipt-signer.ts'
import type { Database } from './store/database.ts'
import { batchAt } from './store/lane-reads.ts'
import { proofOf } from './store/proofs.ts'
import type { StoredBatch } from './store/rows.ts'
import {
  adoptTransaction,
  dropSubmission,
  firstUnaccepted,
  forgetTransaction,
  replaceSubmission,
  type StoredSubmission,
  sendAgain,
  storeSubmission,
  submissionFor,
} from './store/submissions.ts'
import { countFailure, mustMoveBatch } from './store/transitions.ts'
import { headAfter } from './views.ts'

/** Of one lane in one epoch; `chain` sends from the submitter's account. */
export interface SubmitterParts {
  readonly database: Database
  readonly context: LaneContext
  readonly chain: ChainWrites
  readonly ledger: Pick<ChainReads, 'acceptance'> & EpochReads
  readonly epochs: EpochWrites
  readonly epoch: { readonly end: bigint }
  readonly verify: VerifyBatchProof
  readonly signer: EpochSigner
  /** Position of the circuit's verifier in the epoch's list. */
  readonly verifier: number
  /** The most that go into one transaction. */
  readonly maxBatches: number
  /** A transaction that is not mined for so long is offered at a higher price, ms. */
  readonly repriceAfterMs: number
  readonly gate: Gate
  readonly bus: ServiceBus
  readonly log: Log
}

/** How often it looks without a notice: the pause before a refused batch is tried again, ms. */
const LOOK_MS = 1000
/** A transaction without a receipt is broadcast again after this, ms: the node may have lost it. */
const RESEND_MS = 5000

/** Calldata that a node surely takes; several batches stay below it, however large they are. */
const MOST_BYTES = 96_000
/** While these stop receipts, the ledger takes nothing of the epoch. */
const OVER = ['abandoned', 'frozen'] as const
/** What a batch has in calldata besides its orders. */
const FIXED_BYTES = 1_500

/**
 * Signs verified batches and sends them in the order of their indices, one transaction at a time; what waits together goes together. Everything is durable before
 * it is sent, so that a restart sends the same bytes.
 */
export class SubmitterRole {
  readonly #parts: SubmitterParts
  readonly #wakeup: Wakeup
  readonly #change: EpochChange
  #sentAt = Number.NEGATIVE_INFINITY
  /** Since when the transaction that waits was offered at its price. */
  #offered: { readonly hash: string; readonly at: number } | undefined
  /** A transaction could not be sent because another of the account was mined in its place: perhaps one with the same batches. */
  #overtaken = false

  constructor(parts: SubmitterParts) {
    this.#parts = parts
    this.#change = new EpochChange({ ...parts, reader: parts.ledger, writer: parts.epochs })
    this.#wakeup = new Wakeup(
      () => this.#work(),
      (error) => this.#report(error),
    )
  }

  async start(): Promise<void> {
    this.#parts.bus.on('duty', this.#hurry)
    await this.#wakeup.start(this.#parts.database, ['proof-done', 'batch-moved'], LOOK_MS)
  }
  async stop(): Promise<void> {
    this.#parts.bus.off('duty', this.#hurry)
    await this.#wakeup.stop()
  }

  /** Somebody noticed that a batch is overdue: what was sent is sent again at once. */
  readonly #hurry = ({ duty }: DutyEvent): void => {
    if (duty !== 'overdue-noticed') return
    this.#sentAt = Number.NEGATIVE_INFINITY
    this.#wakeup.wake()
  }

  async #work(): Promise<void> {
    const { database, maxBatches, gate } = this.#parts
    if (OVER.some((cause) => gate.stopOf(cause))) return
    await this.#signAll()
    const waiting = await firstUnaccepted(database.db, maxBatches)
    const [first] = waiting
    if (first?.state === 'proven') await this.#send(first, waiting)
    const wait = Math.min(RESEND_MS, this.#parts.repriceAfterMs)
    if (first?.state === 'sent' && performance.now() - this.#sentAt > wait) await this.#broadcast(first.opening.index)
    // Here, as it is one account whose transactions follow each other.
    await this.#change.step()
  }

  /** Signs what can go into the next transaction, up to the first batch that has no proof yet. */
  async #signAll(): Promise<void> {
    const { database, maxBatches } = this.#parts
    for (const batch of await firstUnaccepted(database.db, maxBatches)) {
      if (batch.state === 'proven' || batch.state === 'sent') continue
      if (batch.state !== 'closed' || !(await this.#sign(batch))) return
    }
  }

  /** closed → proven. @returns whether it did. */
  async #sign(batch: StoredBatch): Promise<boolean> {
    const { database, context, verify, signer, bus } = this.#parts
    const { index, epoch } = batch.opening
    const found = await proofOf(database.db, index)
    if (!found?.proof || !batch.closing) return false
    const { proof } = found
    if (proof.verifierId !== context.circuit.verifierId || !(await verify(publicSignals(proof), proof.words)))
      return this.#quarantine(batch, 'PROOF_INVALID')
    const signature = signer.batch(epoch, index, batch.closing.hash)
    await mustMoveBatch(database.db, index, 'proven', 'submitter', { signature, failures: 0 })
    bus.emit('batch', { index, state: 'proven' })
    return true
  }

  /** proven → sent: with the bytes that are stored, if a reorg brought the batches back, or with new ones. */
  async #send(first: StoredBatch, waiting: readonly StoredBatch[]): Promise<void> {
    const { database, bus } = this.#parts
    const { index } = first.opening
    const stored = await submissionFor(database.db, index)
    if (stored && stored.raw === undefined) await forgetTransaction(database.db, stored.hash)
    const batches = stored?.raw === undefined ? await this.#prepare(first, waiting) : stored.batches
    if (stored?.raw !== undefined && !(await sendAgain(database.db, stored))) return
    if (!batches) return
    for (const each of batches) bus.emit('batch', { index: each, state: 'sent' })
    await this.#broadcast(index)
  }

  /** Makes a transaction and stores it. @returns its batches, or `undefined` when there is nothing to broadcast. */
  async #prepare(first: StoredBatch, waiting: readonly StoredBatch[]): Promise<readonly bigint[] | undefined> {
    const { database, chain, log } = this.#parts
    const { index } = first.opening
    if ((this.#overtaken || first.failures > 0) && (await this.#isThere(first))) return undefined
    this.#overtaken = false
    const group = await this.#groupOf(first, waiting)
    const batches = group.map(({ opening }) => opening.index)
    try {
      const submissions = await Promise.all(group.map((batch) => this.#submission(batch)))
      const transaction = await chain.prepareBatches(submissions, { nonce: await chain.nextNonce() })
      return (await storeSubmission(database.db, batches, transaction)) ? batches : undefined
    } catch (error) {
      const refused = error instanceof CodedError && error.code === 'TRANSACTION_REVERTED'
      if (!refused) throw error
      log.warn({ batches: batches.map(String), error: error.details.error }, 'the ledger would refuse the transaction')
      if (await countFailure(database.db, index)) await this.#quarantine(first, error.code)
      // Alone the first may pass at once.
      if (batches.length > 1) this.#wakeup.wake()
      return undefined
    }
  }

  /** What goes together: proven batches of one epoch and circuit without bytes of their own, none of which was refused before. The first goes in any case, alone if it was. */
  async #groupOf(first: StoredBatch, waiting: readonly StoredBatch[]): Promise<StoredBatch[]> {
    const group: StoredBatch[] = []
    let bytes = 0
    for (const batch of waiting) {
      const { epoch, circuit } = batch.opening
      const fits = epoch === first.opening.epoch && circuit === first.opening.circuit && batch.state === 'proven'
      bytes += FIXED_BYTES + 33 * batch.count
      const follows = fits && first.failures + batch.failures === 0 && bytes <= MOST_BYTES
      if (group.length > 0 && !(follows && !(await submissionFor(this.#parts.database.db, batch.opening.index)))) break
      group.push(batch)
    }
    return group
  }

  /** Whether the ledger has the batch already: anybody may send what the mempool shows. Then it is followed like one of our own. */
  async #isThere({ opening: { index }, closing }: StoredBatch): Promise<boolean> {
    const { database, ledger, bus, log } = this.#parts
    const found = await ledger.acceptance(index)
    if (!found || found.statementHash !== closing?.hash) return false
    if (!(await adoptTransaction(database.db, index, found.transaction))) return false
    log.info({ batch: `${index}`, transaction: found.transaction }, 'somebody else sent the batch')
    bus.emit('batch', { index, state: 'sent' })
    await notify(database.db, 'batch-moved')
    return true
  }

  async #broadcast(index: bigint): Promise<void> {
    const { database, chain } = this.#parts
    const stored = await submissionFor(database.db, index)
    if (stored?.raw === undefined) return
    const submission = await this.#atPriceOfTheDay(stored, stored.raw)
    this.#sentAt = performance.now()
    try {
      await chain.broadcast(submission)
    } catch (error) {
      // Its nonce is taken: these bytes can never be mined, so the batches get a new transaction, unless what was mined carries them.
      if (!(error instanceof CodedError) || error.code !== 'TRANSACTION_REFUSED') throw error
      this.#overtaken = true
      await dropSubmission(database.db, { ...stored, hash: submission.hash })
    }
    await notify(database.db, 'batch-moved')
  }

  /** The transaction, or one in its place where it has waited long and prices have risen; durable before it is sent. */
  async #atPriceOfTheDay(stored: StoredSubmission, raw: string): Promise<Pick<PreparedTransaction, 'raw' | 'hash'>> {
    const { database, chain, repriceAfterMs, log } = this.#parts
    const { hash, batches } = stored
    const now = performance.now()
    if (this.#offered?.hash !== hash) this.#offered = { hash, at: now }
    if (now - this.#offered.at < repriceAfterMs) return { raw, hash }
    const dearer = await chain.reprice({ raw })
    if (!dearer || !(await replaceSubmission(database.db, stored, dearer))) return { raw, hash }
    log.info({ batches: batches.map(String), transaction: dearer.hash }, 'a transaction waited: it offers more now')
    this.#offered = { hash: dearer.hash, at: now }
    return dearer
  }

  async #submission({ opening, closing, signature = '' }: StoredBatch) {
    const { database, context, verifier } = this.#parts
    const [found, before] = await Promise.all([
      proofOf(database.db, opening.index),
      opening.index === 0n ? undefined : batchAt(database.db, opening.index - 1n),
    ])
    // Not the opening's: in an epoch's first batch the ledger itself takes the step from the head before.
    const previous = before ? headAfter(before) : genesisHead(context.policy.shards.length)
    const { counters } = opening
    const statement = decodeStatement(context.circuit.shape, closing?.words ?? [])
    const { beneficiary = '', digest = 0n, words: proof = [] } = found?.proof ?? {}
    return packSubmission(statement, { previous, counters, verifier, beneficiary, digest, proof, signature })
  }

  async #quarantine({ opening: { index } }: StoredBatch, reason: string): Promise<false> {
    const { database, bus } = this.#parts
    await mustMoveBatch(database.db, index, 'quarantined', 'submitter', { reason })
    bus.emit('batch', { index, state: 'quarantined', reason })
    return false
  }

  #report(error: unknown): void {
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
    this.#parts.log.warn({ code }, 'the submitter will try again')
  }
}
