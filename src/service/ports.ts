import type { LedgerReader } from '../chain/reader.ts'
import type { LedgerWriter } from '../chain/writer.ts'
import type { Prover } from '../proof/prover.ts'
import type { CircuitInputs } from '../witness/witness.ts'

/** What the service needs of the chain and of proofs, so that tests can stand in for it. */
export type ChainReads = Pick<LedgerReader, 'blockNumber' | 'transaction' | 'head'>
export type ChainWrites = Pick<LedgerWriter, 'nextNonce' | 'prepareBatch' | 'broadcast'>
export type Proves = Pick<Prover, 'prove' | 'health'>

/**
 * Whether a proof of the circuit holds for its public signals. The router asks before it signs, whoever made the proof.
 * @param words a, b, c as the EVM takes them.
 */
export type VerifyBatchProof = (publicSignals: readonly bigint[], words: readonly bigint[]) => Promise<boolean>

/** Tells whether a batch can be proven, without proving it. */
export interface ChecksWitness {
  /**
   * @param signal ends the check.
   * @returns `undefined` when there is a witness, else the code of why there is none.
   * @throws ProverError, when it could not be told.
   */
  check(inputs: CircuitInputs, signal: AbortSignal): Promise<string | undefined>
}
