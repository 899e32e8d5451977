import { CodedError } from '../base/error.ts'

/**
 * What can go wrong between a circuit's source and its keys:
 * - `CIRCUIT_UNKNOWN`: the catalog has no circuit of that name, or cannot be read; `details.known` has the names.
 * - `CIRCUIT_COMPILE_FAILED`: circom is not there, or refused a source.
 * - `R1CS_INVALID`, `ZKEY_INVALID`, `VKEY_INVALID`: a file is cut short, malformed, of another curve or too large.
 * - `KEY_UNSAFE`: proofs under the key could be forged.
 * - `KEY_MISMATCH`: r1cs, zkey and verification key do not belong together.
 * - `KEY_WORKER_FAILED`: a thread that makes a dev key ended.
 * - `ARTIFACT_MISSING`: a file is not there; `fairlead circuits build` makes it. `ARTIFACT_INVALID`: its SHA-256 is not that of the manifest.
 * - `CEREMONY_INVALID`: a step of a ceremony was refused. `CEREMONY_KEY_STALE`: an imported key is of another version of the circuit.
 * - `DEV_KEY_FORBIDDEN`: dev keys are for chains 31337 and 1337.
 */
export type ArtifactCode =
  | 'CIRCUIT_UNKNOWN'
  | 'CIRCUIT_COMPILE_FAILED'
  | 'R1CS_INVALID'
  | 'ZKEY_INVALID'
  | 'VKEY_INVALID'
  | 'KEY_UNSAFE'
  | 'KEY_MISMATCH'
  | 'KEY_WORKER_FAILED'
  | 'ARTIFACT_MISSING'
  | 'ARTIFACT_INVALID'
  | 'CEREMONY_INVALID'
  | 'CEREMONY_KEY_STALE'
  | 'DEV_KEY_FORBIDDEN'

/** A circuit could not be compiled, or its artifacts cannot be trusted. */
export class ArtifactError extends CodedError<ArtifactCode> {}

/**
 * What can go wrong while a proof is made:
 * - `WITNESS_INPUT_INVALID`: inputs do not have the circuit's names and lengths. `WITNESS_UNSATISFIED`: they break a constraint.
 * - `PROOF_CANCELLED`: nobody waits for it any more.
 * - `PROOF_FAILED`: the backend said no. `PROOF_INVALID`: what it made does not verify.
 * - `PROVER_CRASHED`: the proving process ended. `PROVER_TIMEOUT`: it took too long, and was ended.
 * - `PROVER_UNAVAILABLE`: no backend works, or not the one that was asked for. `PROVER_CLOSED`: the prover was closed.
 */
export type ProverCode =
  | 'WITNESS_INPUT_INVALID'
  | 'WITNESS_UNSATISFIED'
  | 'PROOF_CANCELLED'
  | 'PROOF_FAILED'
  | 'PROOF_INVALID'
  | 'PROVER_CRASHED'
  | 'PROVER_TIMEOUT'
  | 'PROVER_UNAVAILABLE'
  | 'PROVER_CLOSED'

/** A statement could not be proven. Never holds an input's value. */
export class ProverError extends CodedError<ProverCode> {}
