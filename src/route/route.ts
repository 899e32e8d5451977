import { at } from '../base/at.ts'
import { max, min } from '../base/integers.ts'
import { commitmentOf, type Order, SEGMENTS, type Segment } from '../order/order.ts'
import { KINDS } from '../policy/kinds.ts'
import type { Policy } from '../policy/policy.ts'
import type { BatchStart } from './start.ts'
import type { ShardState } from './state.ts'

/** The assignment byte of a deferred order, and of an empty slot. */
export const DEFERRED = 0

/** The largest order, in lots, that some shard of the segment could ever hold. */
export function largestSize(policy: Policy, segment: Segment): number {
  const fits = policy.shards
    .filter(({ weights }) => weights[SEGMENTS.indexOf(segment) === 0 ? 0 : 1] > 0n)
    .map(({ limit, tau }) => limit / tau)
  const most = fits.reduce(max, 0n)
  return Number(min(most, 2n ** 32n - 1n))
}

/** What decides the draws of a batch. */
export interface BatchDraws {
  /** `Poseidon(key, seed)`. */
  readonly batchKey: bigint
  /** Orders of the ledger before this batch. */
  readonly orderCounter: bigint
}

/**
 * Assigns the orders of one batch, in slot order (protocol, section 3). The pure router: integers only, no clock, no store.
 *
 * The candidate depends on the commitment, the tables and the opening backlogs alone; slot order decides only who is deferred when a shard runs full.
 */
export class BatchRouter {
  readonly #policy: Policy
  readonly #start: BatchStart
  readonly #draws: BatchDraws
  readonly #opening: readonly bigint[]
  readonly #running: ShardState[]
  #slots = 0

  constructor(policy: Policy, start: BatchStart, draws: BatchDraws) {
    this.#policy = policy
    this.#start = start
    this.#draws = draws
    this.#opening = start.states.map(({ backlog }) => backlog)
    this.#running = [...start.states]
  }

  /** States after the orders so far. */
  get states(): readonly ShardState[] {
    return this.#running
  }

  /**
   * Assigns the next slot.
   * @param commitment the order's, when the caller has it already.
   * @returns the assignment byte: 0 deferred, else shard + 1.
   */
  assign(order: Order, commitment: bigint = commitmentOf(order)): number {
    const slot = this.#slots++
    const table = this.#start.tables[order.segment === 'retail' ? 0 : 1]
    const shard = KINDS[this.#policy.kind].select({ ...this.#draws, commitment, slot, opening: this.#opening }, table)
    if (shard === undefined) return DEFERRED
    const { tau, limit } = at(this.#policy.shards, shard)
    const state = at(this.#running, shard)
    const work = BigInt(order.size) * tau
    if (state.backlog + work > limit) return DEFERRED
    this.#running[shard] = {
      ...state,
      backlog: state.backlog + work,
      buys: order.side === 'buy' ? state.buys + work : state.buys,
      sells: order.side === 'sell' ? state.sells + work : state.sells,
    }
    return shard + 1
  }
}
