import { at } from '../base/at.ts'
import { OutOfRangeError, ShapeError } from '../base/error.ts'
import { assertUint, isFieldElement } from '../base/field.ts'
import { type Hex32, keccakWords } from '../base/keccak.ts'
import { packItems, unpackItems } from '../base/pack.ts'
import { SPONGE_TAG, sponge } from '../base/poseidon.ts'

/** The size of a circuit: its shards and its slots. */
export interface Shape {
  readonly shards: number
  readonly slots: number
}

/** What a batch publishes (protocol, section 4). Times are µs, served work is ticks, lists go by shard or by slot. */
export interface Statement {
  readonly keyCommit: bigint
  readonly seed: bigint
  readonly batchIndex: bigint
  /** Orders of the ledger before this batch. */
  readonly orderCounter: bigint
  readonly time: bigint
  readonly elapsed: bigint
  readonly stateBefore: bigint
  readonly stateAfter: bigint
  readonly feeWord: bigint
  /** Fees in force during the batch. */
  readonly fees: readonly bigint[]
  /** Breaker flags in force during the batch. */
  readonly open: readonly boolean[]
  readonly served: readonly bigint[]
  readonly policyWords: readonly bigint[]
  /** Of the filled slots only; their number is `count`. */
  readonly commitments: readonly bigint[]
  /** 0 deferred, else shard + 1; as many as commitments. */
  readonly assignments: readonly number[]
}

/** The header's scalars in their order: the one list that circuit, contract and auditor are held to. */
export const HEADER = [
  'keyCommit',
  'seed',
  'batchIndex',
  'orderCounter',
  'time',
  'elapsed',
  'stateBefore',
  'stateAfter',
  'count',
  'feeWord',
] as const

const ITEMS = {
  fees: { bits: 15, perWord: 16 },
  served: { bits: 40, perWord: 6 },
  assignments: { bits: 8, perWord: 31 },
} as const

/** The parts of V in order, with their lengths in words. */
export function layout({ shards, slots }: Shape): readonly (readonly [part: string, words: number])[] {
  return [
    ['header', HEADER.length],
    ['fees', Math.ceil(shards / ITEMS.fees.perWord)],
    ['openMask', 1],
    ['served', Math.ceil(shards / ITEMS.served.perWord)],
    ['policyWords', shards],
    ['commitments', slots],
    ['assignments', Math.ceil(slots / ITEMS.assignments.perWord)],
  ]
}

/** Words in V. */
export const statementLength = (shape: Shape): number => layout(shape).reduce((sum, [, words]) => sum + words, 0)

/** Fees, 15 bits each, 16 a word. */
export const feeWords = (fees: readonly bigint[]): bigint[] => packItems(fees, ITEMS.fees.bits, ITEMS.fees.perWord)

/** Flags as bits, shard 0 lowest. */
export const openMask = (open: readonly boolean[]): bigint =>
  open.reduce((mask, flag, shard) => mask | (flag ? 1n << BigInt(shard) : 0n), 0n)

/**
 * The statement as V, padded to the circuit's slots.
 * @throws OutOfRangeError OUT_OF_RANGE for a value that does not fit; ShapeError SHAPE_MISMATCH for lists of other lengths than the shape's.
 */
export function encodeStatement(shape: Shape, statement: Statement): bigint[] {
  const { commitments, assignments } = statement
  if (commitments.length > shape.slots || commitments.length !== assignments.length)
    throw new ShapeError('SHAPE_MISMATCH', 'slots do not match')
  for (const list of [statement.fees, statement.open, statement.served, statement.policyWords]) {
    if (list.length !== shape.shards) throw new ShapeError('SHAPE_MISMATCH', 'shards do not match')
  }
  const empty = new Array<bigint>(shape.slots - commitments.length).fill(0n)
  const header = { ...statement, count: BigInt(commitments.length) }
  const words = [
    ...HEADER.map((name) => header[name]),
    ...feeWords(statement.fees),
    openMask(statement.open),
    ...packItems(statement.served, ITEMS.served.bits, ITEMS.served.perWord),
    ...statement.policyWords,
    ...commitments,
    ...empty,
    ...packItems([...assignments.map(BigInt), ...empty], ITEMS.assignments.bits, ITEMS.assignments.perWord),
  ]
  if (!words.every(isFieldElement)) throw new OutOfRangeError('OUT_OF_RANGE', 'a word of V is not a field element')
  return words
}

/**
 * Reads V back; the inverse of {@link encodeStatement} and as strict: padding must be zero, every word reduced.
 * @throws OutOfRangeError OUT_OF_RANGE, ShapeError SHAPE_MISMATCH for a V of another length.
 */
export function decodeStatement(shape: Shape, words: readonly bigint[]): Statement {
  if (words.length !== statementLength(shape))
    throw new ShapeError('SHAPE_MISMATCH', `V has ${words.length} words, not ${statementLength(shape)}`)
  if (!words.every(isFieldElement)) throw new OutOfRangeError('OUT_OF_RANGE', 'a word of V is not a field element')
  const parts = new Map<string, readonly bigint[]>()
  layout(shape).reduce((from, [part, length]) => {
    parts.set(part, words.slice(from, from + length))
    return from + length
  }, 0)
  const part = (name: string): readonly bigint[] => parts.get(name) ?? []
  // Object.fromEntries loses the names that HEADER fixes.
  const header = Object.fromEntries(HEADER.map((name, i) => [name, at(part('header'), i)])) as Record<
    (typeof HEADER)[number],
    bigint
  >
  const { count: countWord, ...scalars } = header
  const count = Number(assertUint(countWord, 16, 'count'))
  const mask = assertUint(at(part('openMask'), 0), shape.shards, 'open mask')
  const { fees, served, assignments } = ITEMS
  const commitments = part('commitments')
  if (count > shape.slots || commitments.slice(count).some((c) => c !== 0n)) {
    throw new OutOfRangeError('OUT_OF_RANGE', 'a slot at or past count is not empty')
  }
  const bytes = unpackItems(part('assignments'), assignments.bits, assignments.perWord, shape.slots).map(Number)
  if (bytes.slice(count).some((byte) => byte !== 0))
    throw new OutOfRangeError('OUT_OF_RANGE', 'a slot at or past count is not empty')
  return {
    ...scalars,
    fees: unpackItems(part('fees'), fees.bits, fees.perWord, shape.shards),
    open: Array.from({ length: shape.shards }, (_, j) => ((mask >> BigInt(j)) & 1n) === 1n),
    served: unpackItems(part('served'), served.bits, served.perWord, shape.shards),
    policyWords: part('policyWords'),
    commitments: commitments.slice(0, count),
    assignments: bytes.slice(0, count),
  }
}

/** `D = Sponge(2, V)`: fixes V before alpha is drawn. */
export const statementDigest = (words: readonly bigint[]): bigint => sponge(SPONGE_TAG.statement, words)

/** "keccak V": what the epoch's signer signs and the record holds. */
export const statementHash = (words: readonly bigint[]): Hex32 => keccakWords(words)
