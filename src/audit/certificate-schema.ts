/**
 * A certificate: a violation that a machine can check against a chain or an anchor, whoever made it. Each kind holds what it takes and nothing else; there is an on-chain
 * challenge for each.
 */
import { z } from 'zod'
import { FieldElement, Uint } from '../base/schema.ts'
import type { SigningDomain } from '../order/domain.ts'
import { ReceiptFile } from './receipt-schema.ts'
import { Account, Hash, Shards, Slots } from './scalars.ts'

/** The only version there is. */
export const CERTIFICATE_FORMAT = 'fairlead-certificate/1'

/** An accepted batch as its record opens it: V in full, and the head that it left. */
export const OpenedBatch = z.strictObject({
  index: Uint(64),
  shards: Shards,
  slots: Slots,
  words: z.array(FieldElement),
  head: Hash,
  /** Account that the record names as paid for the proof. */
  beneficiary: Account,
})
export type OpenedBatch = z.infer<typeof OpenedBatch>

const common = { format: z.literal(CERTIFICATE_FORMAT), chainId: Uint(256), ledger: Account }

/** The accepted batch says otherwise than the receipt. */
const ReceiptContradicted = z.strictObject({
  ...common,
  kind: z.literal('receipt-contradicted'),
  receipt: ReceiptFile,
  batch: OpenedBatch,
})
/** Two receipts that cannot both be kept. */
const ReceiptsContradict = z.strictObject({
  ...common,
  kind: z.literal('receipts-contradict'),
  receipts: z.tuple([ReceiptFile, ReceiptFile]),
})
/** One commitment accepted in two batches, or twice in a batch, whatever became of it there. */
const DuplicateCommitment = z.strictObject({
  ...common,
  kind: z.literal('duplicate-commitment'),
  commitment: FieldElement,
  batches: z.array(OpenedBatch).min(1).max(2),
})
/** The receipt's batch is not accepted, and the deadline has passed. */
const BatchOverdue = z.strictObject({ ...common, kind: z.literal('batch-overdue'), receipt: ReceiptFile })

/** A batch that applies work of a shard which no known report shows. A question: only an unanswered demand on chain makes it a fault. */
const ServedUnreported = z.strictObject({
  ...common,
  kind: z.literal('served-unreported'),
  shard: z.int().min(0).max(63),
  batch: OpenedBatch,
})

/** Told apart by `kind`. Strict: a member that no check reads is an error. */
export const Certificate = z.discriminatedUnion('kind', [
  ReceiptContradicted,
  ReceiptsContradict,
  DuplicateCommitment,
  BatchOverdue,
  ServedUnreported,
])
export type Certificate = z.infer<typeof Certificate>

/** What every certificate begins with. */
export const certificateHead = ({ chainId, ledger }: SigningDomain) =>
  ({ format: CERTIFICATE_FORMAT, chainId, ledger }) as const
