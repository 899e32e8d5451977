import { commitmentOf, type Order } from '../order/order.ts'
import type { Caller, OrderOutcome } from './api.ts'
import { type Stop, stopFor } from './gate.ts'
import type { LaneContext } from './lane-context.ts'
import type { Ticket } from './turn.ts'

/** A ticket with the place in its call where the answer goes. */
export interface WaitingOrder extends Ticket {
  answer(outcome: OrderOutcome): void
}

/** The refusal of an order while receipts stop. */
export const stopped = (commitment: bigint, { message, retryAfterMs }: Stop): OrderOutcome => ({
  status: 'refused',
  commitment,
  refusal: { code: 'BACK_PRESSURE', message, retryAfterMs },
})

/** Orders that wait for their slots, first come first served, up to a bound. What can be refused at the door never enters. */
export class OrderQueue {
  readonly #context: Pick<LaneContext, 'largestSize'>
  readonly #limit: number
  #waiting: WaitingOrder[] = []

  /** @param limit the most orders that may wait. */
  constructor(context: Pick<LaneContext, 'largestSize'>, limit: number) {
    this.#context = context
    this.#limit = limit
  }

  get length(): number {
    return this.#waiting.length
  }

  /** Lets a call's orders in. @returns their outcomes in order, when the last of them has one. */
  enter(orders: readonly Order[], caller: Caller, stop: Stop | undefined): Promise<OrderOutcome[]> {
    if (orders.length === 0) return Promise.resolve([])
    return new Promise((resolve) => {
      const outcomes = new Array<OrderOutcome>(orders.length)
      let open = orders.length
      orders.forEach((order, i) => {
        const commitment = commitmentOf(order)
        const answer = (outcome: OrderOutcome): void => {
          outcomes[i] = outcome
          if (--open === 0) resolve(outcomes)
        }
        const refusal = this.#atTheDoor(order, caller, commitment, stop)
        if (refusal) answer(refusal)
        else this.#waiting.push({ order, commitment, keyId: caller.keyId, answer })
      })
    })
  }

  /**
   * Lets orders that have to be taken in ahead of the others, whatever their size and however many wait.
   * @returns their outcomes in order, when the last of them has one.
   */
  enterFirst(orders: readonly Order[], keyId: string, stop: Stop | undefined): Promise<OrderOutcome[]> {
    const answers = orders.map((order) => {
      const commitment = commitmentOf(order)
      if (stop) return { answered: Promise.resolve(stopped(commitment, stop)), waiting: [] }
      let answer: WaitingOrder['answer'] = () => {}
      const answered = new Promise<OrderOutcome>((resolve) => {
        answer = resolve
      })
      return { answered, waiting: [{ order, commitment, keyId, answer }] }
    })
    this.#waiting = [...answers.flatMap(({ waiting }) => waiting), ...this.#waiting]
    return Promise.all(answers.map(({ answered }) => answered))
  }

  /** The next group, still waiting until {@link drop}. */
  peek(count: number): readonly WaitingOrder[] {
    return this.#waiting.slice(0, count)
  }

  /** Takes orders of a group out; others may have come before them meanwhile. */
  drop(orders: readonly WaitingOrder[]): void {
    const gone = new Set(orders)
    this.#waiting = this.#waiting.filter((order) => !gone.has(order))
  }

  /** Refuses everybody who waits. */
  refuseAll(stop: Stop): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { commitment, answer } of waiting) answer(stopped(commitment, stop))
  }

  #atTheDoor(order: Order, { segment }: Caller, commitment: bigint, stop: Stop | undefined): OrderOutcome | undefined {
    if (order.segment !== segment) {
      const message = "the API key's class does not match the order's segment"
      return { status: 'refused', commitment, refusal: { code: 'SEGMENT_MISMATCH', message } }
    }
    const largestSize = this.#context.largestSize[segment]
    if (order.size > largestSize) {
      const message = `no shard can take more than ${largestSize} lots at once`
      return { status: 'refused', commitment, refusal: { code: 'ORDER_TOO_LARGE', message, largestSize } }
    }
    if (stop) return stopped(commitment, stop)
    return this.#waiting.length < this.#limit ? undefined : stopped(commitment, stopFor('queue'))
  }
}
