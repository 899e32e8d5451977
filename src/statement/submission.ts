import type { Head } from './record.ts'

/** One batch in the calldata of `submitBatch` or `submitBatches`: words as they are sent, packed. What each means: contracts/types/Batch.sol. */
export interface SubmissionWords {
  /** The head that the batch continues; `counters` as words. */
  readonly previous: Head
  /** Position in the epoch's list of verifiers. */
  readonly verifier: number
  readonly beneficiary: string
  /** µs since the Unix epoch. */
  readonly time: bigint
  readonly stateAfter: bigint
  readonly openMask: bigint
  /** D. */
  readonly digest: bigint
  /** Eight words, G2 imaginary parts first. */
  readonly proof: readonly bigint[]
  /** The epoch signer's over Batch(epoch, index, statementHash): 65 bytes, or 64 after EIP-2098, as decoding gives it. */
  readonly signature: string
  readonly fees: readonly bigint[]
  readonly counters: readonly bigint[]
  readonly commitments: readonly bigint[]
  readonly assignments: readonly bigint[]
}
