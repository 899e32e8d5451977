import { keyCommitmentOf } from '../../src/policy/keys.ts'
import { type PublishedPolicy, policyHash } from '../../src/policy/policy.ts'
import { largestSize } from '../../src/route/route.ts'
import { element, policyFixture } from '../helpers/fixtures.ts'

export const SHAPE = { shards: 4, slots: 8 }
export const DOMAIN = { chainId: 31_337n, ledger: '0x1111111111111111111111111111111111111111' }
export const ACCOUNT = '0x2222222222222222222222222222222222222222'

/** The policy of a service in memory. Low limits, so that a few orders fill a shard and some are deferred. */
export function memoryPolicy(): PublishedPolicy {
  const policy = policyFixture(SHAPE.shards, 'two-choice', { limit: 60_000n, trip: 60_000n, reset: 30_000n })
  const accounts = new Array<string>(SHAPE.shards).fill(ACCOUNT)
  return { ...policy, settlements: accounts, reportSigners: accounts }
}

export const largestOf = (policy: PublishedPolicy) => ({
  retail: largestSize(policy, 'retail'),
  institutional: largestSize(policy, 'institutional'),
})

/** What the service says of its policy, in its one epoch. */
export const inForce = (policy: PublishedPolicy) => ({
  ...DOMAIN,
  epoch: 1n,
  policy,
  multipliers: policy.shards.map(() => 256),
  weights: policy.shards.map(({ weights }) => weights),
  policyHash: policyHash(policy),
  signer: ACCOUNT,
  keyCommit: keyCommitmentOf(element(1)),
  seed: element(2),
  sealedMode: false,
  largestSize: largestOf(policy),
})
