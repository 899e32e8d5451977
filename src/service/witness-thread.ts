import { Worker } from 'node:worker_threads'
import { ProverError } from '../proof/error.ts'
import type { CheckedBatch, ChecksWitness } from './ports.ts'

/** What the thread starts with. */
export interface WitnessTask {
  /** Path of the circuit's .wasm. */
  readonly wasm: string
}

/** `refusal` is the code of why there is no witness; with `failure` it could not be told. No value of a witness travels back. */
export type WitnessResponse = { readonly refusal?: string } | { readonly failure: string }

/**
 * Computes witnesses of closed batches in a worker thread, which keeps the circuit's WASM instantiated, so that the router's thread goes on giving
 * receipts. One batch at a time. The thread starts with the first batch, and again with the next one when it died.
 */
export class WitnessThread implements ChecksWitness {
  readonly #task: WitnessTask
  #worker: Worker | undefined

  constructor(task: WitnessTask) {
    this.#task = task
  }

  check(batch: CheckedBatch, signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return Promise.reject(ended(signal.reason))
    this.#worker ??= this.#start()
    const worker = this.#worker
    worker.ref()
    return new Promise<string | undefined>((resolve, reject) => {
      const settle = (act: () => void): void => {
        worker.off('message', answered).off('error', failed).off('exit', failed)
        signal.removeEventListener('abort', stop)
        worker.unref()
        act()
      }
      const failed = (cause: unknown): void =>
        settle(() => {
          this.#worker = undefined
          reject(ended(cause))
        })
      const answered = (response: WitnessResponse): void =>
        settle(() => {
          if ('failure' in response)
            reject(new ProverError('PROOF_FAILED', `the witness thread failed: ${response.failure}`))
          else resolve(response.refusal)
        })
      // A thread is not ended inside WebAssembly: it finishes this batch, well under a second, and then goes.
      const stop = (): void => {
        worker.once('message', () => void worker.terminate())
        failed(signal.reason)
      }
      worker.on('message', answered).on('error', failed).on('exit', failed)
      signal.addEventListener('abort', stop, { once: true })
      worker.postMessage(batch)
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  #start(): Worker {
    const entry = new URL('./witness-worker.js', import.meta.url)
    const worker = new Worker(entry, { workerData: this.#task, execArgv: [] })
    // One that nobody waits for any more may fail without taking the service along.
    return worker.on('error', () => {})
  }
}

const ended = (cause: unknown) =>
  new ProverError('PROVER_CRASHED', 'the witness thread ended before its answer', { cause })
