import { z } from 'zod'
import type { Order } from '../../order/order.ts'
import type { Caller, OrderOutcome, OrderRefusal } from '../../service/api.ts'
import type { CheckedKey } from '../../service/api-keys.ts'
import { endpoint } from '../endpoint.ts'
import { faultsOf, parsePart } from '../parse.ts'
import { HttpError, type RequestFault } from '../problem.ts'
import { type OrderDesk, submitWithin } from '../quota.ts'
import { json, type Reply } from '../reply.ts'
import {
  OrderList,
  OrderListObject,
  OrderRequest,
  OrderStatusView,
  OrdersBody,
  PlacedView,
  ResultsView,
} from '../schema/orders.ts'
import { Commitment } from '../schema/scalars.ts'

export const postOrders = endpoint({
  id: 'submitOrders',
  method: 'post',
  path: '/v1/orders',
  summary: 'Send one order, or up to 256',
  description:
    'One order answers with its receipt or with a problem. A list, bare or under `orders`, answers with one result an order, in the same order, also for orders that do not fit their schema; it is 503 only when every order met back-pressure.',
  scope: 'orders:write',
  body: z.unknown(),
  bodyInDocument: OrdersBody,
  idempotent: true,
  answers: {
    200: { description: 'A list: one result an order.', schema: ResultsView },
    201: { description: 'One order: its receipt.', schema: PlacedView, location: true },
  },
  problems: [
    'ORDER_TOO_LARGE',
    'ORDER_ALREADY_ACCEPTED',
    'ORDER_ALREADY_IN_BATCH',
    'SEGMENT_MISMATCH',
    'BACK_PRESSURE',
    'QUOTA_EXCEEDED',
  ],
  handle: ({ body, caller }, desk) => {
    if (Array.isArray(body)) return submitList(parsePart(OrderList, body, 'body'), caller, desk)
    if (typeof body === 'object' && body !== null && Object.hasOwn(body, 'orders'))
      return submitList(parsePart(OrderListObject, body, 'body').orders, caller, desk)
    return submitOne(parsePart(OrderRequest, body, 'body'), caller, desk)
  },
})

export const getOrder = endpoint({
  id: 'orderStatus',
  method: 'get',
  path: '/v1/orders/{commitment}',
  summary: "An order's receipts, batches and inclusion path",
  description:
    'Of the orders that this key sent; those of other keys look as if there were none, unless the key has `orders:read-all`.',
  scope: 'orders:read',
  revalidated: true,
  params: z.strictObject({ commitment: Commitment }),
  answers: { 200: { description: 'All that is known of the commitment.', schema: OrderStatusView } },
  problems: ['ORDER_NOT_FOUND'],
  handle: async ({ params, caller }, { service }) => {
    const reader = caller.scopes.includes('orders:read-all') ? undefined : caller
    const status = await service.orderStatus(params.commitment, reader)
    if (!status) throw new HttpError('ORDER_NOT_FOUND', 'there is no receipt for this commitment')
    return json(200, status)
  },
})

async function submitOne(request: OrderRequest, caller: CheckedKey, desk: OrderDesk): Promise<Reply> {
  const { outcomes, standing } = await submitWithin(desk, [orderOf(request, caller)], caller)
  const [outcome] = outcomes
  if (!outcome) throw new HttpError('INTERNAL', 'the service gave no outcome')
  if (outcome.status !== 'refused') return { ...json(201, outcome, `/v1/orders/${outcome.commitment}`), standing }
  const { code, message, ...facts } = outcome.refusal
  throw new HttpError(code, message, { facts: { commitment: outcome.commitment, ...facts } })
}

/** Orders that do not fit their schema keep their place among the results and never reach the service. */
async function submitList(items: readonly unknown[], caller: CheckedKey, desk: OrderDesk): Promise<Reply> {
  const parsed = items.map((item) => OrderRequest.safeParse(item))
  const orders = parsed.flatMap(({ data }) => (data ? [orderOf(data, caller)] : []))
  const { outcomes, standing } = await submitWithin(desk, orders, caller)
  const waits = outcomes.map(retryAfterOf)
  if (outcomes.length === items.length && waits.every((wait) => wait !== undefined))
    throw new HttpError('BACK_PRESSURE', 'no receipts now', { facts: { retryAfterMs: Math.max(...waits) } })
  const left = outcomes[Symbol.iterator]()
  const results = parsed.map(({ error }) => (error ? invalid(faultsOf(error, 'body')) : resultOf(left.next().value)))
  return { ...json(200, { results }), standing }
}

const orderOf = ({ segment, ...order }: OrderRequest, caller: Caller): Order => ({
  ...order,
  segment: segment ?? caller.segment,
})

/** ms to wait when the outcome is back-pressure. */
const retryAfterOf = (outcome: OrderOutcome): number | undefined =>
  outcome.status === 'refused' && outcome.refusal.code === 'BACK_PRESSURE'
    ? (outcome.refusal.retryAfterMs ?? 1000)
    : undefined

const invalid = (errors: readonly RequestFault[]) => ({
  status: 'refused',
  refusal: { code: 'REQUEST_INVALID', detail: 'the order does not fit its schema', errors },
})

function resultOf(outcome: OrderOutcome | undefined) {
  if (!outcome) throw new HttpError('INTERNAL', 'the service gave too few outcomes')
  if (outcome.status !== 'refused') return outcome
  return { status: outcome.status, commitment: outcome.commitment, refusal: refusalOf(outcome.refusal) }
}

const refusalOf = ({ message, ...refusal }: OrderRefusal) => ({ ...refusal, detail: message })
