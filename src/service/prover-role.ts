import { CodedError } from '../base/error.ts'
import { proofWords } from '../proof/calldata.ts'
import { bind, publicSignals } from '../statement/binding.ts'
import { circuitInputs } from '../witness/witness.ts'
import { witnessOf } from './batch-closing.ts'
import { CancelWatch } from './cancellation.ts'
import type { ServiceBus } from './events.ts'
import type { HeldJob, JobQueue } from './job-queue.ts'
import type { LaneContext } from './lane-context.ts'
import type { Log } from './log.ts'
import { notify, Wakeup } from './notices.ts'
import type { Proves } from './ports.ts'
import type { Database } from './store/database.ts'
import { batchAt, entriesOf } from './store/lane-reads.ts'
import { beginAttempt, endAttempt, failAttempt, storeProof } from './store/proofs.ts'

/** PROOF_SIGNALS_DIFFER: the prover proved another statement. BATCH_INCOMPLETE: the batch has no V yet. JOB_CANCELLED: nobody waits for the proof. */
class AttemptError extends CodedError<'PROOF_SIGNALS_DIFFER' | 'BATCH_INCOMPLETE' | 'JOB_CANCELLED'> {}

interface ProverParts {
  readonly database: Database
  readonly queue: JobQueue
  readonly context: LaneContext
  readonly prover: Proves
  /** The account that this prover's rewards go to. */
  readonly beneficiary: string
  readonly bus: ServiceBus
  readonly log: Log
}

/** Turns closed batches into proofs, one at a time. Any number of these may run: the queue's lease gives each job to one, its attempt number fences late results. */
export class ProverRole {
  readonly #parts: ProverParts
  readonly #wakeup: Wakeup
  readonly #stop = new AbortController()
  readonly #cancels: CancelWatch

  constructor(parts: ProverParts) {
    this.#parts = parts
    this.#cancels = new CancelWatch(parts.database, (err) =>
      parts.log.warn({ err }, 'cancelled jobs could not be seen'),
    )
    this.#wakeup = new Wakeup(
      () => this.#work(),
      (error) => parts.log.error({ err: error }, 'the prover role failed'),
    )
  }

  /** @param exclusive no other prover uses this database, so jobs that are held belong to a dead one. */
  async start(exclusive: boolean): Promise<void> {
    const { database, queue } = this.#parts
    if (exclusive) await queue.releaseHeld()
    await this.#cancels.start()
    await this.#wakeup.start(database, ['proof-wanted'])
  }

  /** Ends the attempt at hand; its job goes back to the queue. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#wakeup.stop()
    await this.#cancels.stop()
  }

  async #work(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const job = await this.#parts.queue.fetch()
      if (!job) return
      try {
        await this.#attempt(job)
      } catch (error) {
        // The store failed, not the proof: another attempt may start before the lease ends.
        await this.#parts.queue.release(job.id)
        throw error
      }
    }
  }

  async #attempt(job: HeldJob): Promise<void> {
    const { database, queue, bus, log } = this.#parts
    if (!(await beginAttempt(database.db, job))) return queue.complete(job.id)
    bus.emit('proof', { batch: job.batch, state: 'running' })
    try {
      const times = await this.#cancels.during(job.id, this.#stop.signal, (signal) => this.#prove(job, signal))
      await queue.complete(job.id)
      bus.emit('proof', { batch: job.batch, state: 'done', ...times })
    } catch (error) {
      const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
      if (await this.#cancels.isCancelled(job.id)) {
        log.info({ batch: `${job.batch}`, attempt: job.attempt }, 'a proof was cancelled')
        bus.emit('proof', { batch: job.batch, state: 'cancelled' })
        return queue.complete(job.id)
      }
      if (this.#stop.signal.aborted) return this.#giveBack(job)
      log.warn({ batch: `${job.batch}`, attempt: job.attempt, code }, 'a proof failed')
      bus.emit('proof', { batch: job.batch, state: 'failed', error: code })
      await this.#fail(job, code)
    }
    await notify(database.db, 'proof-done')
  }

  async #prove(job: HeldJob, signal: AbortSignal): Promise<{ witnessMs: number; proveMs: number }> {
    const { database, context, prover, beneficiary } = this.#parts
    const batch = await batchAt(database.db, job.batch)
    if (!batch?.closing || !batch.basis)
      throw new AttemptError('BATCH_INCOMPLETE', `batch ${job.batch} has no statement`)
    const { verifierId, shape } = context.circuit
    const binding = bind({ ...context.domain, beneficiary, verifierId }, batch.closing.words)
    const entries = await entriesOf(database.db, [job.batch])
    const witness = witnessOf(context, { ...batch.opening, ...batch.basis }, entries, batch.closing.blindAfter)
    const inputs = circuitInputs(shape, witness, binding)
    const result = await prover.prove(batch.opening.circuit, inputs, { signal })
    if (publicSignals(binding).some((signal, i) => result.publicSignals[i] !== signal))
      throw new AttemptError('PROOF_SIGNALS_DIFFER', `the proof of batch ${job.batch} is of another statement`)
    const { witnessMs, proveMs } = result
    const words = proofWords(result.proof)
    const stored = await storeProof(database.db, job, {
      ...binding,
      beneficiary,
      verifierId,
      words,
      witnessMs,
      proveMs,
    })
    if (!stored && (await this.#cancels.isCancelled(job.id)))
      throw new AttemptError('JOB_CANCELLED', `the proof of batch ${job.batch} came after its job was cancelled`)
    return { witnessMs, proveMs }
  }

  async #giveBack(job: HeldJob): Promise<void> {
    await endAttempt(this.#parts.database.db, job, 'queued')
    await this.#parts.queue.release(job.id)
  }

  async #fail(job: HeldJob, code: string): Promise<void> {
    const { database, queue, bus } = this.#parts
    const fate = await failAttempt(database.db, job, code)
    if (fate === 'again') return queue.release(job.id)
    await queue.complete(job.id)
    if (fate === 'quarantined') bus.emit('batch', { index: job.batch, state: 'quarantined', reason: code })
  }
}
