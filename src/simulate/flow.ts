import type { Random } from './random.ts'
import { makeRule, type RuleName } from './rules.ts'
import { type PolicyNumbers, Shards, type SimOrder } from './shards.ts'

/** An order with its admission, µs from any start, in order of time. */
export interface TimedOrder extends SimOrder {
  readonly time: number
}

/** How orders become batches. */
export interface Batching {
  /** Slots of a batch; a full one closes. */
  readonly slots: number
  /** Age at which a batch closes though it is not full, µs. */
  readonly age: number
}

/** What became of an order. */
export interface Outcome {
  /** The shard, or -1 for a deferred order. */
  readonly shard: number
  /** Work ahead of it on that shard when it was assigned, its own included, µs of the shard's time; 0 for a deferred one. */
  readonly delay: number
  /** Fee of that shard in its batch. */
  readonly fee: number
}

/** One batch of a run. */
export interface SimBatch {
  readonly time: number
  readonly orders: readonly TimedOrder[]
  readonly outcomes: readonly Outcome[]
  readonly fees: readonly number[]
  readonly open: readonly boolean[]
}

/** Cuts flow into batches: the first order opens one, which closes full or of age. */
export function* batchesOf(orders: Iterable<TimedOrder>, { slots, age }: Batching): Generator<TimedOrder[]> {
  let batch: TimedOrder[] = []
  let opened = 0
  for (const order of orders) {
    if (batch.length > 0 && (batch.length >= slots || order.time >= opened + age)) {
      yield batch
      batch = []
    }
    if (batch.length === 0) opened = order.time
    batch.push(order)
  }
  if (batch.length > 0) yield batch
}

/**
 * Routes flow under a policy. Shards work off what they are given at their own pace: served work is elapsed time, as for shards that do not report. A
 * deferred order does not come again.
 */
export function* routeFlow(
  policy: PolicyNumbers,
  orders: Iterable<TimedOrder>,
  batching: Batching,
  rule: RuleName,
  random: Random,
): Generator<SimBatch> {
  const shards = new Shards(policy)
  const pick = makeRule(rule)
  const served = new Float64Array(policy.shards)
  let last: number | undefined
  for (const batch of batchesOf(orders, batching)) {
    const time = batch[0]?.time ?? 0
    shards.startBatch(served.fill(last === undefined ? 0 : time - last))
    last = time
    const outcomes = batch.map((order): Outcome => {
      const shard = pick(shards, order.segment, random.draw)
      if (shard < 0 || !shards.take(shard, order)) return { shard: -1, delay: 0, fee: 0 }
      return { shard, delay: shards.backlog[shard] ?? 0, fee: shards.fee[shard] ?? 0 }
    })
    yield { time, orders: batch, outcomes, fees: [...shards.fee], open: [...shards.open].map(Boolean) }
  }
}
