/** What a shard that fills less than the others can gain by paying fees for orders that it did not fill, or by orders of its own. Expected values, no dice. */
import { FULL, nextMultipliers, scoreOf } from '../src/policy/reputation.ts'

/** What the weak shard (shard 0) does about its standing:
 * nothing; pays the surplus for so many unfilled orders that it reaches the others; sends small orders through the router, settling those that come to it and leaving
 * those that come to others; sends small orders and settles none.
 */
export const STRATEGIES = ['honest', 'self-settlement', 'dust, settled at home', 'dust, settled nowhere'] as const
export type Strategy = (typeof STRATEGIES)[number]

export interface Market {
  readonly shards: number
  /** Orders an epoch. */
  readonly orders: number
  readonly epochs: number
  /** Parts of its orders that the weak shard fills, and the others. */
  readonly weak: number
  readonly others: number
  /** Units of the fee; a shard keeps feeMin. */
  readonly feeMin: number
  /** Surplus on top of feeMin, units an order. */
  readonly surplus: number
  /** Surplus an order in multiples of feeMin below which nobody's multiplier moves. */
  readonly evidence: number
  /** What a filled order earns a shard besides feeMin, units. */
  readonly other: number
}

export const MARKET: Market = {
  shards: 16,
  orders: 160_000,
  epochs: 128,
  weak: 0.4,
  others: 0.8,
  feeMin: 100,
  surplus: 100,
  evidence: 1,
  other: 0,
}

export interface Outcome {
  /** Units that the weak shard earned, less what it paid for its standing. */
  readonly income: number
  /** Its multiplier at the end, and the least of the others'. */
  readonly weak: bigint
  readonly others: bigint
}

/** Plays all epochs. */
export function play(market: Market, strategy: Strategy): Outcome {
  let multipliers = new Array<bigint>(market.shards).fill(FULL)
  let income = 0
  for (let epoch = 0; epoch < market.epochs; epoch++) {
    const all = Number(multipliers.reduce((sum, m) => sum + m, 0n))
    const shares = multipliers.map((m) => Number(m) / all)
    const assigned = shares.map((share) => share * market.orders)
    const needed = shortfall(market, assigned[0] ?? 0)
    // As many as bring what the shard itself needs; those that come to others come with them.
    const dustAll = strategy.startsWith('dust') ? needed / (shares[0] ?? 1) : 0
    const dust = shares.map((share) => share * dustAll)
    const bought = strategy === 'self-settlement' || strategy === 'dust, settled at home' ? needed : 0
    const filled = assigned.map((count, j) => count * (j === 0 ? market.weak : market.others))
    income += (filled[0] ?? 0) * (market.feeMin + market.other) - bought * market.surplus
    const known = market.surplus > 0 && market.surplus >= market.evidence * market.feeMin
    const scores = filled.map((count, j) => {
      if (!known) return undefined
      const paid = BigInt(Math.round((count + (j === 0 ? bought : 0)) * market.surplus))
      return scoreOf(paid, BigInt(Math.round(((assigned[j] ?? 0) + (dust[j] ?? 0)) * market.surplus)))
    })
    multipliers = nextMultipliers(multipliers, scores)
  }
  const [weak = 0n, ...rest] = multipliers
  return { income, weak, others: rest.reduce((least, m) => (m < least ? m : least), FULL) }
}

/** Orders that the weak shard has to settle beyond what it fills, to stand like the others. */
const shortfall = ({ weak, others }: Market, assigned: number): number => Math.ceil(assigned * (others - weak))
