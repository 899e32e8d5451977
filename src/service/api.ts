/**
 * What the service offers to its edges (HTTP, CLI). Edges parse and map; everything that decides or stores lies behind this interface.
 */
import type { Hex32 } from '../base/keccak.ts'
import type { Order, Segment } from '../order/order.ts'
import type { Receipt } from '../order/receipt.ts'
import type { ServedReport } from '../order/served.ts'
import type { PublishedPolicy } from '../policy/policy.ts'
import type { BatchState } from '../statement/batch-state.ts'
import type { Head } from '../statement/record.ts'
import type { Statement } from '../statement/statement.ts'

/** Who calls: an API key, already checked. */
export interface Caller {
  /** Whose orders these are: the first key of a line of rotations. */
  readonly keyId: string
  /** The class of the key; orders of another segment are refused. */
  readonly segment: Segment
}

/** A receipt with the epoch signer's 65-byte signature in 0x-prefixed hex. */
export interface SignedReceipt extends Receipt {
  readonly signature: string
}

/** A shard's word on its finished work, with its report signer's signature: 65 bytes, or 64 (EIP-2098), in 0x-prefixed hex. */
export interface SignedReport extends ServedReport {
  readonly signature: string
}

/** Why one order got no receipt; never says anything about another caller's order. */
export interface OrderRefusal {
  readonly code:
    | 'ORDER_TOO_LARGE'
    | 'ORDER_ALREADY_ACCEPTED'
    | 'ORDER_ALREADY_IN_BATCH'
    | 'SEGMENT_MISMATCH'
    | 'BACK_PRESSURE'
  readonly message: string
  /** ORDER_TOO_LARGE: the largest size that would fit, in lots. */
  readonly largestSize?: number
  /** BACK_PRESSURE: when to try again. */
  readonly retryAfterMs?: number
  /** ORDER_ALREADY_…: the receipt that stands, for the key that has it. */
  readonly receipt?: SignedReceipt
}

/** What one order came to. A receipt is of a row that is committed. */
export type OrderOutcome =
  /** Sealed: the order has its place, and the draw is to come. */
  | {
      readonly status: 'accepted' | 'deferred' | 'sealed'
      readonly commitment: bigint
      readonly receipt: SignedReceipt
    }
  | { readonly status: 'refused'; readonly commitment: bigint; readonly refusal: OrderRefusal }

/** A batch without its statement. `transaction` is there once it is sent, `gasUsed` (the batch's part) once it is mined. */
export interface BatchSummary {
  readonly epoch: bigint
  readonly index: bigint
  readonly state: BatchState
  /** µs since the Unix epoch. */
  readonly time: bigint
  readonly count: number
  readonly deferred: number
  readonly circuit: string
  readonly transaction?: Hex32
  readonly gasUsed?: bigint
}

/**
 * Everything public about a batch, as far as it has come. All but the state is bound by a hash, a proof or a signature, and is what auditors take once the
 * batch is accepted. What only the chain can tell (transaction, gas) is in the summary. No order can be read from it.
 */
export interface BatchBundle extends Omit<BatchSummary, 'transaction' | 'gasUsed'> {
  readonly chainId: bigint
  readonly ledger: string
  /** The epoch's signer. */
  readonly signer: string
  readonly statement?: Statement
  readonly statementHash?: Hex32
  readonly orderRoot?: Hex32
  readonly head?: Hex32
  readonly terms?: Hex32
  readonly record?: Hex32
  /** The epoch signer's signature over the batch. */
  readonly signature?: string
  readonly proof?: {
    /** a, b, c as the EVM takes them (eight words, G2 imaginary parts first). */
    readonly words: readonly bigint[]
    readonly digest: bigint
    readonly alpha: bigint
    readonly y: bigint
    readonly beneficiary: string
    readonly verifierId: Hex32
  }
}

