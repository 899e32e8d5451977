import { z } from 'zod'
import {
  type PolicyView,
  PROOF_JOB_STATES,
  type ProofJob,
  type ServiceStatus,
  type ShardView,
} from '../../service/api.ts'
import type { Wire } from '../wire.ts'
import { Account, Count, Decimal, FieldDecimal, Hash, Micros } from './scalars.ts'

/** What `/v1/proofs` answers; the times are those of the attempt that succeeded. */
export const ProofJobView = z
  .strictObject({
    id: z.string(),
    batchIndex: Decimal,
    state: z.enum(PROOF_JOB_STATES),
    attempts: Count,
    error: z.string().optional().meta({ description: 'Code of the last failure.' }),
    witnessMs: z.number().optional(),
    proveMs: z.number().optional(),
  })
  .meta({ id: 'ProofJob' }) satisfies z.ZodType<Wire<ProofJob>>

const ShardPolicyView = z
  .strictObject({
    weights: z.tuple([Decimal, Decimal]).meta({ description: 'Retail, institutional.' }),
    tau: Decimal.meta({ description: 'Ticks a lot.' }),
    limit: Decimal,
    trip: Decimal,
    reset: Decimal,
    skew: Decimal,
    target: Decimal,
    reporting: z.boolean(),
  })
  .meta({ id: 'ShardPolicy', description: 'What the policy says of one shard; backlogs are in ticks.' })

export const PolicyResponse = z
  .strictObject({
    epoch: Decimal,
    policy: z.strictObject({
      kind: z.enum(['two-choice', 'round-robin']),
      feeMin: Decimal,
      feeMax: Decimal,
      shards: z.array(ShardPolicyView),
      settlements: z.array(Account),
      reportSigners: z.array(Account),
    }),
    multipliers: z
      .array(Count)
      .meta({ description: 'What reputation multiplies the weights by in this epoch, of 256, by shard.' }),
    weights: z.array(z.tuple([Decimal, Decimal])).meta({
      description:
        'The weights that orders are routed by, retail and institutional, by shard: those of `policy`, multiplied.',
    }),
    policyHash: Hash,
    chainId: Decimal,
    ledger: Account,
    signer: Account,
    keyCommit: FieldDecimal,
    seed: FieldDecimal,
    sealedMode: z.boolean().meta({
      description:
        'Whether batches are sealed on chain before their seeds are known. Each then has its own, and `seed` decides nothing.',
    }),
    largestSize: z
      .strictObject({ retail: Count, institutional: Count })
      .meta({ description: 'The largest order that some shard of the segment could ever hold, in lots.' }),
  })
  .meta({
    id: 'Policy',
    description: 'The policy in force, as published, and the epoch that fixed it.',
  }) satisfies z.ZodType<Wire<PolicyView>>

const ShardResponse = z
  .strictObject({
    shard: Count,
    open: z.boolean(),
    fee: Decimal,
    settlement: Account,
    assigned: Count.meta({ description: 'Orders assigned to the shard in accepted batches.' }),
  })
  .meta({ id: 'Shard' }) satisfies z.ZodType<Wire<ShardView>>

/** What `GET /v1/shards` answers, by shard. */
export const ShardsResponse = z.strictObject({ shards: z.array(ShardResponse) }).meta({ id: 'Shards' })

export const StatusResponse = z
  .strictObject({
    receipts: Count.meta({ description: 'Accepted, deferred, and in sealed mode those whose draws are to come.' }),
    accepted: Count,
    deferred: Count,
    batchesOpenToSent: Count,
    lastAcceptedBatch: Decimal.optional(),
    head: z.strictObject({
      epoch: Decimal,
      nextIndex: Decimal,
      state: FieldDecimal,
      time: Micros,
      orderCounter: Decimal,
      counters: z.array(Decimal),
    }),
  })
  .meta({ id: 'Status', description: 'Counts that answer at once, whatever the history.' }) satisfies z.ZodType<
  Wire<ServiceStatus>
>

/** What `/healthz` answers, as long as the process does. */
export const HealthResponse = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' })

/** What `/readyz` answers with 200; with checks that fail it is the problem NOT_READY, which lists them. */
export const ReadinessResponse = z
  .strictObject({
    status: z.literal('ready'),
    checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), message: z.string() })),
  })
  .meta({ id: 'Readiness' })
