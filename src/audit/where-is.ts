import type { Hex32 } from '../base/keccak.ts'
import { domainSeparator, type SigningDomain, signerOf } from '../order/domain.ts'
import { contradiction, receiptDigest } from '../order/receipt.ts'
import { SEALED_ASSIGNMENT } from '../order/sealed-assignment.ts'
import { inclusionPath, orderRoot } from '../statement/record.ts'
import type { Statement } from '../statement/statement.ts'
import type { SignedReceipt } from './records.ts'

/** What became of a receipt's order, as far as an accepted batch tells. */
export interface Whereabouts {
  /**
   * `kept`: as promised. `broken`: another batch than promised, or another outcome. `waiting`: not accepted yet. `overdue`: and the deadline has passed. `given-up`: its epoch was abandoned before its batch, so
   * that it can be redeemed. `void`: nobody's promise.
   */
  readonly fate: 'kept' | 'broken' | 'waiting' | 'overdue' | 'given-up' | 'void'
  /** Why it is broken, given up or void, in words. */
  readonly why?: string
  /** The shard that the accepted batch assigned the order to; `undefined` for a deferred order. */
  readonly shard?: number
  /** The way from the order's leaf to the root that the ledger recorded. */
  readonly inclusion?: { readonly orderRoot: Hex32; readonly path: readonly Hex32[] }
}

/** What is known of the ledger and of the receipt's batch. */
export interface WhereContext {
  readonly config: SigningDomain
  /** Signer of the receipt's epoch; `undefined` when there is no such epoch. */
  readonly signer: string | undefined
  /** Whether that epoch was abandoned before the receipt's batch. */
  readonly isGivenUp?: boolean
  /** The accepted batch, audited; `undefined` while there is none. */
  readonly batch: { readonly epoch: bigint; readonly statement: Statement } | undefined
  /** Seconds since the Unix epoch at which the chain had not accepted it, and from when it would be overdue. */
  readonly nowS: bigint
  readonly deadlineS: number | undefined
}

/** Where an order is: from its receipt to its batch and its place in it. */
export function whereIs(
  receipt: SignedReceipt,
  { config, signer, isGivenUp = false, batch, nowS, deadlineS }: WhereContext,
): Whereabouts {
  if (signer === undefined) return { fate: 'void', why: `there is no epoch ${receipt.epoch}` }
  const found = signerOf(receiptDigest(domainSeparator(config), receipt), receipt.signature)
  if (found !== signer)
    return { fate: 'void', why: `signed by ${found ?? 'nobody'}, not by the epoch's signer ${signer}` }
  if (isGivenUp) return { fate: 'given-up', why: `epoch ${receipt.epoch} was abandoned before batch ${receipt.batch}` }
  if (!batch) {
    const late = deadlineS !== undefined && nowS * 1_000_000n > receipt.time + BigInt(deadlineS) * 1_000_000n
    return { fate: late ? 'overdue' : 'waiting' }
  }
  const { batchIndex: index, time, commitments, assignments } = batch.statement
  const broken = contradiction(receipt, { epoch: batch.epoch, index, time, commitments, assignments })
  if (broken !== undefined) return { fate: 'broken', why: `the batch says another ${broken}` }
  const byte = receipt.assignment === SEALED_ASSIGNMENT ? (assignments[receipt.slot] ?? 0) : receipt.assignment
  const inclusion = { orderRoot: orderRoot(batch.statement), path: inclusionPath(batch.statement, receipt.slot) }
  return { fate: 'kept', inclusion, ...(byte === 0 ? {} : { shard: byte - 1 }) }
}
