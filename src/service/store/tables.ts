import type { ColumnType, Generated } from 'kysely'
import type { BatchState } from '../../statement/batch-state.ts'
import type { ProofJobState } from '../api.ts'

/**
 * Integers that may pass 2^53 (bigint and numeric columns): the driver gives decimal text, which `rows.ts` parses; bigints go in.
 */
type Wide = ColumnType<string, bigint | string, bigint | string>
type Json<T> = ColumnType<T, string, string>

/** One row: who may write the lane, under which term, and the counters that answer in O(1). */
export interface LaneTable {
  id: number
  /** Grows with every new holder; each write names the term it was made under. */
  term: Wide
  holder: string | null
  expires_at: ColumnType<Date, never, never>
  receipts: Wide
  accepted: Wide
  deferred: Wide
}

/** What an epoch fixed on chain. */
export interface EpochTable {
  epoch: Wide
  first_batch: Wide
  chain_id: Wide
  ledger: string
  key_commit: Wide
  seed: Wide
  signer: string
  /** The policy's fee word and shard words, settlements and report signers. */
  fee_word: Wide
  policy_words: Json<string[]>
  settlements: Json<string[]>
  report_signers: Json<string[]>
  /** First index that the epoch does not have, once its end is decided here; null until then. */
  end_batch: Wide | null
  /** Whether the epoch after it is in sealed mode; null as before. */
  next_sealed: boolean | null
}

/** A batch (protocol, section 6). Blinds and states are the operator's secrets. */
export interface BatchTable {
  index: Wide
  epoch: Wide
  state: BatchState
  circuit: string
  /** µs since the Unix epoch. */
  time: Wide
  /** µs since the last batch, saturated at 2^40 − 1. */
  elapsed: Wide
  order_counter: Wide
  /** The epoch's or, in sealed mode, the batch's own. This and the next three: null until a sealed batch is drawn. */
  seed: Wide | null
  /** State words before the batch, by shard. */
  before: Json<string[]> | null
  blind_before: Wide | null
  state_before: Wide | null
  /** Ticks, by shard. */
  served: Json<string[]>
  /** The shards' service counters after the batch, ticks; null, in batches from before they were kept, for all 0. */
  counters: Json<string[]> | null
  count: number
  deferred: number
  /** In sealed mode, from when the batch is sealed: the hash of what cannot change any more, and the epoch signer's signature over it. */
  seal_hash: string | null
  seal_signature: string | null
  /** From here on: set when the batch closes. */
  after: Json<string[]> | null
  blind_after: Wide | null
  state_after: Wide | null
  /** V, 32 bytes a word. */
  statement: Buffer | null
  statement_hash: string | null
  /** The epoch signer's over the batch, once its proof is verified. */
  signature: string | null
  /** Failed proofs or submissions since it closed. */
  failures: Generated<number>
  /** Whether its witness was computed since it closed. */
  checked: Generated<boolean>
  /** Why it is quarantined: an error code. */
  reason: string | null
}

/** One slot of a batch: the row behind one receipt. `size` … `details` are private, and null once the batch is final. */
export interface EntryTable {
  epoch: Wide
  batch: Wide
  slot: number
  commitment: Wide
  /** The receipt's: 0 deferred, else shard + 1; 255 sealed. */
  assignment: number
  /** Once a sealed batch is drawn: 0 deferred, else shard + 1. */
  outcome: number | null
  /** Admission, µs since the Unix epoch. */
  time: Wide
  void: Generated<boolean>
  key_id: string
  size: Wide | null
  side: number | null
  segment: number | null
  details: Wide | null
}

/** A request for a proof and, later, its result. */
export interface ProofTable {
  batch: Wide
  /** The queue's job. */
  job: string
  state: ProofJobState
  /** The fencing term: results of an earlier attempt are refused. */
  attempt: Generated<number>
  error: string | null
  digest: Wide | null
  alpha: Wide | null
  y: Wide | null
  beneficiary: string | null
  verifier_id: string | null
  /** a, b, c as the EVM takes them. */
  words: Json<string[]> | null
  witness_ms: number | null
  prove_ms: number | null
}

/** The transaction of a batch, stored before it is sent; several batches may share one. */
export interface SubmissionTable {
  batch: Wide
  nonce: number
  /** With the first batch of the transaction alone, and null where somebody else sent it. */
  raw: string | null
  hash: string
  block_number: number | null
  block_hash: string | null
  /** The batch's part of what the transaction used. */
  gas_used: Wide | null
}

/** A shard's signed word on its finished work (EIP-712 `Served`). */
export interface ReportTable {
  epoch: Wide
  shard: number
  /** Ticks since the epoch's start. */
  counter: Wide
  /** µs since the Unix epoch. */
  time: Wide
  signature: string
}

/** Orders assigned to each shard in accepted batches. */
export interface ShardTotalTable {
  shard: number
  assigned: Wide
}

/** The tables of the lane; API keys, events, quotas and idempotency have theirs beside their code. */
export interface Tables {
  lane: LaneTable
  epoch: EpochTable
  batch: BatchTable
  entry: EntryTable
  proof: ProofTable
  submission: SubmissionTable
  report: ReportTable
  shard_total: ShardTotalTable
}
