import { CodedError } from '../../base/error.ts'
import { unpackItems } from '../../base/pack.ts'
import { shardPolicyOf } from '../../policy/policy.ts'
import { equal, holds } from '../check.ts'
import { entered, MAX_ELAPSED } from '../rebuild.ts'
import type { ChecksOf, KnownBatch } from '../step.ts'

/**
 * Service counters move as reports allow. Whether a shard signed the reports that they rest on is told off chain, until somebody asks for one by a challenge.
 */
export const served = {
  *batch({ config, epoch, before, batch }: KnownBatch): ChecksOf<'served'> {
    const place = { batch: before.nextIndex }
    const { counters } = entered(before, epoch, config.shards)
    for (const [shard, now] of countersOf(batch.submission.counters, config.shards).entries()) {
      const old = counters[shard] ?? 0n
      const at = { ...place, at: `shard ${shard}` }
      const span = `${old} … ${old + MAX_ELAPSED}`
      if (isReporting(epoch.policyWords[shard] ?? 0n))
        yield holds('served-counters', at, now >= old && now - old <= MAX_ELAPSED, span, now)
      else yield equal('served-counters', at, old, now)
    }
  },
}

/** Counters that are not even well packed are for the next step to name. */
function countersOf(words: readonly bigint[], shards: number): bigint[] {
  try {
    return unpackItems(words, 64, 4, shards)
  } catch (error) {
    if (error instanceof CodedError) return []
    throw error
  }
}

function isReporting(word: bigint): boolean {
  try {
    return shardPolicyOf(word).reporting
  } catch (error) {
    if (error instanceof CodedError) return false
    throw error
  }
}
