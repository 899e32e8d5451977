import { expect } from 'chai'
import {
  feeWord,
  type Policy,
  policyOf,
  type ShardPolicy,
  shardPolicyWord,
  validatePolicy,
} from '../../src/policy/policy.ts'
import { catchError } from '../helpers/catch-error.ts'
import { policyFixture } from '../helpers/fixtures.ts'

const withShard = (change: Partial<ShardPolicy>): Policy => {
  const policy = policyFixture(4)
  return { ...policy, shards: policy.shards.map((shard, j) => (j === 2 ? { ...shard, ...change } : shard)) }
}

describe('policy', () => {
  it('is read back from its words', () => {
    for (const kind of ['two-choice', 'round-robin'] as const) {
      const policy = policyFixture(16, kind)
      expect(policyOf(feeWord(policy), policy.shards.map(shardPolicyWord))).to.deep.equal(policy)
    }
  })

  const broken: [string, Policy, number | undefined][] = [
    ['tau > 0', withShard({ tau: 0n }), 2],
    ['0 < reset <= trip <= limit < 2^36', withShard({ reset: 0n }), 2],
    ['0 < reset <= trip <= limit < 2^36', withShard({ reset: 7_750_001n }), 2],
    ['0 < reset <= trip <= limit < 2^36', withShard({ trip: 8_000_001n }), 2],
    ['0 < reset <= trip <= limit < 2^36', withShard({ limit: 1n << 36n }), 2],
    ['skew >= 8', withShard({ skew: 7n }), 2],
    ['1 <= feeMin <= feeMax', { ...policyFixture(4), feeMin: 0n }, undefined],
    ['1 <= feeMin <= feeMax', { ...policyFixture(4), feeMin: 30_001n }, undefined],
    ['each segment has a positive weight', policyFixture(4, 'two-choice', { weights: [1n, 0n] }), undefined],
    ["a weight is 0 or at least a 1024th of its segment's sum", withShard({ weights: [4095n, 1n] }), 0],
  ]
  broken[broken.length - 1] = [
    "a weight is 0 or at least a 1024th of its segment's sum",
    {
      ...policyFixture(4),
      shards: policyFixture(4).shards.map((s, j) => ({ ...s, weights: [j === 3 ? 1n : 4095n, 1n] })),
    },
    3,
  ]
  for (const [rule, policy, shard] of broken) {
    it(`names the broken rule: ${rule}${shard === undefined ? '' : ` of shard ${shard}`}`, async () => {
      const error = await catchError(() => validatePolicy(policy))
      expect([error.code, error.details.rule, error.details.shard]).to.deep.equal(['POLICY_INVALID', rule, shard])
    })
  }

  it('refuses an unknown kind', async () => {
    const policy = policyFixture(4)
    const error = await catchError(() => policyOf(feeWord(policy) | (7n << 30n), policy.shards.map(shardPolicyWord)))
    expect(error.details.rule).to.equal('kind')
  })
})
