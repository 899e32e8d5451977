import type { Selectable } from 'kysely'
import { z } from 'zod'
import { ShapeError } from '../../base/error.ts'
import { type Hex32, wordBytes } from '../../base/keccak.ts'
import { FieldElement, Uint } from '../../base/schema.ts'
import { SEGMENTS, SIDES } from '../../order/order.ts'
import { type ShardState, shardStateOf, stateWord } from '../../route/state.ts'
import { BATCH_STATES, type BatchState } from '../../statement/batch-state.ts'
import type { BatchBasis, BatchOpening, BatchPlace, Entry, Placement } from '../open-batch.ts'
import type { BatchTable, EntryTable } from './tables.ts'

/** Rows are parsed like any other input: a damaged one is an error, not a wrong receipt. */
const U63 = Uint(63)
const Words = z.array(Uint(256))
const Opening = z.object({
  index: U63,
  epoch: U63,
  circuit: z.string(),
  time: U63,
  elapsed: Uint(40),
  order_counter: U63,
  seed: FieldElement.nullable(),
  before: Words.nullable(),
  blind_before: FieldElement.nullable(),
  state_before: FieldElement.nullable(),
  served: Words,
  counters: Words.nullable(),
})
const Batch = Opening.extend({
  state: z.enum(BATCH_STATES),
  count: z.int(),
  deferred: z.int(),
  seal_hash: z.string().nullable(),
  seal_signature: z.string().nullable(),
  after: Words.nullable(),
  blind_after: FieldElement.nullable(),
  state_after: FieldElement.nullable(),
  statement: z.instanceof(Buffer).nullable(),
  statement_hash: z.string().nullable(),
  signature: z.string().nullable(),
  failures: z.int(),
  reason: z.string().nullable(),
})
const PlacementRow = z.object({
  epoch: U63,
  batch: U63,
  slot: z.int(),
  commitment: FieldElement,
  assignment: z.int().min(0).max(255),
  outcome: z.int().min(0).max(254).nullable(),
  time: U63,
  key_id: z.string(),
})
const EntryRow = PlacementRow.extend({
  size: z.coerce.number().int(),
  side: z.int().min(0).max(1),
  segment: z.int().min(0).max(1),
  details: FieldElement,
})

/** What a batch is sealed by on chain. */
export interface StoredSeal {
  readonly hash: Hex32
  /** The epoch signer's, 65 bytes. */
  readonly signature: string
}

/** A batch as it is stored. */
export interface StoredBatch {
  readonly opening: BatchPlace
  /** Unknown of a sealed batch that is not drawn. */
  readonly basis?: BatchBasis
  readonly state: BatchState
  readonly count: number
  readonly deferred: number
  readonly failures: number
  readonly reason?: string
  readonly signature?: string
  /** In sealed mode, once it takes no more orders. */
  readonly seal?: StoredSeal
  /** Set once it is closed. */
  readonly closing?: {
    readonly after: readonly ShardState[]
    readonly blindAfter: bigint
    readonly stateAfter: bigint
    /** V. */
    readonly words: readonly bigint[]
    readonly hash: Hex32
  }
}

const wordTexts = (words: readonly bigint[]): string => JSON.stringify(words.map(String))
/** State words as JSON columns have them: decimal text, by shard. */
export const stateTexts = (states: readonly ShardState[]): string => wordTexts(states.map(stateWord))
/** V as its column has it: 32 bytes a word, big-endian. */
export const statementBytes = (words: readonly bigint[]): Buffer => Buffer.from(wordBytes(words))

/** 32-byte words to integers. @throws ShapeError SHAPE_MISMATCH. */
export function statementWords(bytes: Buffer): bigint[] {
  if (bytes.length % 32 !== 0) throw new ShapeError('SHAPE_MISMATCH', 'V is not made of 32-byte words')
  return Array.from({ length: bytes.length / 32 }, (_, i) =>
    BigInt(`0x${bytes.subarray(32 * i, 32 * i + 32).toString('hex')}`),
  )
}

/** The columns of what routing starts from. */
export const basisRow = ({ seed, before, blindBefore, stateBefore }: BatchBasis) => ({
  seed,
  before: stateTexts(before),
  blind_before: blindBefore,
  state_before: stateBefore,
})

/** The columns of a batch that opens. */
export const openingRow = (opening: BatchPlace | BatchOpening) => ({
  index: opening.index,
  epoch: opening.epoch,
  circuit: opening.circuit,
  time: opening.time,
  elapsed: opening.elapsed,
  order_counter: opening.orderCounter,
  ...('before' in opening && basisRow(opening)),
  served: wordTexts(opening.served),
  counters: wordTexts(opening.counters),
  count: 0,
  deferred: 0,
})

/** A row, parsed. @throws ZodError, or ShapeError SHAPE_MISMATCH, for one that the service cannot have written. */
export function batchOf(row: Selectable<BatchTable>): StoredBatch {
  const { state, count, deferred, failures, reason, signature, after, statement, ...rest } = Batch.parse(row)
  const { blind_after: blindAfter, state_after: stateAfter, statement_hash: hash } = rest
  const { seal_hash: sealed, seal_signature: sealedBy } = rest
  const basis = basisOfRow(rest)
  return {
    opening: {
      index: rest.index,
      epoch: rest.epoch,
      circuit: rest.circuit,
      time: rest.time,
      elapsed: rest.elapsed,
      orderCounter: rest.order_counter,
      served: rest.served,
      counters: rest.counters ?? rest.served.map(() => 0n),
    },
    ...(basis && { basis }),
    state,
    count,
    deferred,
    failures,
    ...(reason === null ? {} : { reason }),
    ...(signature === null ? {} : { signature }),
    ...(sealed === null || sealedBy === null ? {} : { seal: { hash: sealed, signature: sealedBy } }),
    ...(after && blindAfter !== null && stateAfter !== null && statement && hash !== null
      ? {
          closing: { after: after.map(shardStateOf), blindAfter, stateAfter, words: statementWords(statement), hash },
        }
      : {}),
  }
}

function basisOfRow({ seed, before, blind_before, state_before }: z.output<typeof Opening>): BatchBasis | undefined {
  if (seed === null || before === null || blind_before === null || state_before === null) return undefined
  return { seed, before: before.map(shardStateOf), blindBefore: blind_before, stateBefore: state_before }
}

/** A row without its order, which may be erased. */
export function placementOf(row: Selectable<EntryTable>): Placement {
  const { key_id: keyId, outcome, ...rest } = PlacementRow.parse(row)
  return { ...rest, ...(outcome !== null && { outcome }), keyId }
}

/** A row with its order. @throws ZodError when it is erased. */
export function entryOf(row: Selectable<EntryTable>): Entry {
  const { key_id: keyId, outcome, size, side, segment, details, ...rest } = EntryRow.parse(row)
  return {
    ...rest,
    ...(outcome !== null && { outcome }),
    keyId,
    order: { size, side: SIDES[side] ?? 'buy', segment: SEGMENTS[segment] ?? 'retail', details },
  }
}
