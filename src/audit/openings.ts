/**
 * Openings of chosen batches, as an operator or a trader hands them to an auditor: enough to recompute every assignment of a batch in plain integers, or to open some
 * orders of it. Whatever is in them is held against what the ledger recorded.
 */
import { z } from 'zod'
import { CodedError } from '../base/error.ts'
import { FieldElement, Uint } from '../base/schema.ts'
import { commitmentOf, Order } from '../order/order.ts'
import { policyOf } from '../policy/policy.ts'
import { BatchRouter } from '../route/route.ts'
import { startBatch } from '../route/start.ts'
import { shardStateOf, stateHash } from '../route/state.ts'
import type { Statement } from '../statement/statement.ts'
import { Account } from './scalars.ts'

/** The only version there is; also what openings are sealed for. */
export const OPENINGS_FORMAT = 'fairlead-openings/1'

/** A whole batch: with `batchKey` every draw of its epoch can be recomputed, so it is a secret for as long as the epoch runs. */
const OpenBatch = z.strictObject({
  index: Uint(64),
  /** `Poseidon(operator key, seed)`. */
  batchKey: FieldElement,
  /** State words of the shards before the batch. */
  before: z.array(Uint(138)),
  blindBefore: FieldElement,
  blindAfter: FieldElement,
  /** In slot order. */
  orders: z.array(Order),
})

/** Some orders of batches, as a trader knows its own. */
const OpenOrder = z.strictObject({ batch: Uint(64), slot: z.int().min(0).max(65_535), order: Order })

/** All of one ledger. Strict; whether they are true, {@link recomputeBatch} and {@link openOrders} tell. */
export const Openings = z.strictObject({
  format: z.literal(OPENINGS_FORMAT),
  chainId: Uint(256),
  ledger: Account,
  batches: z.array(OpenBatch),
  orders: z.array(OpenOrder),
})
export type Openings = z.infer<typeof Openings>

/** An order whose opening holds, with what became of it. */
export interface OpenedOrder extends Order {
  readonly batch: bigint
  readonly slot: number
  readonly assignment: number
}

/** What openings of one batch come to. */
export interface OpeningResult {
  readonly batch: bigint
  /** `recomputed`: every assignment follows from the policy. `opened`: the orders are those of the commitments. Else the first thing that is wrong. */
  readonly outcome: 'recomputed' | 'opened' | 'wrong'
  readonly why?: string
  readonly orders: readonly OpenedOrder[]
}

/** Recomputes a batch from its openings, and holds it against the statement that the ledger recorded. */
export function recomputeBatch(opening: Openings['batches'][number], statement: Statement): OpeningResult {
  const wrong = (why: string): OpeningResult => ({ batch: opening.index, outcome: 'wrong', why, orders: [] })
  const { orders, before, blindBefore, blindAfter, batchKey } = opening
  if (orders.length !== statement.commitments.length)
    return wrong(`it has ${statement.commitments.length} orders, not ${orders.length}`)
  const other = orders.findIndex((order, slot) => commitmentOf(order) !== statement.commitments[slot])
  if (other >= 0) return wrong(`slot ${other} holds another order`)
  try {
    const states = before.map(shardStateOf)
    if (stateHash(blindBefore, states) !== statement.stateBefore) return wrong('the shards stood otherwise before it')
    const policy = policyOf(statement.feeWord, statement.policyWords)
    const router = new BatchRouter(policy, startBatch(policy, states, statement.served), {
      batchKey,
      orderCounter: statement.orderCounter,
    })
    const assignments = orders.map((order, slot) => router.assign(order, statement.commitments[slot]))
    const differs = assignments.findIndex((byte, slot) => byte !== statement.assignments[slot])
    if (differs >= 0)
      return wrong(
        `slot ${differs} goes to ${assignments[differs]} by the policy, and went to ${statement.assignments[differs]}`,
      )
    if (stateHash(blindAfter, router.states) !== statement.stateAfter)
      return wrong('the shards stood otherwise after it')
  } catch (error) {
    if (error instanceof CodedError) return wrong(error.message)
    throw error
  }
  const opened = orders.map((order, slot) => openedOrder(order, statement, slot))
  return { batch: opening.index, outcome: 'recomputed', orders: opened }
}

/** Opens some orders of a batch. */
export function openOrders(openings: readonly Openings['orders'][number][], statement: Statement): OpeningResult {
  const batch = statement.batchIndex
  const wrong = openings.find(({ slot, order }) => commitmentOf(order) !== statement.commitments[slot])
  if (wrong) return { batch, outcome: 'wrong', why: `slot ${wrong.slot} holds another order`, orders: [] }
  return { batch, outcome: 'opened', orders: openings.map(({ slot, order }) => openedOrder(order, statement, slot)) }
}

const openedOrder = (order: Order, { batchIndex: batch, assignments }: Statement, slot: number): OpenedOrder => ({
  ...order,
  batch,
  slot,
  assignment: assignments[slot] ?? 0,
})
