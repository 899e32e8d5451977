/**
 * What the auditor looks at: everything that the chain alone tells of a ledger. The auditor has no network of its own; `chain/reader.ts` fills these in, and tests
 * build them by hand. Nothing here is trusted: values are as the endpoint gave them, packed words included.
 */
import type { Hex32 } from '../base/keccak.ts'
import type { Receipt } from '../order/receipt.ts'
import type { ServedReport } from '../order/served.ts'
import type { SubmissionWords } from '../statement/submission.ts'

/** What a ledger was deployed with. */
export interface LedgerConfig {
  readonly chainId: bigint
  /** The ledger's address. */
  readonly ledger: string
  /** Number of shards S. */
  readonly shards: number
  /** Least time between two batches, µs. */
  readonly minInterval: bigint
  readonly genesisState: bigint
  /** Seconds from a batch's time to when it must be accepted; without it no receipt is found overdue. */
  readonly deadlineS?: number
}

/** One of an epoch's verifiers. */
export interface VerifierRecord {
  /** N, the slots of its circuit. */
  readonly slots: number
  /** As the ledger fixed it when the epoch was announced. */
  readonly verifierId: Hex32
  /** What the verifier's key is a key of. */
  readonly kind: number
  readonly shards: number
  /** The 22 words of its key (protocol, section 9); `undefined` when the reader could not find the key. */
  readonly keyWords: readonly bigint[] | undefined
}

/** A policy as the registry publishes it. */
export interface PolicyRecord {
  readonly feeWord: bigint
  readonly words: readonly bigint[]
  readonly settlements: readonly string[]
  readonly reportSigners: readonly string[]
}

/** An epoch that was announced; it is open once its seed is not 0. */
export interface EpochRecord {
  readonly epoch: bigint
  readonly firstBatch: bigint
  readonly keyCommit: bigint
  readonly signer: string
  readonly seed: bigint
  /** Number of the block that the seed comes from. */
  readonly seedBlock: bigint
  /** That block's hash as the ledger took it; `undefined` while the epoch is not open. */
  readonly seedBlockHash: Hex32 | undefined
  readonly policyHash: Hex32
  /** The policy's words as the ledger fixed them for the epoch, weights multiplied. */
  readonly feeWord: bigint
  readonly policyWords: readonly bigint[]
  /** The policy of that hash, from the registry. */
  readonly policy: PolicyRecord
  /** What its weights are multiplied by, of 256, by shard; without it nothing is multiplied. */
  readonly multipliers?: readonly bigint[]
  readonly verifiers: readonly VerifierRecord[]
  /** Whether it was abandoned: then it may have had no batch at all. */
  readonly abandoned?: boolean
  /** First index past it: of the next, or where it was abandoned. */
  readonly end?: bigint
  /** Whether its first batch starts from the public reset state. */
  readonly fromReset?: boolean
  /** Whether each of its batches has a seed of its own. */
  readonly sealedMode?: boolean
}

/** A seal, as the ledger keeps it and told of it. */
export interface SealRecord {
  readonly seed: bigint
  /** Hash that the seed was made of. */
  readonly blockHash: Hex32
  /** What was sealed: hash of time, counters and commitments. */
  readonly sealHash: Hex32
  /** Hash of the block that the seal fixed, from the chain itself, where the endpoint still has it. */
  readonly chainHash?: Hex32
}

/** An accepted batch: its event, its calldata and what the ledger stores of it. */
export interface BatchRecord {
  readonly index: bigint
  readonly epoch: bigint
  readonly beneficiary: string
  readonly count: number
  readonly statementHash: Hex32
  readonly orderRoot: Hex32
  readonly head: Hex32
  /** `recordOf(index)`. */
  readonly record: Hex32
  /** Of the block that holds the transaction, seconds since the Unix epoch. */
  readonly blockTime: bigint
  readonly transaction: Hex32
  readonly gasUsed: bigint
  readonly submission: SubmissionWords
  /** In an epoch of sealed mode: how the ledger sealed the batch. */
  readonly seal?: SealRecord
}

