import { randomBytes } from 'node:crypto'
import { CodedError } from '../base/error.ts'
import { FIELD_MODULUS } from '../base/field.ts'
import type { Hex32 } from '../base/keccak.ts'
import type { BatchStart } from '../route/start.ts'
import { type ShardState, stateHash } from '../route/state.ts'
import { sealHash } from '../statement/record.ts'
import { encodeStatement, type Statement, statementHash } from '../statement/statement.ts'
import { type BatchWitness, statementOf } from '../witness/witness.ts'
import type { LaneContext } from './lane-context.ts'
import {
  type BatchOpening,
  type BatchPlace,
  type BlindBatch,
  type Entry,
  type LaneShards,
  outcomeOf,
  type RoutedBatch,
  type Tip,
} from './open-batch.ts'

/** BATCH_INCONSISTENT: the rows of a batch do not give what its receipts promise; `details.field` says where they part. */
export class ConsistencyError extends CodedError<'BATCH_INCONSISTENT'> {}

/** What closing fixes: enough to open the next batch, and what was promised in this one. */
export interface BatchClosing {
  readonly opening: BatchOpening
  readonly start: BatchStart
  /** As receipts tell them, in slot order. */
  readonly entries: readonly Entry[]
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
export function closeBatch(batch: RoutedBatch, blindAfter: bigint = randomElement()): BatchClosing {
  const { opening, start, entries, count, deferred, states: after } = batch
  return { opening, start, entries, count, deferred, after, blindAfter, stateAfter: stateHash(blindAfter, after) }
}

/** Where the lane stands after a batch. */
export const tipAfter = (
  { index, orderCounter, time, counters }: BatchPlace,
  count: number,
  closing: Pick<BatchClosing, 'after' | 'blindAfter' | 'stateAfter'> | undefined,
): Tip => ({
  nextIndex: index + 1n,
  orderCounter: orderCounter + BigInt(count),
  time,
  counters,
  shards: shardsAfter(closing),
})

/** The shards as a batch left them, once it is closed. */
export const shardsAfter = (
  closing: Pick<BatchClosing, 'after' | 'blindAfter' | 'stateAfter'> | undefined,
): LaneShards | undefined => closing && { states: closing.after, blind: closing.blindAfter, state: closing.stateAfter }

/** What sealing fixes: all of a batch but what the draw decides. */
export interface BatchSealing {
  readonly opening: BatchPlace
  /** As receipts tell them, in slot order. */
  readonly entries: readonly Entry[]
  readonly count: number
}

/** Ends a batch of sealed mode. */
export const sealBatch = ({ opening, entries, count }: BlindBatch): BatchSealing => ({ opening, entries, count })

/**
 * The hash that a batch is sealed by, once its rows are known to say what was promised.
 * @param rows as read back from the store, in slot order.
 * @throws ConsistencyError BATCH_INCONSISTENT.
 */
export function hashOfSeal({ opening, entries }: BatchSealing, rows: readonly Entry[]): Hex32 {
  assertKept(opening, entries, rows)
  return sealHashOf(opening, rows)
}

/** The hash that seals a batch of these rows. */
export const sealHashOf = ({ time, counters }: BatchPlace, rows: readonly Entry[]): Hex32 =>
  sealHash({ time, commitments: rows.map(({ commitment }) => commitment) }, counters)

/** All that proving a batch takes, from its rows. */
export const witnessOf = (
  context: Pick<LaneContext, 'policy' | 'key'>,
  opening: BatchOpening,
  entries: readonly Entry[],
  blindAfter: bigint,
): BatchWitness => ({
  policy: context.policy,
  key: context.key,
  seed: opening.seed,
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
 * States a batch from what was promised in it, once its rows are known to say the same: then they are what the proof will be made from. That they
 * route to these assignments is checked with the witness, off the way to a receipt.
 * @param rows as read back from the store, in slot order.
 * @throws ConsistencyError BATCH_INCONSISTENT.
 */
export function stateClosedBatch(context: LaneContext, closing: BatchClosing, rows: readonly Entry[]): ClosedStatement {
  const { opening, start, entries, stateAfter } = closing
  assertKept(opening, entries, rows)
  const statement = statementOf(
    context.keyCommit,
    { ...opening, policy: context.policy, batchIndex: opening.index },
    {
      start,
      commitments: entries.map(({ commitment }) => commitment),
      assignments: entries.map(({ assignment }) => assignment),
      stateBefore: opening.stateBefore,
      stateAfter,
    },
  )
  const words = encodeStatement(context.circuit.shape, statement)
  return { statement, words, hash: statementHash(words) }
}

function assertKept({ index }: BatchPlace, entries: readonly Entry[], rows: readonly Entry[]): void {
  const field = differenceOf(entries, rows)
  if (field === undefined) return
  throw new ConsistencyError('BATCH_INCONSISTENT', `batch ${index} does not keep its promises: ${field}`, {
    details: { field, batch: index },
  })
}

const PROMISED = ['slot', 'commitment', 'time'] as const
const ORDERED = ['size', 'side', 'segment', 'details'] as const

/** The first field in which rows differ from what was promised. */
function differenceOf(entries: readonly Entry[], rows: readonly Entry[]): string | undefined {
  if (rows.length !== entries.length) return 'count'
  for (const [i, entry] of entries.entries()) {
    const row = rows[i]
    const field =
      PROMISED.find((name) => row?.[name] !== entry[name]) ??
      (row && outcomeOf(row) !== outcomeOf(entry) ? 'assignment' : undefined) ??
      ORDERED.find((name) => row?.order[name] !== entry.order[name])
    if (field !== undefined) return field
  }
  return undefined
}
