/** The process that proves for {@link SnarkjsProver}: one request at a time over IPC, keys and WASM kept warm. Ends when its parent does. */
import { readFile } from 'node:fs/promises'
import { groth16 } from 'snarkjs'
import type { CircuitInputs } from '../witness/witness.ts'
import { ProverError } from './error.ts'
import { Groth16ProofJson } from './groth16.ts'
import type { ProvenStatement } from './prover.ts'
import { verifyProof } from './verify.ts'
import type { VerifyingKey } from './vkey.ts'
import { WitnessCalculator } from './witness-calculator.ts'

/** Parent to child. Paths are absolute; the parent has verified what lies there. */
export interface ProveRequest {
  readonly zkey: string
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

interface WarmCircuit {
  readonly zkey: Uint8Array
  readonly calculator: WitnessCalculator
}

const warm = new Map<string, Promise<WarmCircuit>>()

process.on('disconnect', () => process.exit(0))
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
    const message = error instanceof Error ? error.message : 'unknown error'
    return { ok: false, code: 'PROOF_FAILED', message, details: {} }
  }
}

async function prove({ zkey, wasm, verifyingKey, inputs }: ProveRequest): Promise<ProvenStatement> {
  const circuit = await load(zkey, wasm)
  const start = performance.now()
  const witness = circuit.calculator.calculate(inputs)
  const proving = performance.now()
  const made = await groth16.prove({ type: 'mem', data: circuit.zkey }, { type: 'mem', data: witness })
  const end = performance.now()
  const proof = Groth16ProofJson.parse(made.proof)
  const publicSignals = made.publicSignals.map(BigInt)
  if (!(await verifyProof(verifyingKey, publicSignals, proof))) {
    throw new ProverError('PROOF_INVALID', 'the proof that was made does not verify')
  }
  return { proof, publicSignals, witnessMs: proving - start, proveMs: end - proving }
}

function load(zkey: string, wasm: string): Promise<WarmCircuit> {
  const known = warm.get(zkey)
  if (known) return known
  const circuit = (async () => {
    const [key, code] = await Promise.all([readFile(zkey), readFile(wasm)])
    // Views whose slices are copies, which a Buffer's are not and snarkjs expects.
    return { zkey: new Uint8Array(key), calculator: await WitnessCalculator.create(new Uint8Array(code)) }
  })()
  circuit.catch(() => warm.delete(zkey))
  warm.set(zkey, circuit)
  return circuit
}
