import { randomBytes } from 'node:crypto'
import type { Order, Segment } from '../../order/order.ts'
import type { SimOrder } from '../../simulate/shards.ts'
import type { FlowRow, NumberedRow } from './csv.ts'

/**
 * How rows become orders. Tapes know neither lots nor segments, so both follow from the size:
 * - lots: size ÷ lotSize, rounded up, so that every row is an order of at least one lot;
 * - segment: institutional from `institutionalFrom` lots on, retail below.
 * - details: 32 random bytes, standing in for the digest of terms that the tape does not tell.
 */
export interface FlowRules {
  /** The tape's units that make one lot. */
  readonly lotSize: number
  /** Lots from which on an order counts as institutional. */
  readonly institutionalFrom: number
}

/** BitMEX contracts are one USD each: lots of 25 USD, institutional from 10,000 USD. */
export const DEFAULT_RULES: FlowRules = { lotSize: 25, institutionalFrom: 400 }

/** An order of the tape and when it came. */
export interface FlowOrder extends Omit<Order, 'details'> {
  /** ms since the Unix epoch, on the tape. */
  readonly atMs: number
  /** 32 bytes in 0x-prefixed hex; the service takes them mod p. */
  readonly details: string
}

/** Lots of a row. @returns a whole number from 1; may exceed what an order can hold, which the service then refuses. */
export const lotsOf = ({ size }: Pick<FlowRow, 'size'>, { lotSize }: FlowRules): number =>
  Math.max(1, Math.ceil(size / lotSize))

/** The segment of an order of so many lots. */
export const segmentOf = (lots: number, { institutionalFrom }: FlowRules): Segment =>
  lots >= institutionalFrom ? 'institutional' : 'retail'

/** The order that a row stands for; its details are fresh each time. */
export function orderOfRow(row: FlowRow, rules: FlowRules): FlowOrder {
  const size = lotsOf(row, rules)
  const details = `0x${randomBytes(32).toString('hex')}`
  return { atMs: row.timestamp_ms, size, side: row.side, segment: segmentOf(size, rules), details }
}

/** Which rows of a file are wanted. */
export interface FlowSelection {
  /** ms since the Unix epoch: rows at or after `from` and before `to`. */
  readonly from?: number
  readonly to?: number
  /** At most so many rows. */
  readonly limit?: number
}

/** The selected rows as orders, in order of time. */
export async function selectOrders(
  rows: AsyncIterable<NumberedRow>,
  selection: FlowSelection,
  rules: FlowRules,
): Promise<FlowOrder[]> {
  const { from = 0, to = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY } = selection
  const orders: FlowOrder[] = []
  for await (const row of rows) {
    if (orders.length >= limit || row.timestamp_ms >= to) break
    if (row.timestamp_ms >= from) orders.push(orderOfRow(row, rules))
  }
  return orders
}

/** An order in the numbers of simulations. */
export const simOrder = ({ size, side, segment }: Pick<Order, 'size' | 'side' | 'segment'>): SimOrder => ({
  size,
  side: side === 'buy' ? 0 : 1,
  segment: segment === 'retail' ? 0 : 1,
})
