import type { FlowOrder } from './orders.ts'

/** What a service of the default kind does with a flow: slots of a batch, its age when it closes, and a proof by snarkjs on two cores. */
export const DEFAULT_PACE = { slots: 8, batchMs: 500, proofMs: 1300 } as const
type Pace = Readonly<Record<keyof typeof DEFAULT_PACE, number>>

/** What a replay will take. */
export interface Forecast {
  readonly orders: number
  /** Batches that the orders will make, if none is slow to come. */
  readonly batches: number
  /** Span of the flow on the tape, s. */
  readonly flowS: number
  /** Time to send it, s. */
  readonly sendS: number
  /** Time until the last batch is accepted, s: the slower of sending and proving. */
  readonly totalS: number
}

/** @param speed times faster than it happened. */
export function forecast(orders: readonly FlowOrder[], speed: number, pace: Pace = DEFAULT_PACE): Forecast {
  const flowS = ((orders.at(-1)?.atMs ?? 0) - (orders[0]?.atMs ?? 0)) / 1000
  const sendS = flowS / speed
  const batches = batchesOf(orders, speed, pace)
  return { orders: orders.length, batches, flowS, sendS, totalS: Math.max(sendS, (batches * pace.proofMs) / 1000) }
}

/** A batch opens with its first order and closes when it is full or old. */
function batchesOf(orders: readonly FlowOrder[], speed: number, { slots, batchMs }: Pace): number {
  let batches = 0
  let opened = Number.NEGATIVE_INFINITY
  let filled = 0
  for (const { atMs } of orders) {
    if (batches === 0 || filled === slots || (atMs - opened) / speed >= batchMs) {
      batches++
      opened = atMs
      filled = 0
    }
    filled++
  }
  return batches
}

/** Such as `forecast: 152 orders over 35 s of tape in 22 batches; 9 s to send, about 29 s until all are proven and accepted`. */
export const describeForecast = ({ orders, batches, flowS, sendS, totalS }: Forecast): string =>
  `forecast: ${orders} orders over ${span(flowS)} of tape in ${batches} batches; ${span(sendS)} to send, about ${span(totalS)} until all are proven and accepted`

/** Seconds as people say them. */
export function span(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 120) return `${whole} s`
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`
}
