import type { Order } from '../order/order.ts'
import type { OrderOutcome, ServiceApi } from '../service/api.ts'
import type { CheckedKey } from '../service/api-keys.ts'
import type { OrderCounter } from '../service/order-quota.ts'
import type { Standing } from './limits.ts'
import { HttpError } from './problem.ts'

const DAY_S = 86_400

/** Where orders go, and who counts them. */
export interface OrderDesk {
  readonly service: ServiceApi
  readonly quota: OrderCounter
}

/**
 * Sends orders within the key's quota, all or none of them. Those that get no receipt do not count.
 * @returns their outcomes, and how the quota stands when there is one.
 * @throws HttpError QUOTA_EXCEEDED.
 */
export async function submitWithin(
  { service, quota }: OrderDesk,
  orders: readonly Order[],
  caller: CheckedKey,
): Promise<{ outcomes: OrderOutcome[]; standing?: Standing }> {
  const perDay = caller.limits.ordersPerDay
  if (orders.length === 0) return { outcomes: [] }
  if (perDay === undefined) return { outcomes: await service.submitOrders(orders, caller) }
  const { taken, left, resetMs } = await quota.take(caller.keyId, orders.length, perDay)
  if (!taken)
    throw new HttpError('QUOTA_EXCEEDED', `${left} of the ${perDay} orders of the day are left`, {
      facts: { left, retryAfterMs: resetMs },
    })
  let refused = orders.length
  try {
    const outcomes = await service.submitOrders(orders, caller)
    refused = outcomes.filter(({ status }) => status === 'refused').length
    const standing = { name: 'orders', quota: perDay, windowS: DAY_S, left: left + refused, resetMs }
    return { outcomes, standing }
  } finally {
    if (refused > 0) await quota.giveBack(caller.keyId, refused)
  }
}
