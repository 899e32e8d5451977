import { expect } from 'chai'
import fc from 'fast-check'
import { poseidon } from '../../src/base/poseidon.ts'
import { commitmentOf, SEGMENTS, SIDES } from '../../src/order/order.ts'
import { drawsOf } from '../../src/policy/two-choice.ts'
import { BatchRouter } from '../../src/route/route.ts'
import { startBatch } from '../../src/route/start.ts'
import { genesisStates } from '../../src/route/state.ts'
import { randomFrom } from '../../src/simulate/random.ts'
import { makeRule, RULES } from '../../src/simulate/rules.ts'
import { PolicyNumbers, Shards, type SimOrder } from '../../src/simulate/shards.ts'
import { element, orderFixture, policyFixture } from '../helpers/fixtures.ts'

const BATCH_KEY = element(1)

/** Policies that run full, trip and recover within a few batches. */
const tight = (kind: 'two-choice' | 'round-robin') =>
  policyFixture(4, kind, { limit: 900_000n, trip: 700_000n, reset: 300_000n, target: 200_000n, skew: 500_000n })

describe('Shards', () => {
  for (const kind of ['two-choice', 'round-robin'] as const)
    it(`does under ${kind} what the router does, order by order and to the last tick`, () => {
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(2_000_000), fc.nat(30)), { minLength: 1, maxLength: 12 }), (plan) => {
          const policy = tight(kind)
          const shards = new Shards(new PolicyNumbers(policy))
          const pick = makeRule(kind)
          let states = genesisStates(4)
          let counter = 0
          for (const [elapsed, count] of plan) {
            const served = states.map(() => BigInt(elapsed))
            const start = startBatch(policy, states, served)
            const router = new BatchRouter(policy, start, { batchKey: BATCH_KEY, orderCounter: BigInt(counter) })
            shards.startBatch(served.map(Number))
            for (let i = 0; i < count; i++) {
              const order = orderFixture(counter++)
              const commitment = commitmentOf(order)
              const draws = [...(drawsOf(poseidon([BATCH_KEY, commitment])) ?? [])]
              const sim: SimOrder = {
                size: order.size,
                side: SIDES.indexOf(order.side) === 0 ? 0 : 1,
                segment: SEGMENTS.indexOf(order.segment) === 0 ? 0 : 1,
              }
              const shard = pick(shards, sim.segment, () => Number(draws.shift()))
              const byte = shard >= 0 && shards.take(shard, sim) ? shard + 1 : 0
              expect(byte).to.equal(router.assign(order, commitment))
            }
            states = [...router.states]
            for (const [j, state] of states.entries()) {
              expect([
                shards.backlog[j],
                shards.buys[j],
                shards.sells[j],
                shards.fee[j],
                shards.ramp[j],
                shards.open[j],
              ]).to.deep.equal([
                ...[state.backlog, state.buys, state.sells, state.fee, state.ramp].map(Number),
                state.open ? 1 : 0,
              ])
            }
          }
        }),
        { numRuns: 60 },
      )
    })

  it('has every rule keep to open shards, and weighted ones to the weights', () => {
    const policy = new PolicyNumbers(policyFixture(4))
    for (const name of RULES) {
      const shards = new Shards(policy)
      const pick = makeRule(name)
      const random = randomFrom(3)
      shards.startBatch([0, 0, 0, 0], [true, true, false, true])
      const counts = [0, 0, 0, 0]
      for (let i = 0; i < 4000; i++) {
        const shard = pick(shards, 0, random.draw)
        counts[shard] = (counts[shard] ?? 0) + 1
        shards.take(shard, { size: 1, side: 0, segment: 0 })
      }
      expect(counts[2], name).to.equal(0)
      const byWeight = ['two-choice', 'round-robin', 'weighted-random', 'smooth-round-robin']
      // Weights 1, 2, closed, 4.
      if (byWeight.includes(name)) expect((counts[3] ?? 0) / (counts[0] ?? 1), name).to.be.within(3, 5)
    }
  })

  it('gives no shard when all are closed', () => {
    const shards = new Shards(new PolicyNumbers(policyFixture(4)))
    shards.startBatch([0, 0, 0, 0], [false, false, false, false])
    for (const name of RULES)
      expect(
        makeRule(name)(shards, 1, () => 5),
        name,
      ).to.equal(-1)
  })
})
