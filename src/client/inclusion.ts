import type { Hex32 } from '../base/keccak.ts'
import { rootFromPath } from '../base/merkle.ts'
import { unpackItems } from '../base/pack.ts'
import { contradiction } from '../order/receipt.ts'
import {
  type Inclusion,
  inclusionPath,
  LEAF_SLOTS,
  type LeafSlots,
  leafHash,
  leafOf,
  type RecordParts,
  recordHash,
  termsHash,
  termsOf,
} from '../statement/record.ts'
import { ClientError } from './error.ts'
import type { VerifiedReceipt } from './receipt.ts'
import type { ChainView } from './trust.ts'
import type { BatchBundle } from './wire.ts'

/** An order's place in an accepted batch, checked against the chain; its fields are those of the gate's `Inclusion`, ready to be settled with. */
export interface CheckedInclusion extends Inclusion {
  /** The order's shard, from 0; `undefined` when it was deferred. */
  readonly shard: number | undefined
}

/** What opens a record, from whoever; nothing of it is believed. */
export interface Opening extends LeafSlots {
  readonly record: RecordParts
  readonly path: readonly Hex32[]
  /** Of the batch, µs since the Unix epoch. */
  readonly time: bigint
  /** The terms' hash, from the fees, flags and time that the opening names. */
  readonly terms: Hex32
}

/**
 * Holds a receipt to what the ledger recorded: opens `record[batch]`, climbs from the slot's leaf to the order root, and compares.
 * @throws ClientError `NOT_ACCEPTED`; `INCLUSION_FORGED` when the opening is not the record's; `RECEIPT_CONTRADICTED` when the chain says otherwise
 * than the receipt. ChainError.
 */
export async function checkOpening(
  receipt: VerifiedReceipt,
  opening: Opening,
  chain: ChainView,
): Promise<CheckedInclusion> {
  const { batch: index, slot } = receipt
  const recorded = await recordOf(chain, index)
  const { record, commitments, assignments, path, terms, time } = opening
  if (recordHash(record) !== recorded) throw forged('record', index)
  if (terms !== record.terms) throw forged('terms', index)
  const leaf = leafHash({ commitments, assignments })
  if (rootFromPath(leaf, Math.floor(slot / LEAF_SLOTS), path) !== record.orderRoot) throw forged('path', index)
  const first = slot - (slot % LEAF_SLOTS)
  const epoch = await epochOf(chain, receipt)
  // The leaf's own slots, at their places; the others are not looked at.
  const slots = { commitments: new Array<bigint>(first).fill(0n), assignments: new Array<number>(first).fill(0) }
  const published = {
    commitments: [...slots.commitments, ...commitments],
    assignments: [...slots.assignments, ...assignments],
  }
  const by = contradiction(receipt, { epoch, index, time, ...published })
  if (by !== undefined)
    throw new ClientError('RECEIPT_CONTRADICTED', `batch ${index} contradicts the receipt: ${by}`, {
      details: { by, receipt, opening },
    })
  const assignment = assignments[slot - first] ?? 0
  const shard = assignment === 0 ? undefined : assignment - 1
  return { index, slot, record, commitments, assignments, path, shard }
}

/** @throws ClientError `NOT_ACCEPTED`. */
async function recordOf(chain: ChainView, index: bigint): Promise<Hex32> {
  const recorded = await chain.record(index)
  if (recorded !== undefined) return recorded
  throw new ClientError('NOT_ACCEPTED', `the chain has no batch ${index}`, { details: { index } })
}

/** The epoch that the ledger gives to the receipt's batch: the receipt's own, or 0 for any other. */
async function epochOf(chain: ChainView, { epoch, batch }: VerifiedReceipt): Promise<bigint> {
  const latest = await chain.latestEpoch()
  if (epoch < 1n || epoch > latest || (await chain.epoch(epoch)).firstBatch > batch) return 0n
  return epoch < latest && (await chain.epoch(epoch + 1n)).firstBatch <= batch ? 0n : epoch
}

/** The opening that the service gives. @throws ClientError `INCLUSION_MISSING`. */
export function openingFromService(bundle: BatchBundle, slot: number, path: readonly Hex32[] | undefined): Opening {
  const { statement, orderRoot, statementHash, head, terms, proof } = bundle
  if (!statement || !orderRoot || !statementHash || !head || !terms || !proof || !path)
    throw new ClientError('INCLUSION_MISSING', `the service does not open batch ${bundle.index}`)
  const record = { orderRoot, statementHash, head, terms }
  const named = termsHash(statement, proof.beneficiary)
  return { record, ...leafOf(statement, slot), path, time: statement.time, terms: named }
}

/** The opening that the chain itself gives: the batch's calldata. @throws ClientError `NOT_ACCEPTED`, `RECEIPT_CONTRADICTED`; ChainError. */
export async function openingFromChain(chain: ChainView, receipt: VerifiedReceipt): Promise<Opening> {
  const { batch: index, slot } = receipt
  const batch = await chain.batch(index)
  if (!batch) throw new ClientError('NOT_ACCEPTED', `the chain has no batch ${index}`, { details: { index } })
  const { orderRoot, statementHash, head, submission } = batch
  if (slot >= submission.commitments.length)
    throw new ClientError('RECEIPT_CONTRADICTED', `batch ${index} contradicts the receipt: slot`, {
      details: { by: 'slot', receipt },
    })
  const terms = termsOf({ ...submission, count: submission.commitments.length })
  const assignments = unpackItems(submission.assignments, 8, 31, submission.commitments.length).map(Number)
  const slots = { commitments: submission.commitments, assignments }
  const record = { orderRoot, statementHash, head, terms }
  return { record, ...leafOf(slots, slot), path: inclusionPath(slots, slot), time: submission.time, terms }
}

const forged = (part: 'record' | 'terms' | 'path', index: bigint): ClientError =>
  new ClientError('INCLUSION_FORGED', `what opens batch ${index} is not what the chain recorded: ${part}`, {
    details: { part, index },
  })
