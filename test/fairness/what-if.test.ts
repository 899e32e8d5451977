import { expect } from 'chai'
import { policyDifference } from '../../src/fairness/policy-diff.ts'
import { whatIf } from '../../src/fairness/what-if.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { RULES } from '../../src/simulate/rules.ts'
import { policyFixture } from '../helpers/fixtures.ts'

const SETTINGS = { slots: 50, age: 500_000, seed: 1 }
const orders = Array.from({ length: 3000 }, (_, i) => ({
  time: i * 10_000,
  size: 1 + ((i * 37) % 60),
  side: (i % 2) as 0 | 1, // by the remainder
  segment: (i % 3 === 0 ? 1 : 0) as 0 | 1, // by the choice
}))
const weighted = (policy: Policy, shard: number, weight: bigint): Policy => ({
  ...policy,
  shards: policy.shards.map((each, j) => (j === shard ? { ...each, weights: [weight, weight] } : each)),
})

describe('whatIf', () => {
  const now = policyFixture(4)

  it('says that nothing changes when nothing does', () => {
    const { before, after } = whatIf({ now, proposed: now }, orders, SETTINGS)
    expect({ ...after, name: '' }).to.deep.equal({ ...before, name: '' })
    expect(before.segments.map((segment) => segment.orders)).to.deep.equal([2000, 1000])
    for (const { shares } of before.segments) expect(shares.reduce((a, b) => a + b, 0)).to.be.closeTo(1, 1e-9)
  })

  it('gives a shard more when its weight grows, and none when it is 0', () => {
    const more = whatIf({ now, proposed: weighted(now, 0, 8n) }, orders, SETTINGS)
    const none = whatIf({ now, proposed: weighted(now, 0, 0n) }, orders, SETTINGS)
    for (const g of [0, 1]) {
      expect(more.after.segments[g]?.shares[0]).to.be.above(more.before.segments[g]?.shares[0] ?? 1)
      expect(none.after.segments[g]?.shares[0]).to.equal(0)
    }
  })

  it('defers more, at higher fees, when shards are slower', () => {
    const slow = { ...now, shards: now.shards.map((shard) => ({ ...shard, tau: shard.tau * 40n })) }
    const { before, after } = whatIf({ now, proposed: slow }, orders, SETTINGS)
    expect(after.segments[0]?.deferred).to.be.above(before.segments[0]?.deferred ?? 0)
    expect(after.shards[0]?.fee.max).to.be.above(before.shards[0]?.fee.max ?? 0)
    expect(after.segments[0]?.delay.median).to.be.above(before.segments[0]?.delay.median ?? 0)
  })

  it('compares with every baseline', () => {
    const { baselines } = whatIf({ now, proposed: now }, orders, SETTINGS, RULES)
    expect(baselines.map(({ rule }) => rule)).to.deep.equal(RULES)
    for (const { segments } of baselines)
      expect(segments.reduce((sum, segment) => sum + segment.orders, 0)).to.equal(3000)
  })
})

describe('policyDifference', () => {
  const now = policyFixture(2)

  it('names each number that changes, and whether it needs the timelock', () => {
    expect(policyDifference(now, now)).to.deep.equal([])
    const proposed = { ...weighted(now, 1, 9n), feeMax: 7n }
    expect(policyDifference(now, proposed).map(({ at, retune }) => [at, retune])).to.deep.equal([
      ['feeMax', false],
      ['shards.1.weights.0', true],
      ['shards.1.weights.1', true],
    ])
    expect(policyDifference(now, { ...now, shards: now.shards.slice(1) }).length).to.be.above(0)
  })
})
