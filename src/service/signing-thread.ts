import { Worker } from 'node:worker_threads'
import type { Hex32 } from '../base/keccak.ts'
import type { SignedReceipt } from './api.ts'
import type { Placement } from './open-batch.ts'
import { EpochSigner } from './receipt-signer.ts'

/** What the thread starts with: the signer's private key, and the EIP-712 domain separator of its ledger. */
export interface SigningTask {
  readonly key: string
  readonly separator: Hex32
}
/** What the thread is asked; ids are unique in it. */
export interface SigningRequest {
  readonly id: number
  readonly placements: readonly Placement[]
}
/** Its answer under the same id: receipts in the order of the placements. */
export interface SigningAnswer {
  readonly id: number
  readonly receipts: readonly SignedReceipt[]
}

/** Fewer are signed where they are: that is sooner than asking. */
const WORTH_ASKING = 8

interface Asked {
  readonly placements: readonly Placement[]
  resolve(receipts: readonly SignedReceipt[]): void
}

/**
 * Signs receipts in a thread of its own, so that the router places and commits the next orders meanwhile. What a thread that dies leaves unsigned is signed
 * here, and so is all that follows: a receipt is a pure function of its row, whoever signs.
 */
export class SigningThread {
  readonly #signer: EpochSigner
  readonly #asked = new Map<number, Asked>()
  #worker: Worker | undefined
  #next = 0

  constructor(task: SigningTask) {
    this.#signer = new EpochSigner(task.key, task.separator)
    const worker = new Worker(new URL('./signing-worker.js', import.meta.url), { workerData: task, execArgv: [] })
    worker.on('message', ({ id, receipts }: SigningAnswer) => {
      this.#asked.get(id)?.resolve(receipts)
      this.#asked.delete(id)
    })
    // `exit` follows.
    worker.on('error', () => {})
    worker.once('exit', () => this.#ended())
    worker.unref()
    this.#worker = worker
  }

  /** @param placements rows that are committed. @returns their receipts, in order. */
  sign = (placements: readonly Placement[]): Promise<readonly SignedReceipt[]> => {
    const worker = this.#worker
    if (!worker || placements.length < WORTH_ASKING) return Promise.resolve(this.#here(placements))
    return new Promise((resolve) => {
      const request: SigningRequest = { id: this.#next++, placements }
      this.#asked.set(request.id, { placements, resolve })
      worker.postMessage(request)
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #here(placements: readonly Placement[]): SignedReceipt[] {
    return placements.map((placement) => this.#signer.receipt(placement))
  }

  #ended(): void {
    this.#worker = undefined
    for (const { placements, resolve } of this.#asked.values()) resolve(this.#here(placements))
    this.#asked.clear()
  }
}
