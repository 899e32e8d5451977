import { expect } from 'chai'
import { openOrders, recomputeBatch } from '../../src/audit/openings.ts'
import { batchKeyOf } from '../../src/policy/keys.ts'
import { stateWord } from '../../src/route/state.ts'
import { routeBatch } from '../../src/witness/witness.ts'
import { batchFixture, orderFixture } from '../helpers/fixtures.ts'

describe('openings of a batch', () => {
  const witness = batchFixture(4, 8)
  const { statement } = routeBatch(witness)
  const opening = {
    index: 0n,
    batchKey: batchKeyOf(witness.key, witness.seed),
    before: witness.before.map(stateWord),
    blindBefore: witness.blindBefore,
    blindAfter: witness.blindAfter,
    orders: [...witness.orders],
  }

  it('recompute every assignment, and the states before and after', () => {
    const { outcome, orders } = recomputeBatch(opening, statement)
    expect(outcome).to.equal('recomputed')
    expect(orders.map(({ assignment }) => assignment)).to.deep.equal(statement.assignments)
    expect(orders.map(({ size }) => size)).to.deep.equal(witness.orders.map(({ size }) => size))
  })

  const wrong: Record<string, [change: object, why: RegExp]> = {
    'an order too few': [{ orders: opening.orders.slice(1) }, /8 orders, not 7/],
    'another order': [{ orders: [orderFixture(99), ...opening.orders.slice(1)] }, /slot 0 holds another order/],
    'two orders swapped': [
      { orders: [opening.orders[1], opening.orders[0], ...opening.orders.slice(2)] },
      /slot 0 holds another order/,
    ],
    'another state before': [
      { before: [...opening.before.slice(1), opening.before[0] ?? 0n].map((word) => word ^ 1n) },
      /stood otherwise before/,
    ],
    'another blind before': [{ blindBefore: 5n }, /stood otherwise before/],
    'another blind after': [{ blindAfter: 5n }, /stood otherwise after/],
    'a state word with stray bits': [{ before: opening.before.map((word) => word | (1n << 200n)) }, /./],
  }
  for (const [what, [change, why]] of Object.entries(wrong))
    it(`are wrong with ${what}`, () => {
      const result = recomputeBatch({ ...opening, ...change }, statement)
      expect(result.outcome).to.equal('wrong')
      expect(result.why).to.match(why)
      expect(result.orders).to.deep.equal([])
    })

  it('show a router that did not keep to the policy', () => {
    const cheated = { ...statement, assignments: statement.assignments.map((byte) => (byte % 4) + 1) }
    expect(recomputeBatch(opening, cheated).why).to.match(/goes to \d by the policy, and went to \d/)
    expect(recomputeBatch({ ...opening, batchKey: 5n }, statement).outcome).to.equal('wrong')
  })

  it('of single orders are held against their slots', () => {
    const [order] = witness.orders
    if (!order) return expect.fail('no order')
    const mine = { batch: 0n, slot: 0, order }
    expect(openOrders([mine], statement)).to.deep.include({ outcome: 'opened' })
    expect(openOrders([mine], statement).orders[0]?.assignment).to.equal(statement.assignments[0])
    expect(openOrders([{ ...mine, slot: 1 }], statement).outcome).to.equal('wrong')
    expect(openOrders([{ ...mine, slot: 100 }], statement).outcome).to.equal('wrong')
  })
})
