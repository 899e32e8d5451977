import { setTimeout as delay } from 'node:timers/promises'
import { SEGMENTS, type Segment } from '../../order/order.ts'
import type { OrderResult, ServiceClient } from '../service-client.ts'
import { CliError } from '../shared/exit.ts'
import type { FlowOrder } from './orders.ts'
import { batchOf, emptyTally, noteBatch, type Tally, verdictOf } from './tally.ts'

/** What a replay needs of a service. */
export type OrderTaker = Pick<ServiceClient, 'submit'>

interface ReplayOptions {
  /** Times faster than it happened. */
  readonly speed: number
  /** How often a deferred order is sent again, a second after each answer; 0: never. */
  readonly retryDeferred: number
  readonly interrupted: AbortSignal
  /** Told of each order whose outcome its batch's draw will tell. */
  readonly onSealed?: (commitment: string) => void
  /** Told after every answer. */
  readonly onProgress?: (tally: Readonly<Tally>) => void
}

/** Orders of one segment that are due within a tick go in one request, so that fast flow costs few requests. */
const TICK_MS = 100
/** What the API takes in one request. */
const MOST_ORDERS = 256
const RESEND_MS = 1000

/** An order on its way: due at a time of the replay's own clock (ms). */
interface Pending {
  readonly order: FlowOrder
  readonly due: number
  /** Times that it was deferred. */
  readonly deferrals: number
}

/**
 * Sends a flow of orders at its own pace, times `speed`, to the HTTP API.
 *
 * Every order ends accepted, deferred, sealed or refused as too large. When the service asks to wait, everything waits and nothing is dropped: the flow then
 * runs late, and catches up in larger requests.
 * @param orders in order of time.
 * @throws CliError SERVICE_UNREACHABLE, SERVICE_REFUSED, INTERRUPTED.
 */
export async function replay(client: OrderTaker, orders: readonly FlowOrder[], options: ReplayOptions): Promise<Tally> {
  const tally = emptyTally()
  tally.orders = orders.length
  for (const { segment } of orders) tally[segment]++
  const clock = performance.now()
  const start = orders[0]?.atMs ?? 0
  const fresh = orders.map((order): Pending => ({ order, due: (order.atMs - start) / options.speed, deferrals: 0 }))
  let again: Pending[] = []
  let next = 0
  while (next < fresh.length || again.length > 0) {
    const earliest = Math.min(fresh[next]?.due ?? Number.POSITIVE_INFINITY, ...again.map(({ due }) => due))
    const tick = Math.ceil(earliest / TICK_MS) * TICK_MS
    await wait(tick - (performance.now() - clock), options.interrupted)
    const now = Math.max(tick, performance.now() - clock)
    const due = again.filter((pending) => pending.due <= now)
    again = again.filter((pending) => pending.due > now)
    for (; (fresh[next]?.due ?? Number.POSITIVE_INFINITY) <= now; next++) due.push(...fresh.slice(next, next + 1))
    for (const [segment, group] of groups(due)) {
      const deferred = await send(client, segment, group, tally, options)
      const resendAt = performance.now() - clock + RESEND_MS
      again.push(...deferred.map(({ order, deferrals }) => ({ order, deferrals, due: resendAt })))
    }
  }
  return tally
}

/** Requests in order of time, as far as segments allow: each holds orders of one segment. */
function* groups(due: readonly Pending[]): Generator<[Segment, readonly Pending[]]> {
  for (const segment of SEGMENTS) {
    const list = due.filter(({ order }) => order.segment === segment)
    for (let at = 0; at < list.length; at += MOST_ORDERS) yield [segment, list.slice(at, at + MOST_ORDERS)]
  }
}

/** Sends a group until each order has its answer. @returns those to be sent again later because they were deferred. */
async function send(
  client: OrderTaker,
  segment: Segment,
  group: readonly Pending[],
  tally: Tally,
  options: ReplayOptions,
): Promise<Pending[]> {
  const deferred: Pending[] = []
  for (let left = group; left.length > 0; ) {
    const answer = await client.submit(
      segment,
      left.map(({ order: { size, side, details } }) => ({ size, side, segment, details })),
    )
    const results = 'results' in answer ? answer.results : []
    const waiting = 'results' in answer ? left.filter((_, i) => isWaiting(results[i])) : left
    for (const [i, pending] of left.entries()) settle(results[i], pending, tally, deferred, options)
    options.onProgress?.(tally)
    if (waiting.length > 0) {
      tally.waits++
      await wait('retryAfterMs' in answer ? answer.retryAfterMs : waitOf(results), options.interrupted)
    }
    left = waiting
  }
  return deferred
}

function settle(
  result: OrderResult | undefined,
  pending: Pending,
  tally: Tally,
  deferred: Pending[],
  { retryDeferred, onSealed }: ReplayOptions,
): void {
  if (!result) return
  noteBatch(tally, batchOf(result))
  const verdict = verdictOf(result)
  if (verdict === 'failed' && result.status === 'refused') {
    const { code, detail } = result.refusal
    throw new CliError('SERVICE_REFUSED', `${code}: ${detail}`, { details: { problem: code } })
  }
  if (verdict === 'accepted') tally.accepted++
  if (verdict === 'too-large') tally.tooLarge++
  if (verdict === 'sealed') {
    tally.sealed++
    if (result.commitment !== undefined) onSealed?.(result.commitment)
  }
  if (verdict !== 'deferred') return
  if (pending.deferrals >= retryDeferred) tally.deferred++
  else {
    tally.resent++
    deferred.push({ ...pending, deferrals: pending.deferrals + 1 })
  }
}

const isWaiting = (result: OrderResult | undefined): boolean => result !== undefined && verdictOf(result) === 'wait'

/** The longest wait that the results ask for. */
const waitOf = (results: readonly OrderResult[]): number =>
  Math.max(TICK_MS, ...results.map((result) => (result.status === 'refused' ? (result.refusal.retryAfterMs ?? 0) : 0)))

async function wait(ms: number, interrupted: AbortSignal): Promise<void> {
  if (interrupted.aborted) throw new CliError('INTERRUPTED', 'stopped by Ctrl-C')
  if (ms <= 0) return
  await delay(ms, undefined, { signal: interrupted }).catch((cause: unknown) => {
    throw new CliError('INTERRUPTED', 'stopped by Ctrl-C', { cause })
  })
}
