import { expect } from 'chai'
import fc from 'fast-check'
import { commitmentOf } from '../../src/order/order.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { BatchRouter, DEFERRED, largestSize } from '../../src/route/route.ts'
import { startBatch } from '../../src/route/start.ts'
import { genesisStates, resetStates } from '../../src/route/state.ts'
import { element, orderFixture, policyFixture } from '../helpers/fixtures.ts'

const DRAWS = { batchKey: element(1), orderCounter: 0n }
const router = (policy: Policy, states = genesisStates(policy.shards.length)) =>
  new BatchRouter(
    policy,
    startBatch(
      policy,
      states,
      states.map(() => 0n),
    ),
    DRAWS,
  )
const tight = policyFixture(4, 'two-choice', {
  limit: 60_000n,
  trip: 60_000n,
  reset: 30_000n,
  target: 30_000n,
  skew: 60_000n,
})

describe('routing a batch', () => {
  it('never lifts a shard over its limit, and moves states by accepted work only', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 40 }), (picks) => {
        const batch = router(tight)
        for (const pick of picks) {
          const before = batch.states.map(({ backlog }) => backlog)
          const order = orderFixture(pick)
          const assignment = batch.assign(order)
          batch.states.forEach(({ backlog }, shard) => {
            const work = shard + 1 === assignment ? BigInt(order.size) * (tight.shards[shard]?.tau ?? 0n) : 0n
            expect(backlog).to.equal((before[shard] ?? 0n) + work)
            expect(backlog <= (tight.shards[shard]?.limit ?? 0n)).to.equal(true)
          })
        }
      }),
    )
  })

  it('gives an order the same shard whatever its slot and neighbours, unless it is deferred', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 20 }), (picks) => {
        const forward = router(policyFixture(4))
        const backward = router(policyFixture(4))
        const orders = [...new Set(picks)].map(orderFixture)
        const there = new Map(orders.map((order) => [commitmentOf(order), forward.assign(order)]))
        for (const order of [...orders].reverse()) {
          const shard = backward.assign(order)
          const other = there.get(commitmentOf(order))
          if (shard !== DEFERRED && other !== DEFERRED) expect(shard).to.equal(other)
        }
      }),
    )
  })

  it('defers everything while all shards are closed', () => {
    const states = resetStates(4).map((state) => ({ ...state, backlog: 5_000_000n }))
    const batch = router(policyFixture(4), states)
    expect(Array.from({ length: 8 }, (_, i) => batch.assign(orderFixture(i)))).to.deep.equal(
      new Array(8).fill(DEFERRED),
    )
    expect(batch.states.every(({ open }) => !open)).to.equal(true)
  })

  it('routes a segment only to shards that serve it', () => {
    const policy = policyFixture(4)
    const retailOnFirst = {
      ...policy,
      shards: policy.shards.map((s, j) => ({
        ...s,
        weights: [j === 0 ? 1n : 0n, j === 0 ? 0n : 1n] as [bigint, bigint],
      })),
    }
    const batch = router(retailOnFirst)
    for (let i = 0; i < 30; i++) {
      const order = orderFixture(i)
      const assignment = batch.assign({ ...order, size: 1 })
      expect(assignment === 1).to.equal(order.segment === 'retail')
    }
  })

  it('the largest size fits its best shard exactly', () => {
    const size = largestSize(tight, 'retail')
    expect(size).to.equal(600)
    expect(BigInt(size) * 100n <= 60_000n && BigInt(size + 1) * 100n > 60_000n).to.equal(true)
  })
})
