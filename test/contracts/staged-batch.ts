import { keccakWords } from '../../src/base/keccak.ts'
import type { ShardState } from '../../src/route/state.ts'
import { type Binding, publicSignals } from '../../src/statement/binding.ts'
import type { Head } from '../../src/statement/record.ts'
import type { Statement } from '../../src/statement/statement.ts'
import type { SubmissionWords } from '../../src/statement/submission.ts'
import type { BatchWitness } from '../../src/witness/witness.ts'

/** Elapsed time saturates here, µs. */
export const MAX_ELAPSED = 2n ** 40n - 1n
export const SECOND = 1_000_000n

/** Settings of every test ledger. */
export const MIN_INTERVAL = 100_000n
export const SEED_DELAY = 2
export const FIRST_TIME = 1_515_053_700_000_000n
export const BENEFICIARY = '0x2222222222222222222222222222222222222222'

/** Makes the eight words of a proof. */
export type Prove = (witness: BatchWitness, binding: Binding) => Promise<readonly bigint[]>

/** What the verifier double takes for a proof. */
export const doubleProof: Prove = async (_witness, binding) => [
  BigInt(keccakWords(publicSignals(binding))),
  ...new Array<bigint>(7).fill(0n),
]

/** A batch in all its forms, not yet submitted. */
export interface StagedBatch {
  readonly witness: BatchWitness
  readonly statement: Statement
  readonly words: readonly bigint[]
  readonly after: readonly ShardState[]
  readonly next: Head
  readonly submission: SubmissionWords
}

/** What a test may change before a batch is built. */
export interface BatchChange {
  readonly time?: bigint
  /** Service counters after the batch. */
  readonly counters?: readonly bigint[]
  readonly beneficiary?: string
  readonly verifier?: number
  readonly blindAfter?: bigint
}
