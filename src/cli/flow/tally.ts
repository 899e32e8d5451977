import { SEALED_ASSIGNMENT } from '../../order/sealed-assignment.ts'
import type { OrderResult } from '../service-client.ts'

/** What became of a replay's orders; `orders` is the sum of the next four once it is over. */
export interface Tally {
  orders: number
  accepted: number
  /** Deferred at the last try. */
  deferred: number
  /** Sealed, and not known to be drawn. */
  sealed: number
  /** Refused as too large for every shard. */
  tooLarge: number
  /** Times that a deferred order was sent again. */
  resent: number
  /** Times that the service asked to wait. */
  waits: number
  retail: number
  institutional: number
  /** Indices of the first and the last batch with a receipt. */
  firstBatch?: bigint
  lastBatch?: bigint
}

/** A new one each time: tallies are counted up in place. */
export const emptyTally = (): Tally => ({
  orders: 0,
  accepted: 0,
  deferred: 0,
  sealed: 0,
  tooLarge: 0,
  resent: 0,
  waits: 0,
  retail: 0,
  institutional: 0,
})

/** Orders that have come to an end. */
export const settled = ({ accepted, deferred, sealed, tooLarge }: Tally): number =>
  accepted + deferred + sealed + tooLarge

/** What one answer means for the order that it is about. */
export type Verdict = 'accepted' | 'deferred' | 'sealed' | 'too-large' | 'wait' | 'failed'

/**
 * Reads one result.
 * - An order that is accepted already counts as accepted: the answer to an earlier try was lost.
 * - One that is deferred in the batch that is still open stays deferred; one that is sealed in a batch waits for its draw.
 */
export function verdictOf(result: OrderResult): Verdict {
  if (result.status !== 'refused') return result.status
  switch (result.refusal.code) {
    case 'ORDER_ALREADY_ACCEPTED':
      return 'accepted'
    case 'ORDER_ALREADY_IN_BATCH':
      return result.refusal.receipt?.assignment === SEALED_ASSIGNMENT ? 'sealed' : 'deferred'
    case 'ORDER_TOO_LARGE':
      return 'too-large'
    case 'BACK_PRESSURE':
      return 'wait'
    default:
      return 'failed'
  }
}

/** The batch of a result's receipt, if it has one. */
export function batchOf(result: OrderResult): bigint | undefined {
  const receipt = result.status === 'refused' ? result.refusal.receipt : result.receipt
  return receipt === undefined ? undefined : BigInt(receipt.batch)
}

/** Widens the tally's range of batches. */
export function noteBatch(tally: Tally, batch: bigint | undefined): void {
  if (batch === undefined) return
  if (tally.firstBatch === undefined || batch < tally.firstBatch) tally.firstBatch = batch
  if (tally.lastBatch === undefined || batch > tally.lastBatch) tally.lastBatch = batch
}
