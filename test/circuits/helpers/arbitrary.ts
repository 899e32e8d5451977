import fc from 'fast-check'
import { FIELD_MODULUS } from '../../../src/base/field.ts'
import { type Order, SEGMENTS, SIDES } from '../../../src/order/order.ts'
import type { PolicyKindName, ShardPolicy } from '../../../src/policy/policy.ts'
import type { ShardState } from '../../../src/route/state.ts'
import type { BatchWitness } from '../../../src/witness/witness.ts'
import { SHAPE } from './batch-circuit.ts'

const TICKS = 2n ** 40n - 1n
const uint = (max: bigint, min = 0n) => fc.bigInt({ min, max })
/** Uniform, or one of the edges. */
const edgy = (min: bigint, max: bigint, ...edges: bigint[]) =>
  fc.oneof(
    { weight: 2, arbitrary: uint(max, min) },
    { weight: 1, arbitrary: fc.constantFrom(...[min, max, ...edges].filter((edge) => edge >= min && edge <= max)) },
  )
const element = uint(FIELD_MODULUS - 1n)

/** A shard's policy as the registry admits it, and a state with a taste for the edges of that policy. */
const shard = fc
  .record({ limit: fc.oneof(uint(1n << 20n, 4n), edgy(1n, 2n ** 36n - 1n)), tau: edgy(1n, 65535n, 7n) })
  .chain(({ limit, tau }) => edgy(1n, limit).map((trip) => ({ limit, tau, trip })))
  .chain((policy) => edgy(1n, policy.trip).map((reset) => ({ ...policy, reset })))
  .chain(({ limit, tau, trip, reset }) =>
    fc.record({
      policy: fc.record<ShardPolicy>({
        weights: fc.tuple(edgy(1n, 4095n), edgy(1n, 4095n)),
        tau: fc.constant(tau),
        limit: fc.constant(limit),
        trip: fc.constant(trip),
        reset: fc.constant(reset),
        skew: edgy(8n, TICKS, limit),
        target: edgy(0n, TICKS, limit / 2n),
        reporting: fc.boolean(),
      }),
      state: fc.record<ShardState>({
        backlog: fc.oneof(
          fc.constant(0n),
          edgy(0n, limit, trip, trip - 1n, reset - 1n, reset, limit / 4n, limit / 2n),
          edgy(0n, TICKS),
        ),
        buys: fc.oneof(uint(limit), edgy(0n, 2n ** 39n, 7n, 8n)),
        sells: fc.oneof(uint(limit), edgy(0n, 2n ** 39n, 7n, 8n)),
        fee: edgy(0n, 32767n, 1n, 31n, 32n),
        ramp: uint(3n),
        open: fc.boolean(),
      }),
      served: edgy(0n, TICKS, 1n, limit / 2n),
    }),
  )

const order = fc.record<Order>({
  size: fc.oneof(
    fc.integer({ min: 1, max: 200 }),
    fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    fc.constantFrom(1, 2 ** 32 - 1),
  ),
  side: fc.constantFrom(...SIDES),
  segment: fc.constantFrom(...SEGMENTS),
  details: element,
})

/** Batches of the test shape: any state, any policy that the registry admits, up to a full batch of orders. */
export const batches = (kind: PolicyKindName): fc.Arbitrary<BatchWitness> =>
  fc
    .record({
      shards: fc.array(shard, { minLength: SHAPE.shards, maxLength: SHAPE.shards }),
      alike: fc.boolean(),
      elapsed: edgy(0n, TICKS, 1n),
      fees: fc.tuple(edgy(1n, 32767n), edgy(1n, 32767n)),
      orders: fc.array(order, { maxLength: SHAPE.slots }),
      key: element,
      seed: element,
      batchIndex: edgy(0n, 2n ** 64n - 1n),
      orderCounter: edgy(0n, 2n ** 64n - 1n, 16383n),
      time: edgy(0n, 2n ** 64n - 1n),
      blindBefore: element,
      blindAfter: element,
    })
    .map(({ shards, alike, fees: [a, b], ...rest }) => ({
      ...rest,
      policy: { kind, feeMin: a < b ? a : b, feeMax: a < b ? b : a, shards: shards.map(({ policy }) => policy) },
      // alike: equal backlogs wherever the policies allow it, so that ties occur
      before: shards.map(({ state }) => (alike ? { ...state, backlog: shards[0]?.state.backlog ?? 0n } : state)),
      served: shards.map(({ policy, served }) => (policy.reporting ? served : rest.elapsed)),
    }))
