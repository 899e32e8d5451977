import { parentPort, workerData } from 'node:worker_threads'
import { EpochSigner } from './receipt-signer.ts'
import type { SigningAnswer, SigningRequest, SigningTask } from './signing-thread.ts'

// Sent by src/service/signing-thread.ts, which is compiled with this file.
const { key, separator } = workerData as SigningTask
const signer = new EpochSigner(key, separator)

parentPort?.on('message', ({ id, placements }: SigningRequest) => {
  const answer: SigningAnswer = { id, receipts: placements.map((placement) => signer.receipt(placement)) }
  parentPort?.postMessage(answer)
})
