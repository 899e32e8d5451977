/** Deterministic builders: the same index gives the same value in every run and language. */
import { modField } from '../../src/base/field.ts'
import { keccakWords } from '../../src/base/keccak.ts'
import { type Order, SEGMENTS, SIDES } from '../../src/order/order.ts'
import type { Policy, PolicyKindName, ShardPolicy } from '../../src/policy/policy.ts'
import { genesisStates } from '../../src/route/state.ts'
import type { BatchWitness } from '../../src/witness/witness.ts'

/** A field element that nobody chose: keccak of a label's numbers, mod p. */
export const element = (...label: (number | bigint)[]): bigint => modField(BigInt(keccakWords(label.map(BigInt))))

const TICKS_PER_SECOND = 1_000_000n

/** A policy that is valid for any number of shards; weights differ so that tables are uneven. */
export function policyFixture(
  shards: number,
  kind: PolicyKindName = 'two-choice',
  change: Partial<ShardPolicy> = {},
): Policy {
  return {
    kind,
    feeMin: 1n,
    feeMax: 30_000n,
    shards: Array.from({ length: shards }, (_, j) => ({
      weights: [BigInt(1 + (j % 4)), BigInt(2 + (j % 3))] as [bigint, bigint],
      tau: BigInt(100 + 10 * j),
      limit: 8n * TICKS_PER_SECOND,
      trip: 7_750_000n,
      reset: 4n * TICKS_PER_SECOND,
      skew: 6n * TICKS_PER_SECOND,
      target: 2n * TICKS_PER_SECOND,
      reporting: false,
      ...change,
    })),
  }
}

/** The i-th order: both sides and segments occur, sizes are heavy-tailed. */
export function orderFixture(i: number): Order {
  const dice = element(7, i)
  return {
    size: Number(1n + (dice % 10n === 0n ? (dice >> 8n) % 20_000n : (dice >> 8n) % 500n)),
    side: SIDES[Number((dice >> 64n) & 1n)] ?? 'buy',
    segment: SEGMENTS[Number((dice >> 65n) & 1n)] ?? 'retail',
    details: element(8, i),
  }
}

/** A first batch at genesis with `count` orders; override what a test is about. */
export function batchFixture(shards: number, count: number, change: Partial<BatchWitness> = {}): BatchWitness {
  const policy = change.policy ?? policyFixture(shards)
  const elapsed = change.elapsed ?? 2n ** 40n - 1n
  return {
    policy,
    key: element(1),
    seed: element(2),
    batchIndex: 0n,
    orderCounter: 0n,
    time: 1_515_053_700_000_000n,
    elapsed,
    served: policy.shards.map(() => elapsed),
    before: genesisStates(shards),
    blindBefore: 0n,
    blindAfter: element(3),
    orders: Array.from({ length: count }, (_, i) => orderFixture(i)),
    ...change,
  }
}
