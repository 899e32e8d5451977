import type { Policy } from '../policy/policy.ts'
import { routeFlow, type SimBatch, type TimedOrder } from '../simulate/flow.ts'
import { randomFrom } from '../simulate/random.ts'
import type { RuleName } from '../simulate/rules.ts'
import { PolicyNumbers } from '../simulate/shards.ts'
import { type Spread, spreadOf } from './report.ts'

/** When a simulated batch closes, full or of age, and what its draws come from. */
export interface WhatIfSettings {
  readonly slots: number
  /** µs. */
  readonly age: number
  readonly seed: number
}

/** What one segment's orders came to. */
export interface SegmentOutcome {
  readonly orders: number
  readonly deferred: number
  /** Of accepted orders, by shard. */
  readonly shares: readonly number[]
  /** µs of work ahead of an order, its own included. */
  readonly delay: Spread
  /** Of accepted orders. */
  readonly fee: Spread
}

interface ShardOutcome {
  readonly orders: number
  readonly lots: number
  /** By batch. */
  readonly fee: Spread
  /** Batches in which its breaker let nothing through. */
  readonly closed: number
}

/** One way of routing the flow. */
export interface Run {
  readonly name: string
  readonly rule: RuleName
  readonly batches: number
  /** Retail, institutional. */
  readonly segments: readonly SegmentOutcome[]
  readonly shards: readonly ShardOutcome[]
}

/** One flow under each way of routing it; `orders` are those of the flow, placed or not. */
export interface WhatIf {
  readonly orders: number
  readonly before: Run
  readonly after: Run
  readonly baselines: readonly Run[]
}

/** Routes the same orders under what is in force, under a proposal, and under other rules with the proposal's weights. */
export function whatIf(
  { now, proposed }: { readonly now: Policy; readonly proposed: Policy },
  orders: readonly TimedOrder[],
  settings: WhatIfSettings,
  baselines: readonly RuleName[] = [],
): WhatIf {
  const under = (name: string, policy: Policy, rule: RuleName): Run =>
    runOf(name, rule, [...routeFlow(new PolicyNumbers(policy), orders, settings, rule, randomFrom(settings.seed))])
  return {
    orders: orders.length,
    before: under('in force', now, now.kind),
    after: under('proposed', proposed, proposed.kind),
    baselines: baselines.map((rule) => under(rule, proposed, rule)),
  }
}

function runOf(name: string, rule: RuleName, batches: readonly SimBatch[]): Run {
  const shards = batches[0]?.fees.length ?? 0
  const placed = batches.flatMap(({ orders, outcomes }) =>
    orders.flatMap((order, i) => {
      const outcome = outcomes[i]
      return outcome ? [{ ...order, ...outcome }] : []
    }),
  )
  const segments = ([0, 1] as const).map((segment): SegmentOutcome => {
    const own = placed.filter((order) => order.segment === segment)
    const accepted = own.filter(({ shard }) => shard >= 0)
    const count = (j: number): number => accepted.filter(({ shard }) => shard === j).length
    return {
      orders: own.length,
      deferred: own.length - accepted.length,
      shares: Array.from({ length: shards }, (_, j) => count(j) / Math.max(1, accepted.length)),
      delay: spreadOf(accepted.map(({ delay }) => delay)),
      fee: spreadOf(accepted.map(({ fee }) => fee)),
    }
  })
  const byShard = Array.from({ length: shards }, (_, j): ShardOutcome => {
    const own = placed.filter(({ shard }) => shard === j)
    return {
      orders: own.length,
      lots: own.reduce((sum, { size }) => sum + size, 0),
      fee: spreadOf(batches.map(({ fees }) => fees[j] ?? 0)),
      closed: batches.filter(({ open }) => open[j] === false).length,
    }
  })
  return { name, rule, batches: batches.length, segments, shards: byShard }
}
