import type { CircuitInputs } from '../witness/witness.ts'
import type { Groth16Proof } from './groth16.ts'

/** A proof that its prover has verified, with the statement it proves. */
export interface ProvenStatement {
  readonly proof: Groth16Proof
  /** In the circuit's order, each below p. */
  readonly publicSignals: readonly bigint[]
  /** Wall time of the witness and of the proof, milliseconds. Neither counts loading of key and WASM, nor verification. */
  readonly witnessMs: number
  readonly proveMs: number
}

/** Whether proofs can be made, in words for an operator. */
export interface ProverHealth {
  readonly ok: boolean
  readonly message: string
}

/** Makes Groth16 proofs. Inputs are private: no implementation logs them or puts them into an error. */
export interface Prover {
  /** Short name of the backend, such as `snarkjs`. */
  readonly name: string
  /**
   * Proves that the inputs satisfy a circuit; every proof was verified against the circuit's key before it is returned.
   * @param circuit name of built artifacts.
   * @param inputs by signal name, arrays flattened row by row; reduced field elements.
   * @param options.signal cancels, whether the job waits or runs.
   * @throws ProverError WITNESS_INPUT_INVALID (a signal is missing, unknown, of another length or not reduced), WITNESS_UNSATISFIED (the
   * circuit refuses these inputs), PROOF_CANCELLED, PROOF_FAILED, PROOF_INVALID (made, but not verified), PROVER_CRASHED, PROVER_TIMEOUT, PROVER_CLOSED;
   * ArtifactError when the circuit's artifacts cannot be trusted.
   */
  prove(circuit: string, inputs: CircuitInputs, options?: { readonly signal?: AbortSignal }): Promise<ProvenStatement>
  /** What is known without trying; a prover that cannot tell leaves it out. */
  health?(): ProverHealth
  /** Ends what the prover started; jobs that wait or run fail with PROVER_CLOSED. May be called twice. */
  close(): Promise<void>
}
