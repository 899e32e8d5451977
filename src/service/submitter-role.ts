import { CodedError } from '../base/error.ts'
import { packSubmission } from '../chain/submission.ts'
import { publicSignals } from '../statement/binding.ts'
import type { Head } from '../statement/record.ts'
import { decodeStatement } from '../statement/statement.ts'
import type { ServiceBus } from './events.ts'
import type { LaneContext } from './lane-context.ts'
import type { Log } from './log.ts'
import { notify, Wakeup } from './notices.ts'
import type { ChainWrites, VerifyBatchProof } from './ports.ts'
import type { EpochSigner } from './receipt-signer.ts'
import type { Database } from './store/database.ts'
import { batchAt } from './store/lane-reads.ts'
import { proofOf } from './store/proofs.ts'
import type { StoredBatch } from './store/rows.ts'
import { dropSubmission, firstUnaccepted, storeSubmission, submissionFor } from './store/submissions.ts'
import { countFailure, mustMoveBatch } from './store/transitions.ts'

export interface SubmitterParts {
  readonly database: Database
  readonly context: LaneContext
  readonly chain: ChainWrites
  readonly verify: VerifyBatchProof
  readonly signer: EpochSigner
  /** Position of the circuit's verifier in the epoch's list. */
  readonly verifier: number
  readonly bus: ServiceBus
  readonly log: Log
}

/** How often it looks without a notice: the pause before a refused batch is tried again, ms. */
const LOOK_MS = 1000
/** A transaction without a receipt is broadcast again after this, ms: the node may have lost it. */
const RESEND_MS = 5000

/** Signs verified batches and sends them in the order of their indices, one at a time. Everything is durable before it is sent, so that a restart sends the same bytes. */
export class SubmitterRole {
  readonly #parts: SubmitterParts
  readonly #wakeup: Wakeup
  #sentAt = Number.NEGATIVE_INFINITY

  constructor(parts: SubmitterParts) {
    this.#parts = parts
    this.#wakeup = new Wakeup(
      () => this.#work(),
      (error) => this.#report(error),
    )
  }

  start = (): Promise<void> => this.#wakeup.start(this.#parts.database, ['proof-done', 'batch-moved'], LOOK_MS)
  stop = (): Promise<void> => this.#wakeup.stop()

  async #work(): Promise<void> {
    const batch = await firstUnaccepted(this.#parts.database.db)
    if (!batch) return
    if (batch.state === 'closed' && (await this.#sign(batch))) return this.#work()
    if (batch.state === 'proven') await this.#send(batch)
    if (batch.state === 'sent' && performance.now() - this.#sentAt > RESEND_MS)
      await this.#broadcast(batch.opening.index)
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

  /** proven → sent: with the bytes that are stored, if a reorg brought the batch back, or with new ones. */
  async #send(batch: StoredBatch): Promise<void> {
    const { database, chain, bus, log } = this.#parts
    const { index } = batch.opening
    const stored = await submissionFor(database.db, index)
    if (stored) await mustMoveBatch(database.db, index, 'sent', 'submitter')
    else {
      try {
        const transaction = await chain.prepareBatch(await this.#submission(batch), { nonce: await chain.nextNonce() })
        if (!(await storeSubmission(database.db, index, transaction))) return
      } catch (error) {
        const refused = error instanceof CodedError && error.code === 'TRANSACTION_REVERTED'
        if (!refused) throw error
        log.warn({ batch: `${index}`, error: error.details.error }, 'the ledger would refuse the batch')
        if (await countFailure(database.db, index)) await this.#quarantine(batch, error.code)
        return
      }
    }
    bus.emit('batch', { index, state: 'sent' })
    await this.#broadcast(index)
  }

  async #broadcast(index: bigint): Promise<void> {
    const transaction = await submissionFor(this.#parts.database.db, index)
    if (!transaction) return
    this.#sentAt = performance.now()
    try {
      await this.#parts.chain.broadcast(transaction)
    } catch (error) {
      // Its nonce is taken: these bytes can never be mined, so the batch gets a new transaction.
      if (!(error instanceof CodedError) || error.code !== 'TRANSACTION_REFUSED') throw error
      await dropSubmission(this.#parts.database.db, index)
    }
    await notify(this.#parts.database.db, 'batch-moved')
  }

  async #submission({ opening, closing, signature = '' }: StoredBatch) {
    const { database, context, verifier } = this.#parts
    const [found, before] = await Promise.all([
      proofOf(database.db, opening.index),
      opening.index === 0n ? undefined : batchAt(database.db, opening.index - 1n),
    ])
    const counters = context.policy.shards.map(() => 0n)
    const previous: Head = {
      epoch: before?.opening.epoch ?? 0n,
      nextIndex: opening.index,
      state: opening.stateBefore,
      time: before?.opening.time ?? 0n,
      orderCounter: opening.orderCounter,
      counters,
    }
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