/** What is known of one commitment. */
export interface OrderStatus {
  readonly commitment: bigint
  /** Oldest first: a deferred order may have come again. */
  readonly entries: readonly {
    readonly receipt: SignedReceipt
    readonly batchState: BatchState
    /** Of a sealed receipt, once its batch is drawn: 0 deferred, else shard + 1. */
    readonly outcome?: number
    /** Once the batch is accepted: siblings from the slot's leaf to the order root. */
    readonly inclusion?: { readonly orderRoot: Hex32; readonly path: readonly Hex32[]; readonly record: Hex32 }
  }[]
}

/** `cancelled` until somebody asks for the proof again, which makes a new job; the batch stays closed meanwhile. */
export const PROOF_JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type ProofJobState = (typeof PROOF_JOB_STATES)[number]

/** The proof of one batch, from the first request on; the times are those of the attempt that succeeded. */
export interface ProofJob {
  readonly id: string
  readonly batchIndex: bigint
  readonly state: ProofJobState
  readonly attempts: number
  /** The code of the last failure. */
  readonly error?: string
  readonly witnessMs?: number
  readonly proveMs?: number
}

/** Whether nothing more will happen to a job. */
export const isOver = ({ state }: ProofJob): boolean => state === 'done' || state === 'failed' || state === 'cancelled'

/** A batch that entered a state, with its counts then. */
export type BatchChange = Pick<BatchSummary, 'epoch' | 'index' | 'state' | 'time' | 'count' | 'deferred'>

/** A proof job and its events. */
export interface WatchedProof {
  readonly job: ProofJob
  readonly events: AsyncIterable<StreamEvent>
}

/** One event of a stream. Ids grow with the commits and survive restarts. */
export type StreamEvent = { readonly id: bigint } & (
  | { readonly kind: 'batch'; readonly batch: BatchChange }
  | { readonly kind: 'proof'; readonly job: ProofJob }
  /** Receipts that one key was given, of one batch. */
  | { readonly kind: 'receipts'; readonly receipts: readonly SignedReceipt[] }
  /** Events up to this id are deleted, or the reader's id is of another database: look at everything anew. */
  | { readonly kind: 'gap' }
)

/** From where a reader watches, and what it may see. */
export interface Watching {
  /** Only later events. */
  readonly after: bigint
  /** Whose receipts are told. */
  readonly receiptsOf: 'nobody' | 'everybody' | Pick<Caller, 'keyId'>
}

/** What everybody may know of a shard. */
export interface ShardView {
  readonly shard: number
  /** As published with the last closed batch; before the first, the genesis values. */
  readonly open: boolean
  readonly fee: bigint
  readonly settlement: string
  /** Orders assigned to the shard in accepted batches. */
  readonly assigned: number
}

/** The policy in force, and the epoch that fixed it; `largestSize` in lots. */
export interface PolicyView {
  readonly epoch: bigint
  /** As published: what `policyHash` is of. */
  readonly policy: PublishedPolicy
  /** What reputation multiplies its weights by in this epoch, of 256, by shard. */
  readonly multipliers: readonly number[]
  /** The weights that orders are routed by, retail and institutional, by shard. */
  readonly weights: readonly (readonly [bigint, bigint])[]
  readonly policyHash: Hex32
  readonly chainId: bigint
  readonly ledger: string
  readonly signer: string
  readonly keyCommit: bigint
  /** In sealed mode no draw depends on it: each batch has its own. */
  readonly seed: bigint
  readonly sealedMode: boolean
  readonly largestSize: Readonly<Record<Segment, number>>
}

/** Which ledger the service works on, for those who read the chain themselves. */
export interface ChainPlace {
  readonly chainId: bigint
  readonly ledger: string
  readonly registry: string
}

/** One JSON-RPC call that changes nothing. */
export interface ChainCall {
  readonly method: string
  readonly params: readonly unknown[]
}

/** What the service's RPC endpoint said to a call; an error as JSON-RPC has it. */
export type ChainAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }

