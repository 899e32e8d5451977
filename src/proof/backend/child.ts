/**
 * The process that proves for {@link ChildProver}: one request at a time over IPC, WASM and keys kept warm. Whatever the backend, the witness is
 * made here and the proof verified here, against public signals that are read from the witness and not taken from the backend. Ends when its parent does.
 */
import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { CircuitInputs } from '../../witness/witness.ts'
import { ProverError } from '../error.ts'
import type { ProvenStatement } from '../prover.ts'
import { verifyProof } from '../verify.ts'
import type { VerifyingKey } from '../vkey.ts'
import { publicSignalsOf, WitnessCalculator } from '../witness-calculator.ts'
import { type KeyFile, proofMaker } from './maker.ts'
import type { BackendSpec } from './spec.ts'

/** What the process is started with, as JSON in its first argument. */
export interface ChildTask {
  readonly spec: BackendSpec
  /** Private folder for work files, which the parent removes. */
  readonly workDir: string
}

/** Parent to child. Paths are absolute; the parent has verified what lies there. */
export interface ProveRequest extends KeyFile {
  readonly wasm: string
  readonly verifyingKey: VerifyingKey
  readonly inputs: CircuitInputs
}

/** Child to parent, one for each request. A failure holds no input. */
export type ProveResponse =
  | { readonly ok: true; readonly statement: ProvenStatement }
  | {
      readonly ok: false
      readonly code: ProverError['code']
      readonly message: string
      readonly details: Readonly<Record<string, unknown>>
    }

// Written by src/proof/backend/child-prover.ts, which is compiled with this file.
const task = JSON.parse(process.argv[2] ?? '') as ChildTask
const maker = proofMaker(task.spec, task.workDir)
const calculators = new Map<string, Promise<WitnessCalculator>>()

process.on('disconnect', () => {
  rmSync(task.workDir, { recursive: true, force: true })
  // A command does not notice that nobody waits for it; this process leads the group that both are in.
  if (task.spec.name === 'command' && process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL')
  process.exit(0)
})
// A terminal's Ctrl-C reaches every process of the group; the parent decides when this one ends.
process.on('SIGINT', () => {})
process.on('message', async (request: ProveRequest) => {
  process.send?.(await answer(request))
})

async function answer(request: ProveRequest): Promise<ProveResponse> {
  try {
    return { ok: true, statement: await prove(request) }
  } catch (error) {
    if (error instanceof ProverError)
      return { ok: false, code: error.code, message: error.message, details: error.details }
    return { ok: false, code: 'PROOF_FAILED', message: `${task.spec.name} failed: ${nameOf(error)}`, details: {} }
  }
}

async function prove({ wasm, verifyingKey, inputs, ...key }: ProveRequest): Promise<ProvenStatement> {
  const calculator = await load(wasm)
  const start = performance.now()
  const witness = calculator.calculate(inputs)
  const witnessMs = performance.now() - start
  const publicSignals = publicSignalsOf(witness, verifyingKey.ic.length - 1)
  const { proof, proveMs } = await maker.prove(key, witness)
  if (!(await verifyProof(verifyingKey, publicSignals, proof))) {
    throw new ProverError('PROOF_INVALID', 'the proof that was made does not verify')
  }
  return { proof, publicSignals, witnessMs, proveMs }
}

function load(wasm: string): Promise<WitnessCalculator> {
  const known = calculators.get(wasm)
  if (known) return known
  const calculator = readFile(wasm).then((code) => WitnessCalculator.create(new Uint8Array(code)))
  calculator.catch(() => calculators.delete(wasm))
  calculators.set(wasm, calculator)
  return calculator
}

/** Never an error's message: a parser's may quote what it read. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')
