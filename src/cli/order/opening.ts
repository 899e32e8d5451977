import { modField } from '../../base/field.ts'
import { commitmentOf } from '../../order/order.ts'
import type { OrderBody } from '../service-client.ts'

/** Everything that opens an order's commitment. Private: who has it knows the order. */
export interface Opening {
  readonly size: number
  readonly side: OrderBody['side']
  readonly segment: OrderBody['segment']
  /** The field element that entered the commitment. */
  readonly details: bigint
  readonly commitment: bigint
}

/** The opening of an order as the service takes it: hex details are reduced mod p. */
export function openingOf({ size, side, segment, details }: OrderBody): Opening {
  const order = { size, side, segment, details: modField(BigInt(details)) }
  return { ...order, commitment: commitmentOf(order) }
}
