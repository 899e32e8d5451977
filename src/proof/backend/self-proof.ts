import { CodedError } from '../../base/error.ts'
import { policyKind } from '../../policy/policy.ts'
import { emptyBatchInputs } from '../../witness/empty.ts'
import type { CircuitInputs } from '../../witness/witness.ts'
import { ProverError } from '../error.ts'
import type { Manifest } from '../manifest.ts'
import type { Prover } from '../prover.ts'

/** After which a backend that has not made its first proof is given up, ms; it has key and WASM to load. */
const PATIENCE_MS = 120_000

/** How a backend stood the test. `totalMs` is wall time from nothing loaded to the proof verified. */
export type SelfProof =
  | { readonly ok: true; readonly witnessMs: number; readonly proveMs: number; readonly totalMs: number }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** Inputs that satisfy a circuit of the catalog: an empty batch. @throws ProverError PROVER_UNAVAILABLE for a circuit of no known kind. */
export function selfProofInputs({ name, kind, shards, slots }: Manifest): CircuitInputs {
  const known = policyKind(kind)
  if (known) return emptyBatchInputs(known, { shards, slots })
  throw new ProverError('PROVER_UNAVAILABLE', `circuit ${name} is of no known kind, so no self-proof is known`)
}

/** Lets a prover make one proof of the actual circuit; it was verified when it comes back. Never throws. */
export async function selfProve(prover: Prover, circuit: string, inputs: CircuitInputs): Promise<SelfProof> {
  const begun = performance.now()
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const { witnessMs, proveMs } = await prover.prove(circuit, inputs, { signal })
    return { ok: true, witnessMs, proveMs, totalMs: performance.now() - begun }
  } catch (error) {
    if (error instanceof CodedError) return { ok: false, code: error.code, message: error.message }
    return { ok: false, code: 'UNEXPECTED', message: 'the backend failed' }
  }
}
