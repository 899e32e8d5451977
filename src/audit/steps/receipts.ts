import { domainSeparator, type SigningDomain, signerOf } from '../../order/domain.ts'
import { type AcceptedBatch, contradiction, type Receipt, receiptDigest } from '../../order/receipt.ts'
import { SEALED_ASSIGNMENT } from '../../order/sealed-assignment.ts'
import { equal, holds, unchecked } from '../check.ts'
import { isVoid } from '../is-void.ts'
import type { EpochRecord, SignedReceipt } from '../records.ts'
import type { ChecksOf } from '../step.ts'

/** What is known of the ledger when receipts are held against it. */
export interface ReceiptContext {
  readonly config: SigningDomain & { readonly deadlineS?: number }
  readonly epochs: readonly Pick<EpochRecord, 'epoch' | 'signer' | 'abandoned' | 'end'>[]
  /** Accepted batches that receipts name, by index. */
  readonly batches: ReadonlyMap<bigint, AcceptedBatch>
  /** Index that comes next: every batch below was accepted. `undefined` when the audit ends before the chain does: then nobody knows of later ones. */
  readonly nextIndex: bigint | undefined
  /** The chain's time, seconds since the Unix epoch. */
  readonly timeS: bigint
}

const SECOND = 1_000_000n
const ACCEPTING = (byte: number): boolean => byte !== 0 && byte !== SEALED_ASSIGNMENT

/** Receipts that traders hold are signed, kept by the chain, and not contradicted by each other. A receipt that nobody signed is nobody's promise. */
export const receipts = {
  *end({ receipts: held, ...context }: ReceiptContext & { receipts: readonly SignedReceipt[] }): ChecksOf<'receipts'> {
    const separator = domainSeparator(context.config)
    const signed: SignedReceipt[] = []
    for (const receipt of held) {
      const place = placeOf(receipt)
      const epoch = context.epochs.find(({ epoch: number }) => number === receipt.epoch)
      const found = signerOf(receiptDigest(separator, receipt), receipt.signature) ?? 'no valid signature'
      yield equal('receipt-signature', place, epoch?.signer ?? 'no such epoch', found)
      if (epoch?.signer !== found) continue
      signed.push(receipt)
      yield* kept(receipt, context)
    }
    yield* together(signed)
  },
}

function* kept(receipt: Receipt, context: ReceiptContext): ChecksOf<'receipts'> {
  const place = placeOf(receipt)
  // Given up with its epoch: redeemed, not kept.
  if (isVoid(context.epochs, receipt.epoch, receipt.batch))
    return yield holds('receipt-overdue', place, true, 'given up', 'given up')
  const batch = context.batches.get(receipt.batch)
  if (batch) {
    const broken = contradiction(receipt, batch)
    return yield holds('receipt-kept', place, broken === undefined, 'what was promised', `another ${broken}`)
  }
  if (context.nextIndex === undefined || receipt.batch < context.nextIndex)
    return yield unchecked('receipt-kept', place, 'its batch was not read')
  const { deadlineS } = context.config
  if (deadlineS === undefined) return yield unchecked('receipt-overdue', place, 'the deadline is not known')
  const due = receipt.time + BigInt(deadlineS) * SECOND
  const now = context.timeS * SECOND
  if (now > due) return yield holds('receipt-overdue', place, false, `accepted by ${due} µs`, `not yet at ${now} µs`)
  yield unchecked('receipt-kept', place, 'its batch is not accepted yet, and not overdue')
}

/** Two receipts contradict each other when they fill one slot with two promises, or accept one commitment twice in an epoch. */
function* together(signed: readonly SignedReceipt[]): ChecksOf<'receipts'> {
  const bySlot = new Map<string, SignedReceipt>()
  const byOrder = new Map<string, SignedReceipt>()
  for (const receipt of signed) {
    const { epoch, batch, slot, commitment, assignment } = receipt
    const sameSlot = bySlot.get(`${epoch} ${batch} ${slot}`)
    const sameOrder = ACCEPTING(assignment) ? byOrder.get(`${epoch} ${commitment}`) : undefined
    const other = [sameSlot, sameOrder].find((held) => held && contradicts(held, receipt))
    yield holds(
      'receipt-once',
      placeOf(receipt),
      !other,
      'one promise',
      `another for batch ${other?.batch}, slot ${other?.slot}`,
    )
    bySlot.set(`${epoch} ${batch} ${slot}`, receipt)
    if (ACCEPTING(assignment)) byOrder.set(`${epoch} ${commitment}`, receipt)
  }
}

/** Whether two signed receipts of a ledger cannot both be kept (protocol, section 6). */
export function contradicts(one: Receipt, other: Receipt): boolean {
  if (one.epoch !== other.epoch) return false
  const same = one.commitment === other.commitment && one.assignment === other.assignment && one.time === other.time
  const sameSlot = one.batch === other.batch && one.slot === other.slot
  if (sameSlot) return !same
  return one.commitment === other.commitment && ACCEPTING(one.assignment) && ACCEPTING(other.assignment)
}

const placeOf = ({ epoch, batch, slot }: Receipt) => ({ epoch, batch, at: `slot ${slot}` })
