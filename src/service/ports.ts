import type { LedgerReader } from '../chain/reader.ts'
import type { LedgerWriter } from '../chain/writer.ts'
import type { Prover } from '../proof/prover.ts'
import type { BindingContext } from '../statement/binding.ts'
import type { Shape } from '../statement/statement.ts'
import type { BatchWitness } from '../witness/witness.ts'
import type { SignedReceipt } from './api.ts'
import type { Placement } from './open-batch.ts'

/** What the service needs of the chain and of proofs, so that tests can stand in for it. */
export type ChainReads = Pick<LedgerReader, 'blockNumber' | 'transaction' | 'head' | 'acceptance' | 'epochEnd'> &
  EpochReads
/** What batches are sent with: of the submitter's account. */
export type ChainWrites = Pick<LedgerWriter, 'nextNonce' | 'prepareBatches' | 'reprice' | 'broadcast'>
/** What a change of epoch needs of the chain. */
export type EpochReads = Pick<LedgerReader, 'blockNumber' | 'transaction' | 'latestEpoch' | 'epoch' | 'proposals'>
/** What the next epoch is begun with: of the submitter's account too. */
export type EpochWrites = Pick<
  LedgerWriter,
  'tryAnnouncement' | 'prepareAnnouncement' | 'prepareOpening' | 'reprice' | 'broadcast'
>
/** What sealed mode needs of the chain besides. */
export type SealReads = Pick<LedgerReader, 'blockNumber' | 'block' | 'seal' | 'transaction'>
/** What seals are sent with: of another account than batches. */
export type SealWrites = Pick<LedgerWriter, 'prepareSeal' | 'reprice' | 'broadcast'>
/** What the service needs of a prover; {@link VerifyBatchProof} checks what it gives. */
export type Proves = Pick<Prover, 'prove' | 'health'>

/**
 * Whether a proof of the circuit holds for its public signals. The router asks before it signs, whoever made the proof.
 * @param words a, b, c as the EVM takes them.
 */
export type VerifyBatchProof = (publicSignals: readonly bigint[], words: readonly bigint[]) => Promise<boolean>

/** Signs the receipts of rows that are committed, in their order. */
export type SignReceipts = (placements: readonly Placement[]) => Promise<readonly SignedReceipt[]>

/** A closed batch with its secrets, as its proof will be asked for. */
export interface CheckedBatch {
  readonly shape: Shape
  readonly context: BindingContext
  /** V. */
  readonly words: readonly bigint[]
  readonly witness: BatchWitness
}

/** Tells whether a batch can be proven, without proving it. */
export interface ChecksWitness {
  /**
   * @param signal ends the check.
   * @returns `undefined` when there is a witness, else the code of why there is none.
   * @throws ProverError, when it could not be told.
   */
  check(batch: CheckedBatch, signal: AbortSignal): Promise<string | undefined>
}
