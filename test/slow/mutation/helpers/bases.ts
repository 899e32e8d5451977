import type { PolicyKindName } from '../../../../src/policy/policy.ts'
import type { ShardState } from '../../../../src/route/state.ts'
import type { BatchWitness } from '../../../../src/witness/witness.ts'
import { SHAPE } from '../../../circuits/helpers/batch-circuit.ts'
import { batchFixture, orderFixture, policyFixture } from '../../../helpers/fixtures.ts'

const { shards } = SHAPE
const state = (change: Partial<ShardState>): ShardState => ({
  backlog: 0n,
  buys: 0n,
  sells: 0n,
  fee: 100n,
  ramp: 3n,
  open: true,
  ...change,
})

/** Honest batches that forgeries start from. */
export const BASES = {
  /** Both segments, one shard that stays closed and one that closes, a shard that does not report, a deferred order, two empty slots. */
  running: (kind: PolicyKindName) => {
    const policy = reporting(kind)
    const elapsed = 300_000n
    const orders = Array.from({ length: 6 }, (_, i) =>
      i === 4 ? { ...orderFixture(i), size: 100_000 } : orderFixture(i),
    )
    return batchFixture(shards, 6, {
      policy: {
        ...policy,
        shards: policy.shards.map((shard, j) => (j === 3 ? { ...shard, reporting: false } : shard)),
      },
      elapsed,
      served: [150_000n, 40_000n, 9_000n, elapsed],
      before: [
        state({ backlog: 7_700_000n, buys: 500_001n, sells: 300_007n, ramp: 2n }),
        state({ backlog: 5_000_000n, open: false, ramp: 0n, sells: 81n }),
        state({ backlog: 7_800_000n, fee: 3n, buys: 12n }),
        state({ backlog: 2_600_000n, buys: 900_000n, sells: 1_000_003n, fee: 29_900n, ramp: 1n }),
      ],
      orders,
      orderCounter: 16_381n,
      blindBefore: 5n,
    })
  },
  /** The first batch of a ledger, all shards alike. */
  first: (kind: PolicyKindName) => batchFixture(shards, 5, { policy: reporting(kind), orderCounter: 7n }),
  /** One order alone. */
  single: (kind: PolicyKindName) => batchFixture(shards, 1, { policy: reporting(kind) }),
  /** All shards closed, so both tables are empty, and no slot is. */
  closed: (kind: PolicyKindName) =>
    batchFixture(shards, 8, {
      policy: reporting(kind),
      served: [0n, 1n, 2n, 3n],
      before: [1, 2, 3, 4].map((j) => state({ backlog: 7_800_000n + BigInt(j), open: false, ramp: 0n })),
    }),
} satisfies Record<string, (kind: PolicyKindName) => BatchWitness>

export type BaseName = keyof typeof BASES
export const BASE_NAMES = Object.keys(BASES) as BaseName[]

const reporting = (kind: PolicyKindName) => policyFixture(shards, kind, { reporting: true })
