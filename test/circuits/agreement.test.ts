import { expect } from 'chai'
import fc from 'fast-check'
import { poseidon } from '../../src/base/poseidon.ts'
import { commitmentOf, type Order } from '../../src/order/order.ts'
import { batchKeyOf } from '../../src/policy/keys.ts'
import { POLICY_KINDS, type PolicyKindName, type ShardPolicy } from '../../src/policy/policy.ts'
import { drawsOf } from '../../src/policy/two-choice.ts'
import { genesisStates, type ShardState } from '../../src/route/state.ts'
import type { BatchWitness } from '../../src/witness/witness.ts'
import { batchFixture, orderFixture, policyFixture } from '../helpers/fixtures.ts'
import { batches } from './helpers/arbitrary.ts'
import { batchCircuit, SHAPE, statementOf } from './helpers/batch-circuit.ts'

/** Both sides hash V, so that equal digests mean equal statements. Returns the assignments that both came to. */
async function agree(batch: BatchWitness, everyConstraint = true): Promise<readonly number[]> {
  const circuit = await batchCircuit(batch.policy.kind)
  const { inputs, assignments } = statementOf(batch)
  const witness = circuit.witness(inputs)
  if (everyConstraint) expect(circuit.violations(witness)).to.deep.equal([])
  return assignments
}

const ZERO = 16_384
const orders = (count: number, change: Partial<Order> = {}) =>
  Array.from({ length: count }, (_, i) => ({ ...orderFixture(i), ...change }))

for (const kind of POLICY_KINDS) {
  describe(`${kind}: circuit and TypeScript agree`, function () {
    this.timeout(180_000)
    const policy = (change: Partial<ShardPolicy> = {}) => policyFixture(SHAPE.shards, kind, change)
    const batch = (count: number, change: Partial<BatchWitness> = {}) =>
      batchFixture(SHAPE.shards, count, { policy: policy(), ...change })
    const states = (change: Partial<ShardState>) =>
      genesisStates(SHAPE.shards).map((state) => ({ ...state, ...change }))

    before(() => batchCircuit(kind))

    it('[fuzz] on random states, policies and batches', async () => {
      const seen = { accepted: 0, deferred: 0 }
      const property = fc.asyncProperty(batches(kind), async (random) => {
        for (const assignment of await agree(random, false)) seen[assignment === 0 ? 'deferred' : 'accepted']++
      })
      await fc.assert(property, { numRuns: 60, seed: 20261123 })
      expect(seen.accepted, 'accepted orders').to.be.above(30)
      expect(seen.deferred, 'deferred orders').to.be.above(30)
    })

    it('without an order', async () => {
      expect(await agree(batch(0))).to.deep.equal([])
    })

    it('on a full batch', async () => {
      expect(await agree(batch(SHAPE.slots))).to.have.length(SHAPE.slots)
    })

    it('with all shards closed: everything is deferred', async () => {
      const before = states({ open: false, backlog: 5_000_000n })
      expect(await agree(batch(3, { before, elapsed: 0n }))).to.deep.equal([0, 0, 0])
    })

    it('with one segment’s shards closed: only its orders are deferred', async () => {
      const shards = policy().shards.map((shard, j) => ({
        ...shard,
        weights: (j === 0 ? [1n, 0n] : [0n, 1n]) as [bigint, bigint],
      }))
      const before = genesisStates(SHAPE.shards).map((state, j) => ({ ...state, backlog: j === 0 ? 7_800_000n : 0n }))
      const mixed = [...orders(2, { segment: 'retail', size: 1 }), ...orders(2, { segment: 'institutional', size: 1 })]
      const assignments = await agree(batch(0, { policy: { ...policy(), shards }, before, elapsed: 0n, orders: mixed }))
      expect(assignments.map((byte) => byte > 0)).to.deep.equal([false, false, true, true])
    })

    it('on a shard that runs full: accepted to the last tick, then deferred', async () => {
      const shards = policy({ tau: 10n, limit: 1000n, trip: 1000n, reset: 1000n }).shards.map((shard, j) => ({
        ...shard,
        weights: (j === 2 ? [1n, 1n] : [0n, 0n]) as [bigint, bigint],
      }))
      const full = [60, 40, 1].map((size) => ({ ...orderFixture(size), size }))
      expect(await agree(batch(0, { policy: { ...policy(), shards }, orders: full }))).to.deep.equal([3, 3, 0])
    })

    it('with backlogs above their limits', async () => {
      const before = states({ backlog: 2n ** 40n - 1n })
      expect(await agree(batch(2, { before, elapsed: 0n }))).to.deep.equal([0, 0])
    })

    it('on the smallest and the largest size, the smallest and the largest tau', async () => {
      for (const tau of [1n, 65535n]) {
        const shards = policy({ tau, limit: 2n ** 36n - 1n, trip: 2n ** 36n - 1n }).shards
        const sizes = [1, 2 ** 32 - 1].map((size) => ({ ...orderFixture(0), size }))
        const assignments = await agree(batch(0, { policy: { ...policy(), shards }, orders: sizes }))
        expect(assignments.map((byte) => byte > 0)).to.deep.equal([true, tau === 1n])
      }
    })

    it('with equal backlogs everywhere', async () => {
      const before = states({ backlog: 1_000_000n })
      expect(await agree(batch(SHAPE.slots, { before, elapsed: 0n }))).to.have.length(SHAPE.slots)
    })

    it('on each breaker, ramp and fee state', async () => {
      for (const open of [true, false]) {
        for (const ramp of [0n, 1n, 2n, 3n]) {
          const before = genesisStates(SHAPE.shards).map((state, j) => ({
            ...state,
            open,
            ramp,
            fee: [0n, 31n, 32n, 32767n][j] ?? 0n,
            backlog: [7_750_000n, 7_749_999n, 4_000_000n, 3_999_999n][j] ?? 0n,
            buys: [6_857_142n, 6_857_143n, 0n, 8_000_000n][j] ?? 0n,
          }))
          await agree(batch(1, { before, elapsed: 0n }))
        }
      }
    })

    it('on the first draw and the last', async () => {
      const shards = policy().shards.map((shard) => ({ ...shard, weights: [1n, 1n] as [bigint, bigint] }))
      const fair = { ...policy(), shards }
      for (const [draw, shard] of [
        [0, 1],
        [ZERO - 1, SHAPE.shards],
      ] as const) {
        expect(await agree({ ...atDraw(kind, draw, batch(0)), policy: fair })).to.deep.equal([shard])
      }
    })
  })
}

/** Where the search below for a commitment finds one; were the fixtures to change, it would only take longer. */
const FOUND: Readonly<Record<number, bigint>> = { 0: 1302n, 16383: 9451n }

/** A batch of one order whose first draw is given; on idle shards that draw decides. */
function atDraw(kind: PolicyKindName, draw: number, base: BatchWitness): BatchWitness {
  const order: Order = { ...orderFixture(0), size: 1 }
  if (kind === 'round-robin') {
    let counter = 0n
    while ((counter * 10127n) % BigInt(ZERO) !== BigInt(draw)) counter++
    return { ...base, orderCounter: counter, orders: [order] }
  }
  const key = batchKeyOf(base.key, base.seed)
  for (let details = FOUND[draw] ?? 0n; ; details++) {
    const draws = drawsOf(poseidon([key, commitmentOf({ ...order, details })]))
    if (draws?.[0] === BigInt(draw)) return { ...base, orders: [{ ...order, details }] }
  }
}
