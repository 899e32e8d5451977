/**
 * What the service answers, parsed: decimal strings become `bigint`. Unknown members are dropped, so that an older client reads a newer service. Where a
 * schema is used (transport.ts), its input is held to the type that the OpenAPI document gives the answer.
 */
import { z } from 'zod'
import { Address, Bytes32, Count, FieldElement, Uint } from '../base/schema.ts'
import { SEGMENTS } from '../order/order.ts'
import { Receipt } from '../order/receipt.ts'
import { BATCH_STATES } from '../statement/batch-state.ts'

const Signature = z.string().regex(/^0x[0-9a-f]{130}$/)
const Word = Uint(256)

/** The router's promise with its signature, r, s and v; unchecked until `verifyReceipt`. */
export const SignedReceipt = z.object({ ...Receipt.shape, signature: Signature })
export type SignedReceipt = z.infer<typeof SignedReceipt>

const Placed = z.object({
  status: z.enum(['accepted', 'deferred', 'sealed']),
  commitment: FieldElement,
  receipt: SignedReceipt,
})

/** Why one order of a list got no receipt. */
export const Refusal = z.looseObject({
  code: z.string(),
  detail: z.string(),
  retryAfterMs: z.number().min(0).optional(),
  receipt: SignedReceipt.optional(),
})

const Refused = z.object({ status: z.literal('refused'), commitment: FieldElement.optional(), refusal: Refusal })

/** The answer to a list: one result an order, in the order of the request. */
export const OrderResults = z.object({ results: z.array(z.discriminatedUnion('status', [Placed, Refused])) })
export type OrderResult = z.infer<typeof OrderResults>['results'][number]

const OrderEntry = z.object({
  receipt: SignedReceipt,
  batchState: z.enum(BATCH_STATES),
  outcome: z.int().min(0).max(254).optional(),
  inclusion: z.object({ orderRoot: Bytes32, path: z.array(Bytes32), record: Bytes32 }).optional(),
})

/** All receipts of a commitment that the key may see, oldest first, unchecked; `outcome` and `inclusion` once there is one. */
export const OrderStatus = z.object({ commitment: FieldElement, entries: z.array(OrderEntry) })
export type OrderStatus = z.infer<typeof OrderStatus>

const place = {
  epoch: Uint(64),
  index: Uint(64),
  state: z.enum(BATCH_STATES),
  /** µs since the Unix epoch. */
  time: Uint(64),
  count: Count,
  deferred: Count,
  circuit: z.string(),
}

/** A batch in a list. `transaction` is there once it is sent, `gasUsed` (the batch's part) once it is mined. */
export const BatchSummary = z.object({ ...place, transaction: Bytes32.optional(), gasUsed: Uint(64).optional() })
export type BatchSummary = z.infer<typeof BatchSummary>

/** One page of batches, newest first; without `next` it is the last. */
export const BatchPage = z.object({ batches: z.array(BatchSummary), next: z.string().optional() })

const Statement = z.object({
  keyCommit: FieldElement,
  seed: FieldElement,
  batchIndex: Uint(64),
  orderCounter: Uint(64),
  time: Uint(64),
  elapsed: Uint(40),
  stateBefore: FieldElement,
  stateAfter: FieldElement,
  feeWord: Word,
  fees: z.array(Uint(15)),
  open: z.array(z.boolean()),
  served: z.array(Uint(40)),
  policyWords: z.array(Word),
  commitments: z.array(FieldElement),
  assignments: z.array(z.int().min(0).max(255)),
})

const Proof = z.object({
  words: z.array(Word).length(8),
  digest: FieldElement,
  alpha: FieldElement,
  y: FieldElement,
  beneficiary: Address,
  verifierId: Bytes32,
})

/** Everything public about a batch, as far as it has come; the words of the service, until `checkInclusion` or an audit holds them to the chain. */
export const BatchBundle = z.object({
  ...place,
  chainId: Word,
  ledger: Address,
  signer: Address,
  statement: Statement.optional(),
  statementHash: Bytes32.optional(),
  orderRoot: Bytes32.optional(),
  head: Bytes32.optional(),
  terms: Bytes32.optional(),
  record: Bytes32.optional(),
  signature: Signature.optional(),
  proof: Proof.optional(),
})
export type BatchBundle = z.infer<typeof BatchBundle>