/** One named check of readiness. */
export interface ReadinessCheck {
  readonly name: string
  readonly ok: boolean
  readonly message: string
}

/** Where an epoch ends by its operator's decision. */
export interface EpochEnding {
  readonly epoch: bigint
  /** First index that the epoch does not have. */
  readonly end: bigint
  /** Whether the next epoch is in sealed mode. */
  readonly nextSealed: boolean
}

/** Counts that answer in O(1), for status pages and forecasts. */
export interface ServiceStatus {
  /** Accepted, deferred, and in sealed mode those whose draws are to come. */
  readonly receipts: number
  readonly accepted: number
  readonly deferred: number
  readonly batchesOpenToSent: number
  readonly lastAcceptedBatch?: bigint
  readonly head: Head
}

/** A running service. `undefined` says that there is no such commitment, batch or job. */
export interface ServiceApi {
  /** Assigns orders in the order given; one outcome each, same order. Durable before it returns. */
  submitOrders(orders: readonly Order[], caller: Caller): Promise<OrderOutcome[]>
  /**
   * Keeps a shard's report for the next batch. Sending it again is no error.
   * @returns the shard's counter that batches have applied so far, ticks.
   * @throws ServiceError REPORT_REFUSED.
   */
  submitReport(report: SignedReport): Promise<bigint>
  /** @param reader whose receipts alone are seen; everybody's when left out. */
  orderStatus(commitment: bigint, reader?: Pick<Caller, 'keyId'>): Promise<OrderStatus | undefined>
  /** Newest first. @param before exclusive upper index. @param limit at most 100. */
  batches(page: { before?: bigint; limit: number }): Promise<BatchSummary[]>
  batch(index: bigint): Promise<BatchBundle | undefined>
  /** Asks for the proof of a closed batch; the same job again while one is there that was not cancelled. @throws ServiceError BATCH_NOT_FOUND, BATCH_NOT_CLOSED. */
  requestProof(batchIndex: bigint): Promise<ProofJob>
  proofJob(id: string): Promise<ProofJob | undefined>
  /**
   * Ends a job that waits or runs, wherever it runs; again is no error. Its batch stays closed, and ages, until somebody asks for the proof again.
   * @throws ServiceError PROOF_JOB_OVER when it is done or failed.
   */
  cancelProof(id: string): Promise<ProofJob | undefined>
  /** The id of the newest event; 0 before the first. */
  newestEvent(): Promise<bigint>
  /** Events as they happen; ends with the signal, or when the service stops. */
  watch(watching: Watching, signal: AbortSignal): AsyncIterable<StreamEvent>
  /**
   * Events of one proof job: how far it is, unless `after` says what was seen; ends when the job is over.
   * @returns with how far it is now; `undefined` when there is no such job.
   */
  watchProof(id: string, after: bigint | undefined, signal: AbortSignal): Promise<WatchedProof | undefined>
  /**
   * Ends the epoch in order, after the batch that is open, and begins the next one under the active policy: it is announced and opened on chain, and this service goes over to it once the
   * ledger has accepted the last batch. Until then there are no receipts. Asking again is no error, and changes nothing.
   * @param nextSealed whether the next epoch is in sealed mode; as this one by default.
   * @throws ServiceError EPOCH_CHANGE_REFUSED when the ledger would not take it, such as before the epoch's first accepted batch; LEASE_LOST, NOT_READY.
   */
  changeEpoch(nextSealed?: boolean): Promise<EpochEnding>
  policy(): Promise<PolicyView>
  shards(): Promise<ShardView[]>
  status(): Promise<ServiceStatus>
  readiness(): Promise<ReadinessCheck[]>
  chainPlace(): Promise<ChainPlace>
  /** Passes calls on to the RPC endpoint; one answer each, same order. The edge lets reads through alone. @throws ServiceError CHAIN_UNREACHABLE. */
  askChain(calls: readonly ChainCall[]): Promise<ChainAnswer[]>
}
