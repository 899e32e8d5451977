import { z } from 'zod'
import type { Order } from '../../order/order.ts'
import type { Caller, OrderOutcome, OrderRefusal, ServiceApi } from '../../service/api.ts'
import { endpoint } from '../endpoint.ts'
import { faultsOf, parsePart } from '../parse.ts'
import { HttpError, type RequestFault } from '../problem.ts'
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
  ],
  handle: ({ body, caller }, service) => {
    if (Array.isArray(body)) return submitList(parsePart(OrderList, body, 'body'), caller, service)
    if (typeof body === 'object' && body !== null && Object.hasOwn(body, 'orders'))
      return submitList(parsePart(OrderListObject, body, 'body').orders, caller, service)
    return submitOne(parsePart(OrderRequest, body, 'body'), caller, service)
  },
})

export const getOrder = endpoint({
  id: 'orderStatus',
  method: 'get',
  path: '/v1/orders/{commitment}',
  summary: "An order's receipts, batches and inclusion path",
  params: z.strictObject({ commitment: Commitment }),
  answers: { 200: { description: 'All that is known of the commitment.', schema: OrderStatusView } },
  problems: ['ORDER_NOT_FOUND'],
  handle: async ({ params }, service) => {
    const status = await service.orderStatus(params.commitment)
    if (!status) throw new HttpError('ORDER_NOT_FOUND', 'there is no receipt for this commitment')
    return json(200, status)
  },
})

async function submitOne(request: OrderRequest, caller: Caller, service: ServiceApi): Promise<Reply> {
  const [outcome] = await service.submitOrders([orderOf(request, caller)], caller)
  if (!outcome) throw new HttpError('INTERNAL', 'the service gave no outcome')
  if (outcome.status !== 'refused') return json(201, outcome, `/v1/orders/${outcome.commitment}`)
  const { code, message, ...facts } = outcome.refusal
  throw new HttpError(code, message, { facts: { commitment: outcome.commitment, ...facts } })
}

/** Orders that do not fit their schema keep their place among the results and never reach the service. */
async function submitList(items: readonly unknown[], caller: Caller, service: ServiceApi): Promise<Reply> {
  const parsed = items.map((item) => OrderRequest.safeParse(item))
  const orders = parsed.flatMap(({ data }) => (data ? [orderOf(data, caller)] : []))
  const outcomes = orders.length === 0 ? [] : await service.submitOrders(orders, caller)
  const waits = outcomes.map(retryAfterOf)
  if (outcomes.length === items.length && waits.every((wait) => wait !== undefined))
    throw new HttpError('BACK_PRESSURE', 'no receipts now', { facts: { retryAfterMs: Math.max(...waits) } })
  const left = outcomes[Symbol.iterator]()
  return json(200, {
    results: parsed.map(({ error }) => (error ? invalid(faultsOf(error, 'body')) : resultOf(left.next().value))),
  })
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
