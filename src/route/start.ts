import { at } from '../base/at.ts'
import { ShapeError } from '../base/error.ts'
import { abs, max, min } from '../base/integers.ts'
import type { Policy, ShardPolicy } from '../policy/policy.ts'
import { scaleTable, type Table } from '../policy/table.ts'
import type { ShardState } from './state.ts'

/** All that is fixed when a batch opens. */
export interface BatchStart {
  /** States after the update, before the first order. */
  readonly states: readonly ShardState[]
  /** One table a segment: retail, institutional. */
  readonly tables: readonly [Table, Table]
}

/**
 * Advances one shard to the start of a batch (protocol, section 3): drain, fade, breaker, slow start, congestion price.
 * @param served ticks of work that the shard finished since the last batch.
 */
export function advanceShard(
  state: ShardState,
  policy: ShardPolicy,
  served: bigint,
  fees: Pick<Policy, 'feeMin' | 'feeMax'>,
): ShardState {
  const backlog = max(0n, state.backlog - served)
  const buys = state.buys - state.buys / 8n
  const sells = state.sells - state.sells / 8n
  const skew = abs(buys - sells)
  const open = state.open ? backlog < policy.trip && skew < policy.skew : backlog < policy.reset && skew < policy.skew
  const ramp = open && state.open ? min(3n, state.ramp + 1n) : 0n
  const step = state.fee / 32n + 1n
  const fee = backlog > policy.target ? state.fee + step : state.fee - step
  return { backlog, buys, sells, fee: max(fees.feeMin, min(fees.feeMax, fee)), ramp, open }
}

/** How many of `4T < 3·limit`, `4T < 2·limit`, `4T < limit` hold: 0 … 3. */
export const headroom = (backlog: bigint, limit: bigint): bigint =>
  [3n, 2n, 1n].reduce((held, part) => held + (4n * backlog < part * limit ? 1n : 0n), 0n)

/** `e = w·open·(h + 1)·(ramp + 1)`: a shard that fills up loses share, one that recovers gains it back slowly. */
export const effectiveWeight = (weight: bigint, state: ShardState, limit: bigint): bigint =>
  state.open ? weight * (headroom(state.backlog, limit) + 1n) * (state.ramp + 1n) : 0n

/** The start of a batch: every shard advanced, and both segments' tables. @param served ticks, by shard. */
export function startBatch(policy: Policy, before: readonly ShardState[], served: readonly bigint[]): BatchStart {
  if (before.length !== policy.shards.length || served.length !== policy.shards.length) {
    throw new ShapeError('SHAPE_MISMATCH', 'states, served work and policy differ in their number of shards')
  }
  const states = policy.shards.map((shard, j) => advanceShard(at(before, j), shard, at(served, j), policy))
  const tableOf = (segment: 0 | 1): Table =>
    scaleTable(policy.shards.map((shard, j) => effectiveWeight(shard.weights[segment], at(states, j), shard.limit)))
  return { states, tables: [tableOf(0), tableOf(1)] }
}
