import type { z } from 'zod'
import { modField } from '../../base/field.ts'
import { statusOf } from '../../client/receipt.ts'
import type { PlacedView } from '../../http/schema/orders.ts'
import type { PolicyResponse } from '../../http/schema/service.ts'
import { domainSeparator, signerOf } from '../../order/domain.ts'
import { commitmentOf } from '../../order/order.ts'
import { Receipt, receiptDigest } from '../../order/receipt.ts'
import { SEALED_ASSIGNMENT } from '../../order/sealed-assignment.ts'
import type { OrderBody } from '../service-client.ts'

/**
 * What is wrong with a receipt, in words; nothing when it is good.
 *
 * The signer is the one that the service names; that it is the epoch's on chain is for `fairlead audit` to say.
 */
export function checkReceipt(
  order: OrderBody,
  { status, commitment, receipt }: z.infer<typeof PlacedView>,
  policy: z.infer<typeof PolicyResponse>,
): string[] {
  const faults: string[] = []
  const { signature, ...fields } = receipt
  // Hex details are reduced mod p.
  const expected = commitmentOf({ ...order, details: modField(BigInt(order.details)) }).toString()
  if (commitment !== expected || receipt.commitment !== expected) faults.push('it is about another order')
  const shards = policy.policy.shards.length
  if (status !== statusOf(receipt)) faults.push('status and assignment differ')
  if (receipt.assignment > shards && receipt.assignment !== SEALED_ASSIGNMENT) faults.push('there is no such shard')
  const parsed = Receipt.safeParse(fields)
  const domain = { chainId: BigInt(policy.chainId), ledger: policy.ledger }
  const signer = parsed.success ? signerOf(receiptDigest(domainSeparator(domain), parsed.data), signature) : undefined
  if (signer !== policy.signer) faults.push("the signature is not the epoch signer's")
  return faults
}