const ShardPolicy = z.object({
  weights: z.tuple([Uint(12), Uint(12)]),
  tau: Uint(16),
  limit: Uint(40),
  trip: Uint(40),
  reset: Uint(40),
  skew: Uint(40),
  target: Uint(40),
  reporting: z.boolean(),
})

/** The policy in force, as published, what its weights are in the epoch that fixed it, and that epoch; backlogs and times in ticks, `largestSize` in lots. */
export const PolicyInForce = z.object({
  epoch: Uint(64),
  policy: z.object({
    kind: z.enum(['two-choice', 'round-robin']),
    feeMin: Uint(15),
    feeMax: Uint(15),
    shards: z.array(ShardPolicy),
    settlements: z.array(Address),
    reportSigners: z.array(Address),
  }),
  /** What reputation multiplies the weights by, of 256, by shard. */
  multipliers: z.array(Count),
  /** The weights that orders are routed by, retail and institutional, by shard. */
  weights: z.array(z.tuple([Uint(12), Uint(12)])),
  policyHash: Bytes32,
  chainId: Word,
  ledger: Address,
  signer: Address,
  keyCommit: FieldElement,
  seed: FieldElement,
  sealedMode: z.boolean(),
  largestSize: z.record(z.enum(SEGMENTS), Count),
})
export type PolicyInForce = z.infer<typeof PolicyInForce>

/** Which ledger the service works on. */
export const Chain = z.object({ chainId: Word, ledger: Address, registry: Address })

/** As published with the last closed batch; `assigned` counts orders in accepted batches. */
export const Shards = z.object({
  shards: z.array(z.object({ shard: Count, open: z.boolean(), fee: Uint(15), settlement: Address, assigned: Count })),
})
export type Shard = z.infer<typeof Shards>['shards'][number]

/** Counts over the whole history, and the head that the last accepted batch left; `time` in µs since the Unix epoch. */
export const ServiceStatus = z.object({
  receipts: Count,
  accepted: Count,
  deferred: Count,
  batchesOpenToSent: Count,
  lastAcceptedBatch: Uint(64).optional(),
  head: z.object({
    epoch: Uint(64),
    nextIndex: Uint(64),
    state: FieldElement,
    time: Uint(64),
    orderCounter: Uint(64),
    counters: z.array(Uint(64)),
  }),
})
export type ServiceStatus = z.infer<typeof ServiceStatus>

/** A batch that entered a state, with its counts then. */
export const BatchChange = z.object({
  epoch: place.epoch,
  index: place.index,
  state: place.state,
  time: place.time,
  count: Count,
  deferred: Count,
})
export type BatchChange = z.infer<typeof BatchChange>

/** How far the proof of a batch is. */
export const ProofJob = z.object({
  id: z.string(),
  batchIndex: Uint(64),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  attempts: Count,
  error: z.string().optional(),
  witnessMs: z.number().optional(),
  proveMs: z.number().optional(),
})
export type ProofJob = z.infer<typeof ProofJob>

/** One event of a stream: the lines of its frame, `data` as JSON. */
export const StreamFrame = z.discriminatedUnion('event', [
  z.object({ id: Uint(64), event: z.literal('batch'), data: BatchChange }),
  z.object({ id: Uint(64), event: z.literal('proof'), data: ProofJob }),
  z.object({ id: Uint(64), event: z.literal('receipts'), data: z.object({ receipts: z.array(SignedReceipt) }) }),
  z.object({ id: Uint(64), event: z.literal('gap'), data: z.object({ upTo: Uint(64) }) }),
])

/** The problem document (RFC 9457), with whatever further members a code brings. */
export const Problem = z.looseObject({
  code: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  retryAfterMs: z.number().min(0).optional(),
})
