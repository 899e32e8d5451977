import { type Kysely, sql } from 'kysely'
import type { Tables } from './store/tables.ts'

type QuotaTables = { order_quota: { holder: string; day: number; orders: number } }

const DAY_MS = 86_400_000

/** What is left of a quota. */
export interface QuotaLeft {
  readonly left: number
  /** Until the next UTC day, ms. */
  readonly resetMs: number
}

/** What the HTTP edge needs to count orders. */
export interface OrderCounter {
  /**
   * Takes orders from a holder's day, all or none.
   * @returns whether they were taken, and what is left.
   */
  take(holder: string, orders: number, perDay: number): Promise<QuotaLeft & { readonly taken: boolean }>
  /** Gives back what was taken for orders that got no receipt. */
  giveBack(holder: string, orders: number): Promise<void>
}

/** Orders a UTC day by holder, counted in the store: restarts and other processes count with it. */
export class OrderQuota implements OrderCounter {
  readonly #db: Kysely<QuotaTables>
  readonly #now: () => number

  constructor(db: Kysely<Tables>, now: () => number = Date.now) {
    this.#db = db.withTables<QuotaTables>()
    this.#now = now
  }

  async take(holder: string, orders: number, perDay: number): Promise<QuotaLeft & { readonly taken: boolean }> {
    const { day, resetMs } = this.#today()
    const used = sql<string>`case when order_quota.day = ${day} then order_quota.orders else 0 end`
    await this.#db
      .insertInto('order_quota')
      .values({ holder, day, orders: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const row = await this.#db
      .updateTable('order_quota')
      .set({ day, orders: sql`${used} + ${orders}` })
      .where('holder', '=', holder)
      .where(sql<boolean>`${used} + ${orders} <= ${perDay}`)
      .returning('orders')
      .executeTakeFirst()
    if (row) return { taken: true, left: perDay - Number(row.orders), resetMs }
    const standing = await this.#db
      .selectFrom('order_quota')
      .selectAll()
      .where('holder', '=', holder)
      .executeTakeFirst()
    const known = standing?.day === day ? Number(standing.orders) : 0
    return { taken: false, left: Math.max(0, perDay - known), resetMs }
  }

  async giveBack(holder: string, orders: number): Promise<void> {
    await this.#db
      .updateTable('order_quota')
      .set((eb) => ({ orders: eb('orders', '-', orders) }))
      .where('holder', '=', holder)
      .where('day', '=', this.#today().day)
      .where('orders', '>=', orders)
      .execute()
  }

  #today(): { day: number; resetMs: number } {
    const now = this.#now()
    const day = Math.floor(now / DAY_MS)
    return { day, resetMs: (day + 1) * DAY_MS - now }
  }
}
