import { min } from '../base/integers.ts'
import type { Order } from '../order/order.ts'
import { SEALED_ASSIGNMENT } from '../order/sealed-assignment.ts'
import { batchKeyOf } from '../policy/keys.ts'
import { BatchRouter, DEFERRED } from '../route/route.ts'
import { type BatchStart, startBatch } from '../route/start.ts'
import { genesisStates, resetStates, type ShardState, stateHash } from '../route/state.ts'
import type { LaneContext } from './lane-context.ts'
import { countersAt } from './reports.ts'

/** The shards between two batches. */
export interface LaneShards {
  readonly states: readonly ShardState[]
  readonly blind: bigint
  /** The hiding hash of `states`. */
  readonly state: bigint
}

/** Where the lane stands between two batches. Times are µs since the Unix epoch. */
export interface Tip {
  readonly nextIndex: bigint
  readonly orderCounter: bigint
  /** Of the last batch; 0 before the first. */
  readonly time: bigint
  /** Service counters that were applied in the epoch, ticks, by shard. */
  readonly counters: readonly bigint[]
  /** `undefined` behind a sealed batch that is not drawn yet. */
  readonly shards: LaneShards | undefined
}

/** The shards of a new ledger. */
export const genesisShards = (shards: number): LaneShards => openShards(genesisStates(shards))

/** Shards whose states everybody knows. */
const openShards = (states: readonly ShardState[]): LaneShards => ({ states, blind: 0n, state: stateHash(0n, states) })

/** The tip of a new ledger. */
export function genesisTip(shards: number): Tip {
  const counters = new Array<bigint>(shards).fill(0n)
  return { nextIndex: 0n, orderCounter: 0n, time: 0n, counters, shards: genesisShards(shards) }
}

/** The shards with which an epoch begins after another one: as the last batch left them, or the public ones. */
export const shardsOfEpoch = (
  { fromReset, policy }: Pick<LaneContext, 'fromReset' | 'policy'>,
  before: LaneShards | undefined,
): LaneShards | undefined => (fromReset ? openShards(resetStates(policy.shards.length)) : before)

/** Where an epoch begins after another one: its shards count from 0. */
export const tipOfEpoch = (tip: Tip, context: Pick<LaneContext, 'fromReset' | 'policy'>): Tip => ({
  ...tip,
  counters: tip.counters.map(() => 0n),
  shards: shardsOfEpoch(context, tip.shards),
})

/** What is fixed of a batch, in either mode, and durable before its first receipt. */
export interface BatchPlace {
  readonly index: bigint
  readonly epoch: bigint
  readonly circuit: string
  readonly time: bigint
  /** µs since the last batch, saturated at 2^40 − 1. */
  readonly elapsed: bigint
  readonly orderCounter: bigint
  /** Ticks, by shard. */
  readonly served: readonly bigint[]
  /** Service counters after the batch, ticks, by shard. */
  readonly counters: readonly bigint[]
}

/** What routing starts from: known when the batch opens, or in sealed mode with its draw. */
export interface BatchBasis {
  /** The epoch's or, in sealed mode, the batch's own. */
  readonly seed: bigint
  readonly before: readonly ShardState[]
  readonly blindBefore: bigint
  readonly stateBefore: bigint
}

/** A batch with all that routing it takes. */
export type BatchOpening = BatchPlace & BatchBasis

/** One slot as its receipt tells it: what is kept for ever. */
export interface Placement {
  readonly epoch: bigint
  readonly batch: bigint
  readonly slot: number
  readonly commitment: bigint
  /** 0 deferred, else shard + 1; 255 sealed. */
  readonly assignment: number
  /** What the draw of a sealed batch came to: 0 deferred, else shard + 1. */
  readonly outcome?: number
  /** Admission, µs since the Unix epoch. */
  readonly time: bigint
  readonly keyId: string
}

/** One slot with its order, which is erased once the batch is final. */
export interface Entry extends Placement {
  /** Private. */
  readonly order: Order
}

/** What an order came to: 0 deferred, else shard + 1; 255 while it waits for its draw. */
export const outcomeOf = ({ outcome, assignment }: Pick<Placement, 'outcome' | 'assignment'>): number =>
  outcome ?? assignment

const MAX_ELAPSED = 2n ** 40n - 1n

/**
 * Places the batch after the tip. A shard that reports has served what its counter rose by, 0 without a new report; any other the elapsed time.
 * @param reports those that say more than was applied.
 */
export function placeAfter(
  context: LaneContext,
  tip: Tip,
  time: bigint,
  reports: Parameters<typeof countersAt>[2] = [],
): BatchPlace {
  const elapsed = min(time - tip.time, MAX_ELAPSED)
  const counters = countersAt(time, tip.counters, reports)
  return {
    index: tip.nextIndex,
    epoch: context.epoch,
    circuit: context.circuit.name,
    time,
    elapsed,
    orderCounter: tip.orderCounter,
    served: context.policy.shards.map(({ reporting }, j) =>
      reporting ? (counters[j] ?? 0n) - (tip.counters[j] ?? 0n) : elapsed,
    ),
    counters,
  }
}

/** What routing starts from after these shards, under a seed. */
export const basisOf = ({ states, blind, state }: LaneShards, seed: bigint): BatchBasis => ({
  seed,
  before: states,
  blindBefore: blind,
  stateBefore: state,
})

/** A batch in memory that takes orders; its rows say the same, and make it anew after a restart. */
abstract class FillingBatch {
  abstract readonly opening: BatchPlace
  readonly #slots: number
  readonly #entries = new Map<bigint, Entry>()
  #deferred = 0

  constructor(context: LaneContext) {
    this.#slots = context.circuit.shape.slots
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

  find(commitment: bigint): Entry | undefined {
    return this.#entries.get(commitment)
  }

  /** Puts an order into the next slot. The caller has made sure that there is one and that the commitment is not in the batch. */
  place(order: Order, commitment: bigint, time: bigint, keyId: string): Entry {
    const { index: batch, epoch } = this.opening
    const slot = this.count
    const assignment = this.assign(order, commitment)
    const entry: Entry = { epoch, batch, slot, commitment, assignment, time, keyId, order }
    this.#entries.set(commitment, entry)
    if (assignment === DEFERRED) this.#deferred++
    return entry
  }

  protected abstract assign(order: Order, commitment: bigint): number
}

/** A batch that routes each order as it comes: the open one of instant mode, and a sealed one at its draw. */
export class RoutedBatch extends FillingBatch {
  readonly opening: BatchOpening
  readonly start: BatchStart
  readonly #router: BatchRouter

  constructor(context: LaneContext, opening: BatchOpening) {
    super(context)
    this.opening = opening
    this.start = startBatch(context.policy, opening.before, opening.served)
    this.#router = new BatchRouter(context.policy, this.start, {
      batchKey: opening.seed === context.seed ? context.batchKey : batchKeyOf(context.key, opening.seed),
      orderCounter: opening.orderCounter,
    })
  }

  get states(): readonly ShardState[] {
    return this.#router.states
  }

  protected assign(order: Order, commitment: bigint): number {
    return this.#router.assign(order, commitment)
  }
}

/** The open batch of sealed mode: it promises places, as nobody knows its seed. */
export class BlindBatch extends FillingBatch {
  readonly opening: BatchPlace

  constructor(context: LaneContext, opening: BatchPlace) {
    super(context)
    this.opening = opening
  }

  protected assign(): number {
    return SEALED_ASSIGNMENT
  }
}

/** The batch that takes orders. */
export type OpenBatch = RoutedBatch | BlindBatch
