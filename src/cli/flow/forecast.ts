import type { FlowOrder } from './orders.ts'

/** Orders a second that snarkjs proves at N = 8 on two cores; the pace until the service's own is seen. */
export const PROVER_PACE = 6

/** What a replay will take. */
export interface Forecast {
  readonly orders: number
  /** Span of the flow on the tape, s. */
  readonly flowS: number
  /** Time to send it, s. */
  readonly sendS: number
  /** Time until the last batch is accepted, s: the slower of sending and proving. */
  readonly totalS: number
}

/** @param speed times faster than it happened. @param pace orders a second that the prover takes. */
export function forecast(orders: readonly FlowOrder[], speed: number, pace = PROVER_PACE): Forecast {
  const flowS = ((orders.at(-1)?.atMs ?? 0) - (orders[0]?.atMs ?? 0)) / 1000
  const sendS = flowS / speed
  return { orders: orders.length, flowS, sendS, totalS: Math.max(sendS, orders.length / pace) }
}

/** Such as `152 orders over 35 s of tape: about 9 s to send, 25 s until all are proven and accepted`. */
export const describeForecast = ({ orders, flowS, sendS, totalS }: Forecast): string =>
  `${orders} orders over ${span(flowS)} of tape: about ${span(sendS)} to send, ${span(totalS)} until all are proven and accepted`

/** Seconds as people say them. */
export function span(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 120) return `${whole} s`
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`
}
