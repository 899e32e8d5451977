import { policyOf } from '../policy/policy.ts'
import { PolicyNumbers } from '../simulate/shards.ts'
import type { Statement } from '../statement/statement.ts'

/** What the public sees of a batch, as far as fairness rests on it. Times are µs since the Unix epoch. */
export interface ObservedBatch {
  readonly index: bigint
  readonly time: number
  /** Orders of the ledger before it. */
  readonly orderCounter: number
  readonly slots: number
  /** Assignment bytes: 0 deferred, else shard + 1. */
  readonly assignments: readonly number[]
  readonly open: readonly boolean[]
  readonly fees: readonly number[]
  /** Ticks of work finished since the last batch, by shard. */
  readonly served: readonly number[]
  readonly policy: PolicyNumbers
  /** When the chain accepted it. */
  readonly acceptedAt?: number | undefined
}

/** Batches of one policy share its numbers. */
const known = new Map<string, PolicyNumbers>()

/** What a statement shows. @param slots of its circuit. @param blockTime of the block that holds it, seconds since the Unix epoch. */
export function observe(statement: Statement, slots: number, blockTime?: bigint): ObservedBatch {
  const { batchIndex: index, time, orderCounter, assignments, open, fees, served, feeWord, policyWords } = statement
  const name = `${feeWord} ${policyWords}`
  const policy = known.get(name) ?? new PolicyNumbers(policyOf(feeWord, policyWords))
  known.set(name, policy)
  return {
    index,
    time: Number(time),
    orderCounter: Number(orderCounter),
    slots,
    assignments,
    open,
    fees: fees.map(Number),
    served: served.map(Number),
    policy,
    acceptedAt: blockTime === undefined ? undefined : Number(blockTime) * 1e6,
  }
}
