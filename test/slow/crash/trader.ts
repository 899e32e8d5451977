import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { modField } from '../../../src/base/field.ts'
import type { FlowOrder } from '../../../src/cli/flow/orders.ts'
import { commitmentOf } from '../../../src/order/order.ts'
import { Receipt } from '../../../src/order/receipt.ts'
import type { Keys } from './service.ts'

/** A receipt as it came, with its signature. */
export const HeldReceipt = z.strictObject({ ...Receipt.shape, signature: z.string() })
export type HeldReceipt = z.infer<typeof HeldReceipt>

const Refusal = z.looseObject({ code: z.string(), receipt: HeldReceipt.optional() })
const Results = z.object({
  results: z.array(z.looseObject({ status: z.string(), receipt: HeldReceipt.optional(), refusal: Refusal.optional() })),
})
const Problem = z.looseObject({ code: z.string() })

/** Where the service is now, if it is. */
export interface Address {
  readonly url: string
  readonly keys: Keys
}

interface Tried {
  readonly commitment: bigint
  readonly body: Readonly<{ size: number; side: string; details: string }>
  readonly segment: 'retail' | 'institutional'
  outcome?: string
}

/** Answers after which the same request is sent again. */
const PASSING = ['IDEMPOTENCY_IN_PROGRESS', 'NOT_READY', 'BACK_PRESSURE', 'INTERNAL']
const AGAIN_MS = 50

/**
 * A client of the test's own, over bare HTTP: sends orders of a tape in small lists, remembers every receipt that it is given, and sends whatever got no
 * answer again under the same idempotency key.
 */
export class Trader {
  /** By commitment, whatever became of them. */
  readonly orders = new Map<bigint, Tried>()
  /** Every receipt that ever came, as often as it came. */
  readonly receipts: HeldReceipt[] = []
  /** Answers that no client should get. */
  readonly surprises: string[] = []
  /** Requests that were cut off and sent again. */
  resent = 0
  readonly #tape: readonly FlowOrder[]
  readonly #where: () => Address | undefined
  readonly #underWay = new Set<Promise<void>>()
  #next = 0
  #gone = false

  constructor(tape: readonly FlowOrder[], where: () => Address | undefined) {
    this.#tape = tape
    this.#where = where
  }

  get waiting(): number {
    return this.#underWay.size
  }

  /** Sends the next orders of the tape, as one list for each segment; does not wait for the answers. */
  send(count: number): void {
    const next = Array.from({ length: count }, () => this.#order())
    for (const segment of ['retail', 'institutional'] as const) {
      const list = next.filter((order) => order.segment === segment)
      if (list.length > 0) this.#track(this.#place(list))
    }
  }

  /** Sends an order again that was accepted, under a new key: the receipt that stands must come back. */
  sendAgain(pick: number): void {
    const placed = [...this.orders.values()].filter(({ outcome }) => outcome === 'accepted')
    const order = placed[Math.floor(pick * placed.length)]
    if (order) this.#track(this.#place([order]))
  }

  /** Sends nothing more: the test is over, well or not. */
  leave(): void {
    this.#gone = true
  }

  /** Resolves when every order has its answer. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  #order(): Tried {
    const { size, side, segment } = this.#tape[this.#next++ % this.#tape.length] ?? {
      size: 1,
      side: 'buy',
      segment: 'retail',
    }
    const details = modField(BigInt(`0x${randomUUID().replaceAll('-', '')}${randomUUID().replaceAll('-', '')}`))
    const commitment = commitmentOf({ size, side, segment, details })
    const order: Tried = { commitment, body: { size, side, details: `${details}` }, segment }
    this.orders.set(commitment, order)
    return order
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#underWay.delete(tracked))
    this.#underWay.add(tracked)
  }

  async #place(orders: readonly Tried[]): Promise<void> {
    for (let left = orders; left.length > 0 && !this.#gone; ) {
      const results = await this.#ask(left)
      const pressed: Tried[] = []
      left.forEach((order, i) => {
        const { status, receipt, refusal } = results[i] ?? { status: 'missing' }
        const held = receipt ?? refusal?.receipt
        if (held) this.receipts.push(held)
        if (refusal?.code === 'BACK_PRESSURE') pressed.push(order)
        else if (held) order.outcome = held.assignment > 0 ? 'accepted' : (order.outcome ?? 'deferred')
        else order.outcome ??= refusal?.code ?? status
      })
      left = pressed
      if (left.length > 0) await delay(5 * AGAIN_MS)
    }
  }

  /** One list under one key, until it is answered. */
  async #ask(orders: readonly Tried[]): Promise<z.infer<typeof Results>['results']> {
    const [idempotencyKey, segment] = [randomUUID(), orders[0]?.segment ?? 'retail']
    const body = JSON.stringify({ orders: orders.map((order) => order.body) })
    while (!this.#gone) {
      const where = this.#where()
      const answer = where && (await this.#post(where, segment, body, idempotencyKey))
      if (answer?.ok) return Results.parse(answer.json).results
      if (answer) {
        const code = Problem.safeParse(answer.json).data?.code ?? 'no problem document'
        if (!PASSING.includes(code)) this.#surprise(`${code}: ${JSON.stringify(answer.json)}`)
      }
      if (where && !answer) this.resent++
      await delay(AGAIN_MS)
    }
    return []
  }

  async #post({ url, keys }: Address, segment: keyof Keys, body: string, idempotencyKey: string) {
    try {
      const response = await fetch(`${url}/v1/orders`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${keys[segment]}`,
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
        },
        body,
      })
      return { ok: response.ok, json: (await response.json()) as unknown }
    } catch {
      return undefined
    }
  }

  #surprise(text: string): void {
    if (!this.surprises.includes(text)) this.surprises.push(text)
  }
}
