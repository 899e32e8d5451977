/** Routers for the fairness test, honest and not: they publish batches as a ledger would, from flow that is drawn anew each time. */
import type { FlowModel } from '../../../src/fairness/flow-model.ts'
import type { ObservedBatch } from '../../../src/fairness/observed.ts'
import { randomFrom } from '../../../src/simulate/random.ts'
import { type PolicyNumbers, Shards, type SimOrder } from '../../../src/simulate/shards.ts'

/** What a router does with a part of the flow. */
export interface Cheat {
  /**
   * - `hold`: keeps orders for the next batch that would go to a shard of the other half, though they could go to one of the favoured half.
   * - `hide`: the same, but lets some time pass before the next batch, so that it does not open at once.
   * - `cut`: closes batches early.
   * - `stuff`: adds orders of its own, ground so that they land on the favoured shard.
   */
  readonly way: 'hold' | 'hide' | 'cut' | 'stuff'
  /** Share of the flow, 0 … 1. */
  readonly share: number
}

export interface RouterSettings {
  readonly policy: PolicyNumbers
  readonly flow: FlowModel
  readonly orders: number
  /** Orders a second. */
  readonly rate: number
  readonly slots: number
  readonly age: number
  readonly cheat?: Cheat | undefined
}

/** Where a router's own orders go. */
const FAVOURED = 0

interface Pending extends SimOrder {
  readonly draws: readonly [number, number]
  readonly time: number
}

/** Publishes one run. */
export function publish(settings: RouterSettings, seed: number): ObservedBatch[] {
  const { policy, orders, rate, flow, slots, age, cheat } = settings
  const random = randomFrom(seed)
  const arrivals: Pending[] = []
  let time = 0
  for (let i = 0; i < orders; i++) {
    time += (1e6 / rate) * random.exponential()
    arrivals.push({ ...flow.next(random), draws: [random.draw(), random.draw()], time })
  }
  const shards = new Shards(policy)
  const batches: ObservedBatch[] = []
  const served = new Float64Array(policy.shards)
  let held: Pending[] = []
  let [seen, kept] = [0, 0]
  let last: number | undefined
  for (let at = 0; at < arrivals.length || held.length > 0; ) {
    const closing =
      last === undefined ? 0 : (batches.at(-1)?.time ?? 0) + closingAge(batches.at(-1), slots, age, arrivals[at])
    // Orders that were held back open the next batch as soon as there can be one.
    const pause = cheat?.way === 'hide' ? (1e6 / rate) * random.exponential() : 0
    const opened = held.length > 0 ? closing + pause : (arrivals[at]?.time ?? closing)
    const ends = opened + (cheat?.way === 'cut' && random.unit() < cheat.share ? age * random.unit() : age)
    const batch: Pending[] = held.map((order) => ({ ...order, time: opened }))
    held = []
    while (batch.length < slots && (arrivals[at]?.time ?? Number.POSITIVE_INFINITY) < ends) {
      const order = arrivals[at++]
      if (order) batch.push(order)
    }
    shards.startBatch(served.fill(last === undefined ? 0 : opened - last))
    last = opened
    const assignments: number[] = []
    const assign = (order: Pending): void => {
      const shard = choose(shards, order)
      assignments.push(shard >= 0 && shards.take(shard, order) ? shard + 1 : 0)
    }
    for (const order of batch) {
      seen++
      if (wantsHolding(shards, order, opened) && holds(cheat) && kept < cheat.share * seen) {
        kept++
        held.push(order)
      } else assign(order)
      if (cheat?.way === 'stuff' && assignments.length < slots && random.unit() < cheat.share) {
        const own = flow.next(random)
        assignments.push(shards.take(FAVOURED, own) ? FAVOURED + 1 : 0)
      }
    }
    if (assignments.length === 0) continue
    batches.push({
      index: BigInt(batches.length),
      time: opened,
      orderCounter: batches.reduce((sum, { assignments }) => sum + assignments.length, 0),
      slots,
      assignments,
      open: [...shards.open].map(Boolean),
      fees: [...shards.fee],
      served: [...served],
      policy,
    })
  }
  return batches
}

function closingAge(batch: ObservedBatch | undefined, slots: number, age: number, next: Pending | undefined): number {
  if (!batch) return 0
  return batch.assignments.length >= slots
    ? Math.min(age, Math.max(1, (next?.time ?? batch.time + age) - batch.time))
    : age
}

function choose(shards: Shards, { segment, draws }: Pending): number {
  const [first, second] = draws.map((draw) => shards.cellOf(segment, draw))
  if (first === undefined || second === undefined || first < 0 || second < 0) return -1
  return (shards.opening[second] ?? 0) < (shards.opening[first] ?? 0) ? second : first
}

/** An order that could go to the favoured half and would not; nobody is held twice. */
function wantsHolding(shards: Shards, order: Pending, opened: number): boolean {
  if (order.time === opened) return false
  const isFavoured = (shard: number): boolean => shard >= 0 && shard < shards.policy.shards / 2
  return (
    order.draws.some((draw) => isFavoured(shards.cellOf(order.segment, draw))) && !isFavoured(choose(shards, order))
  )
}

const holds = (cheat: Cheat | undefined): cheat is Cheat => cheat?.way === 'hold' || cheat?.way === 'hide'
