import type { PublishedPolicy } from '../../src/policy/policy.ts'
import type { BatchDigest } from '../wire/views.ts'

/** One shard's part of the flow, as shares of 1. */
export interface ShardShare {
  readonly assigned: number
  /** Of all orders that were assigned. */
  readonly share: number
  /** Of each segment's weights, retail and institutional, over the batches in which the shard was open. */
  readonly weights: readonly [number, number]
}

/**
 * Shares of shards in a run of batches beside what the published weights and open flags alone would give. Headroom, slow start and the choice between two
 * candidates move the true expectation; the fairness report accounts for them, this page shows the two side by side.
 */
export function sharesOf(
  batches: readonly BatchDigest[],
  policyOf: (epoch: bigint) => PublishedPolicy | undefined,
  shards: number,
): readonly ShardShare[] {
  const assigned = new Array<number>(shards).fill(0)
  const expected = [new Array<number>(shards).fill(0), new Array<number>(shards).fill(0)] as const
  let weighed = 0
  for (const batch of batches) {
    for (const [shard, count] of batch.assigned.entries()) assigned[shard] = (assigned[shard] ?? 0) + count
    const policy = policyOf(batch.epoch)
    const orders = batch.count - batch.deferred
    if (!policy || orders === 0) continue
    weighed += orders
    for (const segment of [0, 1] as const) {
      const open = policy.shards.map(({ weights }, shard) => (batch.open[shard] ? Number(weights[segment]) : 0))
      const sum = open.reduce((a, b) => a + b, 0)
      for (const [shard, weight] of open.entries())
        expected[segment][shard] = (expected[segment][shard] ?? 0) + (sum === 0 ? 0 : (orders * weight) / sum)
    }
  }
  const all = assigned.reduce((a, b) => a + b, 0)
  const part = (value: number | undefined, of: number): number => (of === 0 ? 0 : (value ?? 0) / of)
  return assigned.map((count, shard) => ({
    assigned: count,
    share: part(count, all),
    weights: [part(expected[0][shard], weighed), part(expected[1][shard], weighed)],
  }))
}
