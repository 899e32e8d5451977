import { hexlify } from 'ethers'
import { CodedError } from '../base/error.ts'
import { abortable, sleep, throwIfAborted } from './abort.ts'
import { backoffMs } from './backoff.ts'
import { ClientError, ServiceProblem } from './error.ts'
import type { PreparedOrder } from './prepare.ts'
import { type ReceiptStatus, statusOf, type VerifiedReceipt, verifyReceipt } from './receipt.ts'
import type { Transport } from './transport.ts'
import type { Anchor } from './trust.ts'
import { type OrderResult, OrderResults, type SignedReceipt } from './wire.ts'

/** An order with its checked receipt. */
export interface PlacedOrder {
  /** Sealed: the order has its place, and the draw is to come. */
  readonly status: ReceiptStatus
  readonly commitment: bigint
  readonly receipt: VerifiedReceipt
  /** The order had been sent before, and this is the receipt that stands. */
  readonly repeated: boolean
}

/** An order without a receipt that could be believed. */
export interface RefusedOrder {
  readonly status: 'refused'
  readonly commitment: bigint
  /** ServiceProblem, or ClientError `RECEIPT_FORGED`, `ANSWER_INVALID`; ChainError when the receipt could not be checked. */
  readonly error: CodedError
}
/** What one order of many came to. */
export type Placement = PlacedOrder | RefusedOrder

/** Orders of one request: what the service takes. */
export const MOST_ORDERS = 256

interface Means {
  readonly transport: Transport
  readonly anchor: Anchor
  readonly signal: AbortSignal | undefined
}

/** Sends up to {@link MOST_ORDERS} orders; those that meet back-pressure are sent again, alone. @returns one placement an order, in their order. */
export async function placeOrders(orders: readonly PreparedOrder[], means: Means): Promise<Placement[]> {
  const { transport, signal } = means
  const { retries, longestWaitMs } = transport.retries
  const placements = new Map<PreparedOrder, Placement>()
  let left = orders
  for (let attempt = 0; left.length > 0; attempt++) {
    const results = await send(left, means)
    await Promise.all(left.map(async (order, i) => placements.set(order, await placementOf(order, results[i], means))))
    const waits = left.flatMap((order) => backPressure(placements.get(order)))
    if (attempt >= retries || waits.length === 0 || Math.max(...waits) > longestWaitMs) break
    left = left.filter((order) => backPressure(placements.get(order)).length > 0)
    await sleep(backoffMs(transport.retries, attempt, Math.max(...waits)), signal)
  }
  return orders.flatMap((order) => placements.get(order) ?? [])
}

/** A fresh key for each sending, the same for its retries: a lost answer is given again, a deferred order gets a new one. */
async function send(orders: readonly PreparedOrder[], { transport, signal }: Means): Promise<OrderResult[]> {
  const body = orders.map(({ size, side, segment, details }) => ({ size, side, segment, details: `${details}` }))
  const ask = { idempotencyKey: idempotencyKey(), signal }
  const { results } = await transport.post('/v1/orders', OrderResults, body, ask)
  if (results.length === orders.length) return results
  throw new ClientError('ANSWER_INVALID', `${results.length} results for ${orders.length} orders`)
}

/** 128 random bits: what tells a request that is repeated from one that is new. */
export const idempotencyKey = (): string => hexlify(crypto.getRandomValues(new Uint8Array(16)))

async function placementOf(
  { commitment }: PreparedOrder,
  result: OrderResult | undefined,
  { anchor, signal }: Means,
): Promise<Placement> {
  const refused = (error: CodedError): RefusedOrder => ({ status: 'refused', commitment, error })
  if (!result) return refused(new ClientError('ANSWER_INVALID', 'an order has no result'))
  const verify = (receipt: SignedReceipt, status?: ReceiptStatus) =>
    abortable(verifyReceipt(receipt, { commitment, ...(status && { status }) }, anchor), signal)
  try {
    if (result.status !== 'refused') {
      const receipt = await verify(result.receipt, result.status)
      return { status: result.status, commitment, receipt, repeated: false }
    }
    const { code, detail, retryAfterMs, receipt: standing, ...details } = result.refusal
    if (!standing) return refused(new ServiceProblem(code, detail, { retryAfterMs, details }))
    // Accepted, sealed, or deferred in the batch that is still open, by an earlier sending: that receipt is the answer to this one too.
    const receipt = await verify(standing)
    return { status: statusOf(receipt), commitment, receipt, repeated: true }
  } catch (error) {
    throwIfAborted(signal)
    if (error instanceof CodedError) return refused(error)
    throw error
  }
}

/** The wait that a placement asks for, ms; none unless it met back-pressure. */
function backPressure(placement: Placement | undefined): number[] {
  if (placement?.status !== 'refused' || !(placement.error instanceof ServiceProblem)) return []
  return placement.error.code === 'BACK_PRESSURE' ? [placement.error.retryAfterMs ?? 0] : []
}
