import type { PublishedPolicy } from '../../src/policy/policy.ts'
import type { BatchDigest } from '../wire/views.ts'

interface Run {
  readonly first?: bigint
  /** By shard, a letter a batch: o open, c closed. */
  readonly flags: readonly string[]
  /** By shard and batch. */
  readonly fees?: readonly (readonly number[])[]
  readonly assigned?: readonly (readonly number[])[]
  /** By batch. */
  readonly deferred?: readonly number[]
}

/** A run of batches without gaps. */
export function batches({ first = 0n, flags, fees = [], assigned = [], deferred = [] }: Run): BatchDigest[] {
  return Array.from({ length: flags[0]?.length ?? 0 }, (_, i) => {
    const here = flags.map((_, shard) => assigned[shard]?.[i] ?? 0)
    const left = deferred[i] ?? 0
    return {
      index: first + BigInt(i),
      epoch: 1n,
      time: 0n,
      count: here.reduce((a, b) => a + b, left),
      deferred: left,
      fees: flags.map((_, shard) => fees[shard]?.[i] ?? 1),
      open: flags.map((letters) => letters[i] === 'o'),
      assigned: here,
      gasUsed: 0n,
      transaction: '0x',
    }
  })
}

const shard = (retail: bigint, institutional: bigint): PublishedPolicy['shards'][number] => ({
  weights: [retail, institutional],
  ...{ tau: 1n, limit: 9n, trip: 8n, reset: 7n, skew: 8n, target: 5n, reporting: false },
})

/** Weights 3:1 for retail, 1:3 for institutional. */
export const POLICY: PublishedPolicy = {
  ...{ kind: 'two-choice', feeMin: 1n, feeMax: 100n, settlements: [], reportSigners: [] },
  shards: [shard(3n, 1n), shard(1n, 3n)],
}
