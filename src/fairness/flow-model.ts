import type { Random } from '../simulate/random.ts'
import type { SimOrder } from '../simulate/shards.ts'

/** Which orders come, as far as the public cannot see it: sizes, sides and segments are hidden in commitments. */
export interface FlowModel {
  /** In words, for the report. */
  readonly says: string
  /** Whether these are the orders that came, or like them; shares and deferrals say nothing where sizes and segments are only assumed. */
  readonly known: boolean
  readonly next: (random: Random) => SimOrder
}

/** Settings of the flow that is assumed when nobody gives any. */
export interface AssumedFlow {
  /** Median size, lots; sizes are log-normal, as taker orders of real venues are, more or less. */
  readonly medianLots: number
  /** Standard deviation of the logarithm. */
  readonly sigma: number
  /** Share of institutional orders, 0 … 1. */
  readonly institutional: number
  /** Largest size that is not refused, lots. */
  readonly largest: number
}

/** A guess, not a measurement: what rests on it is told as conditional, and raises no alarm of the whole. */
export const ASSUMED: AssumedFlow = { medianLots: 20, sigma: 1.5, institutional: 0.3, largest: 2 ** 32 - 1 }

/** Log-normal sizes, both sides alike, segments as assumed. */
export function assumedFlow({ medianLots, sigma, institutional, largest }: AssumedFlow = ASSUMED): FlowModel {
  return {
    known: false,
    says: `sizes log-normal around ${medianLots} lots (sigma ${sigma}), ${100 * institutional} % institutional`,
    next: (random) => ({
      size: Math.max(1, Math.min(largest, Math.round(medianLots * Math.exp(sigma * random.normal())))),
      side: random.unit() < 0.5 ? 0 : 1,
      segment: random.unit() < institutional ? 1 : 0,
    }),
  }
}

/** Orders drawn from some that are known: opened ones, or a tape's. @throws nothing; an empty list gives the smallest order. */
export function drawnFrom(orders: readonly SimOrder[], says: string): FlowModel {
  const fallback: SimOrder = { size: 1, side: 0, segment: 0 }
  return { says, known: true, next: (random) => orders[Math.floor(random.unit() * orders.length)] ?? fallback }
}
