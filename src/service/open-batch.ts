import { min } from '../base/integers.ts'
import type { Order } from '../order/order.ts'
import { BatchRouter, DEFERRED } from '../route/route.ts'
import { type BatchStart, startBatch } from '../route/start.ts'
import { genesisStates, resetStates, type ShardState, stateHash } from '../route/state.ts'
import type { LaneContext } from './lane-context.ts'
import { countersAt } from './reports.ts'

/** Where the lane stands between two batches. Times are µs since the Unix epoch. */
export interface Tip {
  readonly nextIndex: bigint
  readonly orderCounter: bigint
  /** Of the last batch; 0 before the first. */
  readonly time: bigint
  readonly states: readonly ShardState[]
  readonly blind: bigint
  /** The hiding hash of `states`. */
  readonly state: bigint
  /** Service counters that were applied in the epoch, ticks, by shard. */
  readonly counters: readonly bigint[]
}

/** The tip of a new ledger. */
export function genesisTip(shards: number): Tip {
  const states = genesisStates(shards)
  const counters = states.map(() => 0n)
  return { nextIndex: 0n, orderCounter: 0n, time: 0n, states, blind: 0n, state: stateHash(0n, states), counters }
}

/** Where an epoch begins after another one: its shards count from 0, and their states are those of the last batch, or the public ones. */
export function tipOfEpoch(tip: Tip, fromReset: boolean): Tip {
  const counters = tip.counters.map(() => 0n)
  if (!fromReset) return { ...tip, counters }
  const states = resetStates(tip.states.length)
  return { ...tip, states, blind: 0n, state: stateHash(0n, states), counters }
}

/** All that is durable of a batch before its first receipt. */
export interface BatchOpening {
  readonly index: bigint
  readonly epoch: bigint
  readonly circuit: string
  readonly time: bigint
  /** µs since the last batch, saturated at 2^40 − 1. */
  readonly elapsed: bigint
  readonly orderCounter: bigint
  readonly before: readonly ShardState[]
  readonly blindBefore: bigint
  readonly stateBefore: bigint
  /** Ticks, by shard. */
  readonly served: readonly bigint[]
  /** Service counters after the batch, ticks, by shard. */
  readonly counters: readonly bigint[]
}

/** One slot as its receipt tells it: what is kept for ever. */
export interface Placement {
  readonly epoch: bigint
  readonly batch: bigint
  readonly slot: number
  readonly commitment: bigint
  /** 0 deferred, else shard + 1. */
  readonly assignment: number
  /** Admission, µs since the Unix epoch. */
  readonly time: bigint
  readonly keyId: string
}

/** One slot with its order, which is erased once the batch is final. */
export interface Entry extends Placement {
  /** Private. */
  readonly order: Order
}

const MAX_ELAPSED = 2n ** 40n - 1n

/**
 * Opens the batch after the tip. A shard that reports has served what its counter rose by, 0 without a new report; any other the elapsed time.
 * @param reports those that say more than was applied.
 */
export function openingAfter(
  context: LaneContext,
  tip: Tip,
  time: bigint,
  reports: Parameters<typeof countersAt>[2] = [],
): BatchOpening {
  const elapsed = min(time - tip.time, MAX_ELAPSED)
  const counters = countersAt(time, tip.counters, reports)
  return {
    index: tip.nextIndex,
    epoch: context.epoch,
    circuit: context.circuit.name,
    time,
    elapsed,
    orderCounter: tip.orderCounter,
    before: tip.states,
    blindBefore: tip.blind,
    stateBefore: tip.state,
    served: context.policy.shards.map(({ reporting }, j) =>
      reporting ? (counters[j] ?? 0n) - (tip.counters[j] ?? 0n) : elapsed,
    ),
    counters,
  }
}

/** The batch that takes orders, in memory; its rows say the same, and make it anew after a restart. */
export class OpenBatch {
  readonly opening: BatchOpening
  readonly start: BatchStart
  readonly #router: BatchRouter
  readonly #slots: number
  readonly #entries = new Map<bigint, Entry>()
  #deferred = 0

  constructor(context: LaneContext, opening: BatchOpening) {
    this.opening = opening
    this.#slots = context.circuit.shape.slots
    this.start = startBatch(context.policy, opening.before, opening.served)
    this.#router = new BatchRouter(context.policy, this.start, {
      batchKey: context.batchKey,
      orderCounter: opening.orderCounter,
    })
  }

  get count(): number {
    return this.#entries.size
  }
  get deferred(): number {
    return this.#deferred
  }
  /** In slot order. */
  get entries(): Entry[] {
    return [...this.#entries.values()]
  }
  get full(): boolean {
    return this.count >= this.#slots
  }
  get states(): readonly ShardState[] {
    return this.#router.states
  }

  find(commitment: bigint): Entry | undefined {
    return this.#entries.get(commitment)
  }

  /** Assigns an order to the next slot. The caller has made sure that there is one and that the commitment is not in the batch. */
  place(order: Order, commitment: bigint, time: bigint, keyId: string): Entry {
    const { index: batch, epoch } = this.opening
    const slot = this.count
    const assignment = this.#router.assign(order, commitment)
    const entry: Entry = { epoch, batch, slot, commitment, assignment, time, keyId, order }
    this.#entries.set(commitment, entry)
    if (assignment === DEFERRED) this.#deferred++
    return entry
  }
}
