import { z } from 'zod'
import { packWord, type WordLayout } from '../base/pack.ts'
import { poseidon } from '../base/poseidon.ts'
import { FieldElement } from '../base/schema.ts'

/** Names of the side bit, in its order. */
export const SIDES = ['buy', 'sell'] as const
export type Side = (typeof SIDES)[number]

/** Names of the segment bit, in its order; attested by the class of the caller's API key. */
export const SEGMENTS = ['retail', 'institutional'] as const
export type Segment = (typeof SEGMENTS)[number]

/** Whole lots, 1 … 2^32 − 1. */
export const Lots = z
  .int()
  .min(1)
  .max(2 ** 32 - 1)

/** A private order as the router sees it; `details` stays opaque to it. */
export const Order = z.strictObject({
  size: Lots,
  side: z.enum(SIDES),
  segment: z.enum(SEGMENTS),
  details: FieldElement,
})
export type Order = z.infer<typeof Order>

const ORDER_WORD = [
  ['size', 32],
  ['side', 1],
  ['segment', 1],
] as const satisfies WordLayout<string>

/** `size + 2^32·side + 2^33·segment`: what the router knows of an order. */
export const orderWord = ({ size, side, segment }: Omit<Order, 'details'>): bigint =>
  packWord(ORDER_WORD, {
    size: BigInt(size),
    side: BigInt(SIDES.indexOf(side)),
    segment: BigInt(SEGMENTS.indexOf(segment)),
  })

/** `c = Poseidon(orderWord, details)`: hiding because details holds at least 128 random bits, binding by Poseidon (protocol, section 1). */
export const commitmentOf = (order: Order): bigint => poseidon([orderWord(order), order.details])
