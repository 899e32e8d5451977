import { z } from 'zod'
import type { BatchBundle, BatchSummary } from '../../service/api.ts'
import { BATCH_STATES } from '../../statement/batch-state.ts'
import type { Wire } from '../wire.ts'
import { Account, Count, Decimal, FieldDecimal, Hash, Micros, Signature } from './scalars.ts'

const place = {
  epoch: Decimal,
  index: Decimal,
  state: z.enum(BATCH_STATES),
  time: Micros,
  count: Count.meta({ description: 'Orders in the batch, deferred ones included.' }),
  deferred: Count,
  circuit: z.string().meta({ example: 'two-choice-4-8' }),
}

const BatchSummaryView = z
  .strictObject({ ...place, transaction: Hash.optional(), gasUsed: Decimal.optional() })
  .meta({ id: 'BatchSummary' }) satisfies z.ZodType<Wire<BatchSummary>>

/** What `GET /v1/batches` answers, newest first. */
export const BatchPage = z
  .strictObject({
    batches: z.array(BatchSummaryView),
    next: z.string().optional().meta({ description: 'Path of the next page, while there may be one.' }),
  })
  .meta({ id: 'BatchPage' })

const StatementView = z
  .strictObject({
    keyCommit: FieldDecimal,
    seed: FieldDecimal,
    batchIndex: Decimal,
    orderCounter: Decimal,
    time: Micros,
    elapsed: Decimal.meta({ description: 'µs since the batch before, saturated at 2^40 − 1.' }),
    stateBefore: FieldDecimal,
    stateAfter: FieldDecimal,
    feeWord: Decimal,
    fees: z.array(Decimal),
    open: z.array(z.boolean()),
    served: z.array(Decimal).meta({ description: 'Ticks, by shard.' }),
    policyWords: z.array(FieldDecimal),
    commitments: z.array(FieldDecimal),
    assignments: z.array(z.int().min(0).max(255)),
  })
  .meta({ id: 'Statement', description: 'What the batch publishes and proves (protocol, section 4).' })

const ProofView = z
  .strictObject({
    words: z.array(Decimal).length(8).meta({ description: 'a, b, c as the EVM takes them; G2 imaginary parts first.' }),
    digest: FieldDecimal,
    alpha: FieldDecimal,
    y: FieldDecimal,
    beneficiary: Account,
    verifierId: Hash,
  })
  .meta({ id: 'Proof' })

export const BatchBundleView = z
  .strictObject({
    ...place,
    chainId: Decimal,
    ledger: Account,
    signer: Account.meta({ description: "The epoch's signer." }),
    statement: StatementView.optional(),
    statementHash: Hash.optional(),
    orderRoot: Hash.optional(),
    head: Hash.optional(),
    terms: Hash.optional(),
    record: Hash.optional(),
    signature: Signature.optional(),
    proof: ProofView.optional(),
  })
  .meta({
    id: 'BatchBundle',
    description: 'Everything public about a batch, as far as it has come. No order can be read from it.',
  }) satisfies z.ZodType<Wire<BatchBundle>>
