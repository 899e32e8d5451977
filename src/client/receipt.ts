import { domainSeparator, signerOf } from '../order/domain.ts'
import { receiptDigest } from '../order/receipt.ts'
import { SEALED_ASSIGNMENT } from '../order/sealed-assignment.ts'
import { ClientError } from './error.ts'
import type { Anchor, TrustSource } from './trust.ts'
import type { SignedReceipt } from './wire.ts'

/** A receipt that was checked, and against whose word. */
export interface VerifiedReceipt extends Readonly<SignedReceipt> {
  /** Where the signer and the ledger came from: `service` means that it vouched for itself. */
  readonly verifiedBy: TrustSource
}

/**
 * Checks that a receipt is about this order and signed by its epoch's signer for this ledger.
 * @param expected `status`: what the service said beside the receipt.
 * @throws ClientError `RECEIPT_FORGED`; ChainError when the chain cannot be asked.
 */
export async function verifyReceipt(
  receipt: SignedReceipt,
  expected: { readonly commitment: bigint; readonly status?: ReceiptStatus },
  anchor: Anchor,
): Promise<VerifiedReceipt> {
  if (receipt.commitment !== expected.commitment) throw forged('commitment', receipt)
  if (expected.status !== undefined && expected.status !== statusOf(receipt)) throw forged('status', receipt)
  const [domain, signers] = await Promise.all([anchor.domain(), anchor.signers(receipt.epoch)])
  if (signers.length === 0) throw forged('epoch', receipt)
  const signer = signerOf(receiptDigest(domainSeparator(domain), receipt), receipt.signature)?.toLowerCase()
  if (!signers.some((account) => account.toLowerCase() === signer)) throw forged('signature', receipt)
  return { ...receipt, verifiedBy: anchor.from }
}

/** What a receipt promises: a shard, nothing, or in sealed mode a place, whose draw is to come. */
export type ReceiptStatus = 'accepted' | 'deferred' | 'sealed'

/** Reads the assignment byte. A sealed receipt stays `sealed`: what it came to, its batch tells. */
export function statusOf({ assignment }: Pick<SignedReceipt, 'assignment'>): ReceiptStatus {
  if (assignment === SEALED_ASSIGNMENT) return 'sealed'
  return assignment === 0 ? 'deferred' : 'accepted'
}

const forged = (reason: 'commitment' | 'status' | 'epoch' | 'signature', receipt: SignedReceipt): ClientError =>
  new ClientError('RECEIPT_FORGED', `the receipt's ${reason} does not hold`, { details: { reason, receipt } })
