import type { POLICY_KINDS, Policy } from '../policy/policy.ts'
import { DRAW_BITS } from '../policy/table.ts'

/** Draws lie in `[0, 2^14)`. */
export const DRAWS = 2 ** DRAW_BITS

/** An order as routing sees it: whole lots; side 0 buy, 1 sell; segment 0 retail, 1 institutional. */
export interface SimOrder {
  readonly size: number
  readonly side: 0 | 1
  readonly segment: 0 | 1
}

/** A policy's numbers by shard, as doubles: every one of them, and every sum that routing makes, lies below 2^53. */
export class PolicyNumbers {
  readonly shards: number
  readonly weights: readonly [Float64Array, Float64Array]
  readonly tau: Float64Array
  readonly limit: Float64Array
  readonly trip: Float64Array
  readonly reset: Float64Array
  readonly skew: Float64Array
  readonly target: Float64Array
  readonly reporting: readonly boolean[]
  readonly feeMin: number
  readonly feeMax: number
  readonly kind: (typeof POLICY_KINDS)[number]

  constructor({ shards, feeMin, feeMax, kind }: Policy) {
    const all = (of: (shard: Policy['shards'][number]) => bigint): Float64Array =>
      Float64Array.from(shards, (shard) => Number(of(shard)))
    this.shards = shards.length
    this.weights = [all(({ weights }) => weights[0]), all(({ weights }) => weights[1])]
    this.tau = all(({ tau }) => tau)
    this.limit = all(({ limit }) => limit)
    this.trip = all(({ trip }) => trip)
    this.reset = all(({ reset }) => reset)
    this.skew = all(({ skew }) => skew)
    this.target = all(({ target }) => target)
    this.reporting = shards.map(({ reporting }) => reporting)
    this.feeMin = Number(feeMin)
    this.feeMax = Number(feeMax)
    this.kind = kind
  }
}

/**
 * The shards of a ledger in plain numbers: the same integer rules as `src/route`, some hundred times as fast, for simulations alone. A test holds it to the router
 * order by order.
 */
export class Shards {
  readonly policy: PolicyNumbers
  readonly backlog: Float64Array
  readonly buys: Float64Array
  readonly sells: Float64Array
  readonly fee: Float64Array
  readonly ramp: Uint8Array
  readonly open: Uint8Array
  /** Backlogs at the start of the batch. */
  readonly opening: Float64Array
  /** Effective weights of both segments. */
  readonly effective: readonly [Float64Array, Float64Array]
  /** Where each shard's draws end, by segment. */
  readonly #ends: readonly [Float64Array, Float64Array]
  readonly #starts: readonly [Float64Array, Float64Array]

  constructor(policy: PolicyNumbers) {
    const { shards } = policy
    const list = (): Float64Array => new Float64Array(shards)
    this.policy = policy
    this.backlog = list()
    this.buys = list()
    this.sells = list()
    this.fee = list().fill(1)
    this.ramp = new Uint8Array(shards).fill(3)
    this.open = new Uint8Array(shards).fill(1)
    this.opening = list()
    this.effective = [list(), list()]
    this.#ends = [list(), list()]
    this.#starts = [list(), list()]
  }

  /** @param served ticks, by shard. @param published breaker flags that are known, in place of those that follow from the backlogs. */
  startBatch(served: ArrayLike<number>, published?: ArrayLike<number | boolean>): void {
    for (let j = 0; j < this.policy.shards; j++) this.#advance(j, served[j] ?? 0, published && Boolean(published[j]))
    this.opening.set(this.backlog)
    for (const segment of [0, 1] as const) this.#scale(segment)
  }

  /** The shard whose cell holds a draw; -1 when none has weight. */
  cellOf(segment: 0 | 1, draw: number): number {
    const starts = this.#starts[segment]
    const ends = this.#ends[segment]
    for (let j = starts.length - 1; j >= 0; j--) if ((starts[j] ?? 0) <= draw && draw < (ends[j] ?? 0)) return j
    return -1
  }

  /** Takes an order, if the shard has room for it. */
  take(j: number, { size, side }: SimOrder): boolean {
    const work = size * (this.policy.tau[j] ?? 0)
    const after = (this.backlog[j] ?? 0) + work
    if (after > (this.policy.limit[j] ?? 0)) return false
    this.backlog[j] = after
    const flow = side === 0 ? this.buys : this.sells
    flow[j] = (flow[j] ?? 0) + work
    return true
  }

  #advance(j: number, served: number, published: boolean | undefined): void {
    const { trip, reset, skew, target, feeMin, feeMax } = this.policy
    const backlog = Math.max(0, (this.backlog[j] ?? 0) - served)
    const buys = (this.buys[j] ?? 0) - Math.floor((this.buys[j] ?? 0) / 8)
    const sells = (this.sells[j] ?? 0) - Math.floor((this.sells[j] ?? 0) / 8)
    const calm = Math.abs(buys - sells) < (skew[j] ?? 0)
    const wasOpen = this.open[j] === 1
    const open = published ?? (calm && backlog < ((wasOpen ? trip[j] : reset[j]) ?? 0))
    const fee = this.fee[j] ?? 0
    const step = Math.floor(fee / 32) + 1
    const wanted = backlog > (target[j] ?? 0) ? fee + step : fee - step
    this.backlog[j] = backlog
    this.buys[j] = buys
    this.sells[j] = sells
    this.fee[j] = Math.max(feeMin, Math.min(feeMax, wanted))
    this.ramp[j] = open && wasOpen ? Math.min(3, (this.ramp[j] ?? 0) + 1) : 0
    this.open[j] = open ? 1 : 0
  }

  #scale(segment: 0 | 1): void {
    const { shards, limit, weights } = this.policy
    const effective = this.effective[segment]
    let sum = 0
    for (let j = 0; j < shards; j++) {
      const [backlog, most] = [this.opening[j] ?? 0, limit[j] ?? 0]
      const headroom = Number(4 * backlog < 3 * most) + Number(4 * backlog < 2 * most) + Number(4 * backlog < most)
      const weight = this.open[j] === 1 ? (weights[segment][j] ?? 0) * (headroom + 1) * ((this.ramp[j] ?? 0) + 1) : 0
      effective[j] = weight
      sum += weight
    }
    let below = 0
    for (let j = 0; j < shards; j++) {
      this.#starts[segment][j] = sum === 0 ? 0 : Math.floor((DRAWS * below) / sum)
      below += effective[j] ?? 0
      this.#ends[segment][j] = sum === 0 ? 0 : Math.floor((DRAWS * below) / sum)
    }
  }
}
