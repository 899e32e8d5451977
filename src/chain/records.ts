import type { Hex32 } from '../base/keccak.ts'
import type { SubmissionWords } from '../statement/submission.ts'
import type { ForcedHistory } from './forced.ts'
import type { PolicyWords } from './reader-schema.ts'

/** What a ledger was deployed with. */
export interface LedgerConfig {
  readonly chainId: bigint
  readonly ledger: string
  readonly registry: string
  readonly verifierFactory: string
  /** What weights are multiplied by comes from there; `undefined` for a ledger without. */
  readonly reputation: string | undefined
  readonly shards: number
  readonly genesisState: bigint
  readonly resetState: bigint
  /** Seconds from a batch's time to when it must be accepted. */
  readonly deadlineS: number
  /** Blocks after which events count as final. */
  readonly finalityDepth: number
  /** Least time between two batches, µs. */
  readonly minInterval: bigint
  /** Blocks from an epoch's announcement to its seed block. */
  readonly seedDelay: number
}

/** One of an epoch's verifiers, with its key as the verifier tells it. */
export interface EpochVerifier {
  readonly address: string
  readonly slots: number
  readonly verifierId: Hex32
  readonly kind: number
  readonly shards: number
  /** 22 words; `undefined` when the contract does not tell. */
  readonly keyWords: readonly bigint[] | undefined
}

/** An announced epoch; open once its seed is not 0. */
export interface ChainEpoch {
  readonly epoch: bigint
  readonly firstBatch: bigint
  readonly keyCommit: bigint
  readonly signer: string
  readonly seedBlock: bigint
  readonly seed: bigint
  /** Hash that the seed was made of, from the event; `undefined` while the epoch is not open. */
  readonly seedBlockHash: Hex32 | undefined
  readonly policyHash: Hex32
  readonly feeWord: bigint
  /** The policy's words with weights multiplied: what batches are proven under. */
  readonly policyWords: readonly bigint[]
  /** The policy of that hash, as published. */
  readonly policy: PolicyWords
  /** What its weights were multiplied by, of 256, by shard. */
  readonly multipliers: readonly bigint[]
  readonly verifiers: readonly EpochVerifier[]
  /** First index past it; 2^64 − 1 while nothing ends it. */
  readonly end: bigint
  /** Whether it was abandoned: receipts at or past `end` are void. */
  readonly abandoned: boolean
  /** Whether its first batch starts from the public reset state. */
  readonly fromReset: boolean
  /** Whether its batches are sealed first, each with a seed of its own. */
  readonly sealedMode: boolean
}

/** Where an epoch ends. */
export type EpochEnd = Pick<ChainEpoch, 'end' | 'abandoned'> & {
  /** The ledger takes no batches until the epoch is abandoned. */
  readonly frozen: boolean
}

/** That a batch was accepted, as the event tells, and where. */
export interface Acceptance {
  readonly index: bigint
  readonly epoch: bigint
  readonly beneficiary: string
  readonly statementHash: Hex32
  readonly blockNumber: number
  readonly blockHash: Hex32
  readonly transaction: Hex32
}

/** A batch's own seed with the hash that it was made of, what was sealed, and the hash of the seal's block where the endpoint still has it. */
export interface ChainSeal {
  readonly seed: bigint
  readonly blockHash: Hex32
  readonly sealHash: Hex32
  readonly chainHash?: Hex32
}

/** An accepted batch: event, calldata and what the ledger keeps of it. */
export interface ChainBatch extends Acceptance {
  readonly count: number
  readonly orderRoot: Hex32
  /** Hash of the head that the batch left. */
  readonly head: Hex32
  /** `recordOf(index)`. */
  readonly record: Hex32
  /** Seconds since the Unix epoch. */
  readonly blockTime: bigint
  readonly gasUsed: bigint
  readonly submission: SubmissionWords
  /** In an epoch of sealed mode: how the batch was sealed. */
  readonly seal?: ChainSeal
}

/** What registry, ledger and reputation told of policies and epochs; `time` is the block's, seconds since the Unix epoch. */
export type RegistryEvent = { readonly time: bigint } & (
  | { readonly kind: 'published'; readonly policyHash: Hex32; readonly policy: PolicyWords }
  | { readonly kind: 'proposed'; readonly id: bigint; readonly policyHash: Hex32; readonly eta: bigint }
  | { readonly kind: 'activated'; readonly id: bigint; readonly policyHash: Hex32 }
  | { readonly kind: 'cancelled'; readonly id: bigint }
  | { readonly kind: 'retuned'; readonly id: bigint; readonly policyHash: Hex32 }
  | { readonly kind: 'renewed'; readonly epoch: bigint; readonly seedBlock: bigint }
  | { readonly kind: 'ended'; readonly epoch: bigint; readonly nextIndex: bigint }
  | { readonly kind: 'concluded'; readonly epoch: bigint; readonly multipliers: readonly bigint[] }
  | ({ readonly kind: 'announced' } & Pick<
      ChainEpoch,
      | 'epoch'
      | 'firstBatch'
      | 'seedBlock'
      | 'policyHash'
      | 'signer'
      | 'keyCommit'
      | 'fromReset'
      | 'sealedMode'
      | 'multipliers'
    >)
)

/** A policy registry's rules, in seconds, and its events in the chain's order. */
export interface RegistryHistory {
  readonly delay: bigint
  readonly window: bigint
  readonly retuneInterval: bigint
  readonly events: readonly RegistryEvent[]
}

/** A whole ledger, as one endpoint tells it. */
export interface ChainRecords {
  readonly registry: RegistryHistory
  /** Number of the block up to which batches were read. */
  readonly toBlock: number
  readonly config: LedgerConfig
  readonly epochs: readonly ChainEpoch[]
  /** In the order of acceptance; read as they are asked for. */
  readonly batches: AsyncIterable<ChainBatch>
  readonly head: Hex32
  /** Forced orders; `undefined` for a ledger without an inbox. */
  readonly forced: ForcedHistory | undefined
}
