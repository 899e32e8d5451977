import { CodedError } from '../base/error.ts'

/** What can go wrong between a circuit's source and its keys. */
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

/** What can go wrong while a proof is made. */
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
