import { getAddress } from 'ethers'
import { textHash } from '../order/domain.ts'
import { type PolicyKindName, type PublishedPolicy, type ShardPolicy, validatePolicy } from '../policy/policy.ts'

/** Ticks are µs of a shard's time. */
const SECOND = 1_000_000n

/**
 * What distinguishes the shards of a development ledger: both segments reach all of them, with different preferences, and the
 * later ones are slower. The pattern repeats every four shards.
 */
const PROFILES: readonly Pick<ShardPolicy, 'weights' | 'tau'>[] = [
  { weights: [4n, 1n], tau: 1_000n },
  { weights: [3n, 2n], tau: 1_000n },
  { weights: [2n, 3n], tau: 1_500n },
  { weights: [1n, 4n], tau: 2_000n },
]

/**
 * The policy of a development ledger. Limits follow the simulations behind the protocol: a backlog of at most 8 s, with the breaker half a
 * batch (0.25 s) below, so that it trips only when a shard is about to refuse orders.
 */
export function defaultPolicy(shards: number, kind: PolicyKindName = 'two-choice'): PublishedPolicy {
  const shardPolicy = (j: number): ShardPolicy => ({
    ...(PROFILES[j % PROFILES.length] ?? { weights: [1n, 1n], tau: 1_000n }),
    limit: 8n * SECOND,
    trip: 8n * SECOND - SECOND / 4n,
    reset: 4n * SECOND,
    skew: 8n * SECOND,
    target: 2n * SECOND,
    reporting: false,
  })
  return validatePolicy({
    kind,
    feeMin: 1n,
    feeMax: 30_000n,
    shards: Array.from({ length: shards }, (_, j) => shardPolicy(j)),
    settlements: Array.from({ length: shards }, (_, j) => developmentAccount(`fairlead development settlement ${j}`)),
    reportSigners: Array.from({ length: shards }, (_, j) =>
      developmentAccount(`fairlead development report signer ${j}`),
    ),
  })
}

/** An address that nobody has a key for. */
const developmentAccount = (name: string): string => getAddress(`0x${textHash(name).slice(-40)}`)
