import type { Hex32 } from '../base/keccak.ts'
import type { SigningDomain } from '../order/domain.ts'
import type { Head } from '../statement/record.ts'
import type { Statement } from '../statement/statement.ts'
import type { Check } from './check.ts'
import type { CodeOf, StepName } from './codes.ts'
import type { BatchRecord, EpochRecord, LedgerConfig, RegistryRecords, VerifierRecord } from './records.ts'

/** Checks that a step made, of its own codes. */
export type ChecksOf<Name extends StepName> = Iterable<Check<CodeOf<Name>>>

/** All of an epoch but where its seed's block lies in the chain. */
export type EpochParts = Omit<EpochRecord, 'seedBlock'>

/** What steps see of an epoch. */
export interface EpochContext {
  readonly config: SigningDomain & Pick<LedgerConfig, 'shards'>
  readonly epoch: EpochParts
  /** The one announced before it; `first` for the ledger's first epoch, `unknown` where nobody tells. */
  readonly before: Pick<EpochRecord, 'epoch' | 'firstBatch' | 'abandoned' | 'end'> | 'first' | 'unknown'
  /** Hash of the seed's block, from the chain itself, where it is known. */
  readonly chainHash?: Hex32 | undefined
}

/** What steps see of a ledger as a whole. */
export interface LedgerContext {
  readonly config: LedgerConfig
  readonly epochs: readonly EpochRecord[]
  /** Everything that the registry ever told; `undefined` where the reader could not find it. */
  readonly registry?: RegistryRecords | undefined
}

/** What steps see of a batch before its V is there. */
export interface ArrivedBatch {
  readonly config: LedgerConfig
  /** The head that the auditor carried here. */
  readonly before: Head
  readonly batch: BatchRecord
  /** The epoch that the batch's place in the chain selects, if there is one. */
  readonly epoch: EpochRecord | undefined
  /** The verifier that the submission names, if the epoch has it. */
  readonly verifier: VerifierRecord | undefined
}

/** A batch whose epoch and verifier are there, so that its V can be rebuilt. */
export interface KnownBatch extends ArrivedBatch {
  readonly epoch: EpochRecord
  readonly verifier: VerifierRecord
}

/** A batch's V, put together as the ledger does: from calldata and what the chain knows itself. */
export interface Rebuilt {
  readonly words: readonly bigint[]
  readonly statement: Statement
  /** What the next batch continues. */
  readonly head: Head
}

/** Everything of a batch. */
export interface RebuiltBatch extends KnownBatch, Rebuilt {
  /** Commitments that earlier batches accepted. */
  readonly accepted: ReadonlySet<bigint>
}
