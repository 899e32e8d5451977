import type { Random } from '../simulate/random.ts'
import { makeRule } from '../simulate/rules.ts'
import { Shards } from '../simulate/shards.ts'
import type { FlowModel } from './flow-model.ts'
import type { ObservedBatch } from './observed.ts'

/** Orders by what became of them. */
export interface Tally {
  /** Accepted orders, by shard. */
  readonly accepted: Float64Array
  readonly deferred: number
}

/** What the public counted. */
export function tallyOf(batches: readonly ObservedBatch[]): Tally {
  const accepted = new Float64Array(batches[0]?.policy.shards ?? 0)
  let deferred = 0
  for (const { assignments } of batches) {
    for (const byte of assignments) {
      if (byte === 0) deferred++
      else accepted[byte - 1] = (accepted[byte - 1] ?? 0) + 1
    }
  }
  return { accepted, deferred }
}

/**
 * The same batches as an honest router would have filled them: as many orders at the same times, breaker flags and served work as published, backlogs, ramps and
 * headroom as they follow. Two-choice makes orders of a batch depend on each other, so no formula stands in for this.
 */
export function simulateBatches(batches: readonly ObservedBatch[], flow: FlowModel, random: Random): Tally {
  const first = batches[0]?.policy
  if (!first) return { accepted: new Float64Array(0), deferred: 0 }
  let shards = new Shards(first)
  const accepted = new Float64Array(first.shards)
  let deferred = 0
  for (const { policy, open, served, orderCounter, assignments } of batches) {
    if (policy !== shards.policy) shards = carriedOver(shards, policy)
    shards.startBatch(served, open)
    // A policy's own kinds carry nothing from batch to batch but the count of orders.
    const pick = makeRule(policy.kind, orderCounter)
    for (let i = 0; i < assignments.length; i++) {
      const order = flow.next(random)
      const shard = pick(shards, order.segment, random.draw)
      if (shard >= 0 && shards.take(shard, order)) accepted[shard] = (accepted[shard] ?? 0) + 1
      else deferred++
    }
  }
  return { accepted, deferred }
}

/** The same shards under another policy. */
function carriedOver(before: Shards, policy: ObservedBatch['policy']): Shards {
  const shards = new Shards(policy)
  for (const field of ['backlog', 'buys', 'sells', 'fee', 'ramp', 'open'] as const) shards[field].set(before[field])
  return shards
}
