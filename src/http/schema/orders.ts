import { z } from 'zod'
import { isFieldElement, modField } from '../../base/field.ts'
import { Lots, SEGMENTS, SIDES } from '../../order/order.ts'
import type { OrderStatus } from '../../service/api.ts'
import { BATCH_STATES } from '../../statement/batch-state.ts'
import type { Wire } from '../wire.ts'
import { Fault } from './problem.ts'
import { ReceiptView } from './receipt.ts'
import { FieldDecimal, Hash } from './scalars.ts'

/** Orders in one request. */
export const MOST_ORDERS = 256

/** `details` as a client library sends them (a field element) or as anyone can (any 32 bytes, taken mod p). */
const Details = z
  .string()
  .regex(
    /^(0x[0-9a-fA-F]{64}|0|[1-9][0-9]{0,77})$/,
    'expected a field element in decimal digits, or 32 bytes in 0x-prefixed hex',
  )
  .transform((text) => (text.startsWith('0x') ? modField(BigInt(text)) : BigInt(text)))
  .refine(isFieldElement, 'expected a value below the BN254 scalar field; only hex is reduced')
  .meta({
    description:
      'What the router cannot read: the digest of the order’s terms as a field element in decimal digits, or any 32 bytes in 0x-prefixed hex, which are reduced modulo the BN254 scalar field. Needs 128 random bits to hide the order.',
    example: '0x5eed000000000000000000000000000000000000000000000000000000000001',
  })

/** One order of a request; its segment is the key's, said or not. */
export const OrderRequest = z
  .strictObject({
    size: Lots.meta({ description: 'Whole lots.', example: 250 }),
    side: z.enum(SIDES),
    details: Details,
    segment: z.enum(SEGMENTS).optional().meta({ description: "Must be the key's class when it is given." }),
  })
  .meta({ id: 'Order' })
export type OrderRequest = z.output<typeof OrderRequest>

/** What `POST /v1/orders` takes, for the documentation; the handler parses orders one by one, as each has its own result. */
export const OrdersBody = z.union([
  OrderRequest,
  z.strictObject({ orders: z.array(OrderRequest).min(1).max(MOST_ORDERS) }),
  z.array(OrderRequest).min(1).max(MOST_ORDERS),
])

/** A list as the whole body, before its orders are looked at: each has its own result. */
export const OrderList = z.array(z.unknown()).min(1).max(MOST_ORDERS)
/** The same under `orders`. */
export const OrderListObject = z.strictObject({ orders: OrderList })

/** An order that has its receipt. */
export const PlacedView = z
  .strictObject({
    status: z.enum(['accepted', 'deferred', 'sealed']).meta({
      description:
        'Deferred: no shard had room; send it again. Sealed: the order has its place, and the draw of its batch tells what it comes to.',
    }),
    commitment: FieldDecimal,
    receipt: ReceiptView,
  })
  .meta({ id: 'PlacedOrder' })

/** Why one order of a list got none. */
export const RefusalView = z
  .strictObject({
    code: z.enum([
      'REQUEST_INVALID',
      'ORDER_TOO_LARGE',
      'ORDER_ALREADY_ACCEPTED',
      'ORDER_ALREADY_IN_BATCH',
      'SEGMENT_MISMATCH',
      'BACK_PRESSURE',
    ]),
    detail: z.string(),
    errors: z.array(Fault).optional().meta({ description: 'REQUEST_INVALID: pointers are into this order.' }),
    largestSize: z.int().min(0).optional().meta({ description: 'ORDER_TOO_LARGE: what would fit, in lots.' }),
    retryAfterMs: z.number().min(0).optional().meta({ description: 'BACK_PRESSURE: when to send it again.' }),
    receipt: ReceiptView.optional().meta({ description: 'ORDER_ALREADY_…: the receipt that stands.' }),
  })
  .meta({ id: 'Refusal' })

const RefusedView = z
  .strictObject({
    status: z.literal('refused'),
    commitment: FieldDecimal.optional().meta({ description: 'Absent when the order does not fit its schema.' }),
    refusal: RefusalView,
  })
  .meta({ id: 'RefusedOrder' })

/** One result an order, in the order of the request. */
export const ResultsView = z
  .strictObject({ results: z.array(z.discriminatedUnion('status', [PlacedView, RefusedView])) })
  .meta({ id: 'OrderResults' })

/** What `GET /v1/orders/{commitment}` answers. */
export const OrderStatusView = z
  .strictObject({
    commitment: FieldDecimal,
    entries: z
      .array(
        z.strictObject({
          receipt: ReceiptView,
          batchState: z.enum(BATCH_STATES),
          outcome: z
            .int()
            .min(0)
            .max(254)
            .optional()
            .meta({ description: 'Of a sealed receipt, once its batch is drawn: 0 deferred, else shard + 1.' }),
          inclusion: z
            .strictObject({ orderRoot: Hash, path: z.array(Hash), record: Hash })
            .optional()
            .meta({ description: "Once the batch is accepted: siblings from the slot's leaf to the order root." }),
        }),
      )
      .meta({ description: 'Oldest first; a deferred order may have come again.' }),
  })
  .meta({ id: 'OrderStatus' }) satisfies z.ZodType<Wire<OrderStatus>>
