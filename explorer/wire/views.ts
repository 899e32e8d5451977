/** What pages show. Everything passes through structured clone. */
import type { Hex32 } from '../../src/base/keccak.ts'
import type { PublishedPolicy } from '../../src/policy/policy.ts'
import type { BatchState } from '../../src/statement/batch-state.ts'

/** Who vouches for what a page shows. */
export interface Sight {
  readonly chainId: bigint
  readonly ledger: string
  readonly shards: number
  /** Whose RPC endpoint tells what the chain says. */
  readonly chainBy: 'service' | 'user'
  /** Who named the ledger. */
  readonly ledgerBy: 'service' | 'user'
  /** Host of the endpoint, for people. */
  readonly endpoint: string
}

/** A line of the list of batches. */
export interface BatchRow {
  readonly index: bigint
  readonly epoch: bigint
  readonly state: BatchState
  /** µs since the Unix epoch. */
  readonly time?: bigint | undefined
  readonly count: number
  readonly deferred?: number | undefined
  readonly circuit?: string | undefined
  readonly transaction?: Hex32 | undefined
  readonly gasUsed?: bigint | undefined
}

/** What an accepted batch published, counted. */
export interface BatchDigest {
  readonly index: bigint
  readonly epoch: bigint
  /** µs since the Unix epoch. */
  readonly time: bigint
  readonly count: number
  readonly deferred: number
  /** By shard. */
  readonly fees: readonly number[]
  readonly open: readonly boolean[]
  readonly assigned: readonly number[]
  readonly gasUsed: bigint
  readonly transaction: Hex32
}

/** An accepted batch after its checks; they were told on the way. */
export interface VerifiedBatch extends BatchDigest {
  readonly beneficiary: string
  /** Seconds since the Unix epoch. */
  readonly blockTime: bigint
  readonly orderRoot: Hex32
  readonly record: Hex32
  readonly signer: string
  /** By slot. */
  readonly commitments: readonly bigint[]
  readonly assignments: readonly number[]
  /** The proof's public signals, made from the rebuilt V; missing where V could not be rebuilt. */
  readonly signals?: { readonly digest: bigint; readonly alpha: bigint; readonly y: bigint } | undefined
}

export interface EpochView {
  readonly epoch: bigint
  readonly firstBatch: bigint
  readonly signer: string
  readonly keyCommit: bigint
  /** 0 until the epoch is open. */
  readonly seed: bigint
  readonly seedBlock: bigint
  /** First index past it, once something ends it. */
  readonly end?: bigint | undefined
  /** Whether it was given up there: receipts from there on are void. */
  readonly abandoned: boolean
  readonly fromReset: boolean
  /** Whether its batches are sealed before their seeds are known. */
  readonly sealedMode: boolean
  readonly policyHash: Hex32
  /** The words that the ledger fixed for the epoch; `undefined` where they break a rule of the protocol. */
  readonly policy: PublishedPolicy | undefined
  readonly verifiers: readonly { readonly address: string; readonly slots: number; readonly verifierId: Hex32 }[]
}

/** An event of the registry, an epoch that took its policy, or what reputation concluded from one. */
export interface PolicyEvent {
  readonly kind: 'published' | 'proposed' | 'activated' | 'cancelled' | 'retuned' | 'concluded' | 'announced'
  /** Seconds since the Unix epoch. */
  readonly time: bigint
  readonly id?: bigint | undefined
  readonly epoch?: bigint | undefined
  readonly policyHash?: Hex32 | undefined
  /** Earliest activation, seconds since the Unix epoch. */
  readonly eta?: bigint | undefined
}

export interface PendingPolicy {
  readonly id: number
  readonly policyHash: Hex32
  readonly etaS: number
  readonly status: 'waiting' | 'ripe'
  readonly policy: PublishedPolicy | undefined
}

export interface PolicyPage {
  /** The policy of the latest epoch as published, and what its weights are multiplied by there, of 256. */
  readonly inForce:
    | {
        readonly policyHash: Hex32
        readonly policy: PublishedPolicy | undefined
        readonly multipliers: readonly number[]
      }
    | undefined
  readonly pending: readonly PendingPolicy[]
  /** Newest first. */
  readonly history: readonly PolicyEvent[]
  /** Seconds. */
  readonly delay: bigint
  readonly retuneInterval: bigint
}
