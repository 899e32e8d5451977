import type { PolicyKindName } from './policy.ts'
import type { Table } from './table.ts'

/** All that a rule may look at to pick a shard: never an order's size, its neighbours or the time. */
export interface SelectionContext {
  readonly commitment: bigint
  readonly slot: number
  /** `Poseidon(key, seed)`: secret, and fixed for the epoch. */
  readonly batchKey: bigint
  /** Orders of the ledger before this batch. */
  readonly orderCounter: bigint
  /** Backlogs at the start of the batch, after its update, in ticks, by shard. */
  readonly opening: readonly bigint[]
}

/** One rule that picks a shard from a segment's table. */
export interface PolicyKind {
  readonly name: PolicyKindName
  /** The shard, or `undefined` when the order is to be deferred. Whether it still fits is not this rule's business. */
  select(context: SelectionContext, table: Table): number | undefined
}
