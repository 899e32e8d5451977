import type { PolicyKind } from './kind.ts'
import { cellOf, DRAW_BITS } from './table.ts'

/** Near 2^14 divided by the golden ratio, and odd: consecutive draws spread evenly and visit every cell once in 2^14 orders. */
export const STRIDE = 10127n

/** The draw of the n-th order of a ledger, in `[0, 2^14)`. */
export const roundRobinDraw = (n: bigint): bigint => BigInt.asUintN(DRAW_BITS, n * STRIDE)

/**
 * Weighted round-robin: the order counter alone decides; one candidate.
 * @see circuits/lib/round-robin.circom, which proves this same integer rule.
 */
export const roundRobin: PolicyKind = {
  name: 'round-robin',
  select: ({ orderCounter, slot }, table) => cellOf(table, roundRobinDraw(orderCounter + BigInt(slot))),
}