/** Where in the chain something was told. */
interface Told {
  /** Of its block, seconds since the Unix epoch. */
  readonly time: bigint
}

/** What registry, ledger and reputation told of policies and epochs. */
export type RegistryEvent = Told &
  (
    | { readonly kind: 'published'; readonly policyHash: Hex32; readonly policy: PolicyRecord }
    | { readonly kind: 'proposed'; readonly id: bigint; readonly policyHash: Hex32; readonly eta: bigint }
    | { readonly kind: 'activated'; readonly id: bigint; readonly policyHash: Hex32 }
    | { readonly kind: 'cancelled'; readonly id: bigint }
    | { readonly kind: 'retuned'; readonly id: bigint; readonly policyHash: Hex32 }
    | { readonly kind: 'renewed'; readonly epoch: bigint; readonly seedBlock: bigint }
    | { readonly kind: 'ended'; readonly epoch: bigint; readonly nextIndex: bigint }
    | { readonly kind: 'concluded'; readonly epoch: bigint; readonly multipliers: readonly bigint[] }
    | ({ readonly kind: 'announced' } & Pick<
        EpochRecord,
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

/** A policy registry's rules and its whole history. Times are in seconds. */
export interface RegistryRecords {
  /** From a proposal to its activation. */
  readonly delay: bigint
  /** In which a ripe proposal can be activated. */
  readonly window: bigint
  /** Between two retunes. */
  readonly retuneInterval: bigint
  /** In the chain's order, the announcements of epochs and the conclusions of reputation among them. */
  readonly events: readonly RegistryEvent[]
}

/** What the inbox of forced orders told of itself, by places in its queue. */
export type ForcedEvent = Told &
  (
    | { readonly kind: 'posted'; readonly number: bigint; readonly commitment: bigint }
    | { readonly kind: 'due'; readonly from: bigint; readonly to: bigint; readonly dueAt: bigint }
    | { readonly kind: 'discharged'; readonly number: bigint; readonly index: bigint; readonly slot: number }
    | { readonly kind: 'frozen'; readonly from: bigint; readonly left: bigint }
  )

/** Forced orders: the inbox's whole history and, by its own word, what is due. */
export interface ForcedRecords {
  /** In the chain's order. */
  readonly events: readonly ForcedEvent[]
  /** Orders `from` up to, not including, `to`, of which `left` are not discharged, by uptime `dueAt`. */
  readonly due: { readonly from: bigint; readonly to: bigint; readonly left: bigint; readonly dueAt: bigint }
  /** Seconds in which the ledger could have accepted batches. */
  readonly uptime: bigint
}

/** A receipt that somebody holds, with its signature of 65 bytes in hex. */
export interface SignedReceipt extends Receipt {
  readonly signature: string
}

/** A report of a shard that somebody holds, with the shard's signature. */
export interface SignedReport extends ServedReport {
  readonly signature: string
}

/** A whole ledger, as one endpoint tells it. */
export interface LedgerRecords {
  readonly config: LedgerConfig
  /** In the order of their numbers. */
  readonly epochs: readonly EpochRecord[]
  /** In the order of acceptance. */
  readonly batches: Iterable<BatchRecord> | AsyncIterable<BatchRecord>
  /** Hashes of seed blocks by number, from the chain itself, as far as the endpoint still has them. */
  readonly blockHashes?: ReadonlyMap<bigint, Hex32>
  /** Without it, timelock, guard rails and multipliers stay unchecked. */
  readonly registry?: RegistryRecords | undefined
  /** The ledger's head when the batches were read. */
  readonly head: Hex32
  /** Without it, forced orders are not looked at: the ledger has no inbox, or nobody reads it. */
  readonly forced?: ForcedRecords | undefined
}
