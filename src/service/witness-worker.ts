import { readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { CodedError } from '../base/error.ts'
import { WitnessCalculator } from '../proof/witness-calculator.ts'
import type { CircuitInputs } from '../witness/witness.ts'
import type { WitnessResponse, WitnessTask } from './witness-thread.ts'

// Nothing here may lead to circomlibjs: in a worker thread its dependency web-worker takes the thread for one of its own.

const NICE = 10
/** Codes that the batch itself is to blame for, whoever computes its witness. */
const REFUSALS: readonly string[] = ['WITNESS_UNSATISFIED', 'WITNESS_INPUT_INVALID']

// Sent by src/service/witness-thread.ts, which is compiled with this file.
const { wasm } = workerData as WitnessTask
let calculator: WitnessCalculator | undefined
// Receipts come first where cores are scarce. Only Linux lets one thread be nicer than its process; there 0 means the calling thread.
if (process.platform === 'linux') setPriority(0, NICE)

parentPort?.on('message', (inputs: CircuitInputs) => {
  answer(inputs).then((response) => parentPort?.postMessage(response))
})

async function answer(inputs: CircuitInputs): Promise<WitnessResponse> {
  try {
    calculator ??= await WitnessCalculator.create(new Uint8Array(await readFile(wasm)))
    calculator.calculate(inputs)
    return {}
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'UNEXPECTED'
    return REFUSALS.includes(code) ? { refusal: code } : { failure: code }
  }
}
