import { randomBytes } from 'node:crypto'
import { CodedError } from '../base/error.ts'
import { FIELD_MODULUS } from '../base/field.ts'
import type { Hex32 } from '../base/keccak.ts'
import { type ShardState, stateHash } from '../route/state.ts'
import { encodeStatement, type Statement, statementHash } from '../statement/statement.ts'
import { type BatchWitness, routeBatch } from '../witness/witness.ts'
import type { LaneContext } from './lane-context.ts'
import type { BatchOpening, Entry, OpenBatch, Tip } from './open-batch.ts'

/** BATCH_INCONSISTENT: the rows of a batch do not give what its receipts promise; `details.field` says where they part. */
export class ConsistencyError extends CodedError<'BATCH_INCONSISTENT'> {}

/** What closing fixes: enough to open the next batch. */
export interface BatchClosing {
  readonly opening: BatchOpening
  readonly count: number
  readonly deferred: number
  readonly after: readonly ShardState[]
  readonly blindAfter: bigint
  readonly stateAfter: bigint
}

/** V of a closed batch. */
export interface ClosedStatement {
  readonly statement: Statement
  readonly words: readonly bigint[]
  readonly hash: Hex32
}

/** A uniform field element: 512 random bits mod p, so that the bias is below 2^−250. */
export const randomElement = (): bigint => BigInt(`0x${randomBytes(64).toString('hex')}`) % FIELD_MODULUS

/** Closes a batch under a fresh blind. */
export function closeBatch(batch: OpenBatch, blindAfter: bigint = randomElement()): BatchClosing {
  const { opening, count, deferred, states } = batch
  return { opening, count, deferred, after: states, blindAfter, stateAfter: stateHash(blindAfter, states) }
}

/** Where the lane stands after a batch. */
export const tipAfter = ({ opening, count, after, blindAfter, stateAfter }: BatchClosing): Tip => ({
  nextIndex: opening.index + 1n,
  orderCounter: opening.orderCounter + BigInt(count),
  time: opening.time,
  states: after,
  blind: blindAfter,
  state: stateAfter,
})

/** All that proving a batch takes, from its rows. */
export const witnessOf = (
  context: Pick<LaneContext, 'policy' | 'key' | 'seed'>,
  opening: BatchOpening,
  entries: readonly Entry[],
  blindAfter: bigint,
): BatchWitness => ({
  policy: context.policy,
  key: context.key,
  seed: context.seed,
  batchIndex: opening.index,
  orderCounter: opening.orderCounter,
  time: opening.time,
  elapsed: opening.elapsed,
  served: opening.served,
  before: opening.before,
  blindBefore: opening.blindBefore,
  blindAfter,
  orders: entries.map(({ order }) => order),
})

/**
 * Routes the batch anew from its rows and compares with what was promised when they were written.
 * @param entries as read back from the store, in slot order.
 * @throws ConsistencyError BATCH_INCONSISTENT.
 */
export function stateClosedBatch(
  context: LaneContext,
  closing: BatchClosing,
  entries: readonly Entry[],
): ClosedStatement {
  const { opening, blindAfter, stateAfter, count } = closing
  const { statement } = routeBatch(witnessOf(context, opening, entries, blindAfter))
  const agree = (field: string, ok: boolean): void => {
    if (ok) return
    const details = { field, batch: opening.index }
    throw new ConsistencyError('BATCH_INCONSISTENT', `batch ${opening.index} does not keep its promises: ${field}`, {
      details,
    })
  }
  agree('count', entries.length === count)
  entries.forEach(({ slot, commitment, assignment }, i) => {
    agree('slot', slot === i)
    agree('commitment', statement.commitments[i] === commitment)
    agree('assignment', statement.assignments[i] === assignment)
  })
  agree('keyCommit', statement.keyCommit === context.keyCommit)
  agree('stateBefore', statement.stateBefore === opening.stateBefore)
  agree('stateAfter', statement.stateAfter === stateAfter)
  const words = encodeStatement(context.circuit.shape, statement)
  return { statement, words, hash: statementHash(words) }
}
