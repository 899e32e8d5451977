import { readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { CodedError } from '../base/error.ts'
import { WitnessCalculator } from '../proof/witness-calculator.ts'
import { bind } from '../statement/binding.ts'
import { circuitInputs } from '../witness/witness.ts'
import type { CheckedBatch } from './ports.ts'
import type { WitnessResponse, WitnessTask } from './witness-thread.ts'

const NICE = 10
/** Codes that the batch itself is to blame for, whoever computes its witness. */
const REFUSALS: readonly string[] = ['WITNESS_UNSATISFIED', 'WITNESS_INPUT_INVALID']

// Sent by src/service/witness-thread.ts, which is compiled with this file.
const { wasm } = workerData as WitnessTask
let calculator: WitnessCalculator | undefined
// Receipts come first where cores are scarce. Only Linux lets one thread be nicer than its process; there 0 means the calling thread.
if (process.platform === 'linux') setPriority(0, NICE)

parentPort?.on('message', (batch: CheckedBatch) => {
  answer(batch).then((response) => parentPort?.postMessage(response))
})

async function answer({ shape, context, words, witness }: CheckedBatch): Promise<WitnessResponse> {
  try {
    calculator ??= await WitnessCalculator.create(new Uint8Array(await readFile(wasm)))
    calculator.calculate(circuitInputs(shape, witness, bind(context, words)))
    return {}
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
    return REFUSALS.includes(code) ? { refusal: code } : { failure: code }
  }
}
