import { z } from 'zod'
import { jsonText } from '../../base/json.ts'
import { Uint } from '../../base/schema.ts'
import { Order } from '../../order/order.ts'
import { CliError } from '../shared/exit.ts'
import { readBundle } from './against.ts'

/** Orders whose openings held, as `fairlead audit openings check --out` writes them. */
const OpenedFile = z.strictObject({
  format: z.literal('fairlead-opened/1'),
  orders: z.array(Order.extend({ batch: Uint(64), slot: z.int().min(0), assignment: z.int().min(0).max(255) })),
})
export type OpenedOrder = z.infer<typeof OpenedFile>['orders'][number]

/** A file of opened orders, as {@link readOpenedOrders} takes it. */
export const openedText = (orders: readonly OpenedOrder[]): string =>
  `${jsonText({ format: 'fairlead-opened/1', orders })}\n`

/** @throws CliError FILE_UNREADABLE, JSON_INVALID. */
export async function readOpenedOrders(file: string): Promise<OpenedOrder[]> {
  const { data } = OpenedFile.safeParse(await readBundle(file))
  if (data) return data.orders
  throw new CliError(
    'JSON_INVALID',
    `${file} holds no opened orders; "fairlead audit openings check --out" writes them`,
  )
}
