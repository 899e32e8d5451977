import { concat, getBytes, toBeHex } from 'ethers'
import { modField } from '../base/field.ts'
import { type Hex32, hex32, keccakBytes, keccakWords } from '../base/keccak.ts'
import { merklePath, merkleRoot } from '../base/merkle.ts'
import { packItems, packWord, type WordLayout } from '../base/pack.ts'
import type { SigningDomain } from '../order/domain.ts'
import { feeWords, openMask, type Statement, statementHash } from './statement.ts'

/** What the ledger carries from batch to batch, kept as one hash. */
export interface Head {
  readonly epoch: bigint
  /** Index of the batch that comes next. */
  readonly nextIndex: bigint
  /** State hash after the last accepted batch. */
  readonly state: bigint
  /** Of the last accepted batch, µs since the Unix epoch; 0 before the first. */
  readonly time: bigint
  readonly orderCounter: bigint
  /** Applied service counters, ticks, by shard; 64 bits each. */
  readonly counters: readonly bigint[]
}

/** Applied counters, 64 bits each, 4 a word. */
export const counterWords = (counters: readonly bigint[]): bigint[] => packItems(counters, 64, 4)

/** A head's scalars in their word. */
export const HEAD_SCALARS = [
  ['epoch', 64],
  ['nextIndex', 64],
  ['time', 64],
  ['orderCounter', 64],
] as const satisfies WordLayout<keyof Head>

/** `head` of the protocol's section 9. @throws OutOfRangeError OUT_OF_RANGE for a value wider than its place. */
export const headHash = (head: Head): Hex32 =>
  keccakWords([packWord(HEAD_SCALARS, head), head.state, ...counterWords(head.counters)])

/** What the terms hold, fees and mask as words. */
export interface TermsWords {
  readonly fees: readonly bigint[]
  readonly openMask: bigint
  /** µs since the Unix epoch. */
  readonly time: bigint
  /** Orders of the batch. */
  readonly count: number
  /** Account that the reward goes to. */
  readonly beneficiary: string
}

/** `terms = keccak256(fee words, openMask, time + 2^64·count + 2^96·beneficiary)`. */
export const termsOf = ({ fees, openMask, time, count, beneficiary }: TermsWords): Hex32 =>
  keccakWords([...fees, openMask, time + (BigInt(count) << 64n) + (BigInt(beneficiary) << 96n)])

/** A batch's terms: what it charged, which shards it found open, when it opened, its size, and who is paid for its proof. */
export const termsHash = (
  { fees, open, time, commitments }: Pick<Statement, 'fees' | 'open' | 'time' | 'commitments'>,
  beneficiary: string,
): Hex32 => termsOf({ fees: feeWords(fees), openMask: openMask(open), time, count: commitments.length, beneficiary })

/** The parts of `record[index]`, which consumers bring to open it. */
export interface RecordParts {
  readonly orderRoot: Hex32
  readonly statementHash: Hex32
  readonly head: Hex32
  readonly terms: Hex32
}

/** The parts of a batch's record. @param words V, @param head hash of the head after the batch, @param beneficiary who is paid for the proof. */
export const recordParts = (
  statement: Statement,
  words: readonly bigint[],
  head: Hex32,
  beneficiary: string,
): RecordParts => ({
  orderRoot: orderRoot(statement),
  statementHash: statementHash(words),
  head,
  terms: termsHash(statement, beneficiary),
})

/** `record[index]`. */
export const recordHash = ({ orderRoot, statementHash, head, terms }: RecordParts): Hex32 =>
  keccakWords([orderRoot, statementHash, head, terms].map(BigInt))

type Slots = Pick<Statement, 'commitments' | 'assignments'>

/** Slots that share a leaf of the order tree. */
export const LEAF_SLOTS = 4

/** A leaf's slots: commitments, and assignment bytes; 0 where there is no order. */
export interface LeafSlots {
  readonly commitments: readonly [bigint, bigint, bigint, bigint]
  readonly assignments: readonly [number, number, number, number]
}

/** The slots of the leaf that a slot belongs to. */
export function leafOf({ commitments, assignments }: Slots, slot: number): LeafSlots {
  const first = slot - (slot % LEAF_SLOTS)
  const [a = 0n, b = 0n, c = 0n, d = 0n] = commitments.slice(first, first + LEAF_SLOTS)
  const [e = 0, f = 0, g = 0, h = 0] = assignments.slice(first, first + LEAF_SLOTS)
  return { commitments: [a, b, c, d], assignments: [e, f, g, h] }
}

/** Hash of one leaf: 132 bytes, so that no leaf can pass for a node. */
export const leafHash = ({ commitments, assignments }: LeafSlots): Hex32 =>
  keccakBytes(getBytes(concat([...commitments.map(hex32), ...assignments.map((byte) => toBeHex(byte, 1))])))

/** Leaves of the order tree, four slots a leaf. */
export const orderLeaves = (slots: Slots): Hex32[] =>
  Array.from({ length: Math.ceil(slots.commitments.length / LEAF_SLOTS) }, (_, k) =>
    leafHash(leafOf(slots, LEAF_SLOTS * k)),
  )

/** Root of the order tree. */
export const orderRoot = (slots: Slots): Hex32 => merkleRoot(orderLeaves(slots))

/** Siblings from a slot's leaf to the root. @throws ShapeError SHAPE_MISMATCH when the slot is empty. */
export const inclusionPath = (slots: Slots, slot: number): Hex32[] =>
  merklePath(orderLeaves(slots), Math.floor(slot / LEAF_SLOTS))

/** One slot of an accepted batch with its way to the root, as contracts take it (types/Inclusion.sol). */
export interface Inclusion extends LeafSlots {
  readonly index: bigint
  readonly slot: number
  readonly record: RecordParts
  /** Siblings from the leaf to the order root. */
  readonly path: readonly Hex32[]
}

/** A slot's inclusion. @throws ShapeError SHAPE_MISMATCH when the slot is empty. */
export const inclusionOf = (statement: Statement, record: RecordParts, slot: number): Inclusion => ({
  index: statement.batchIndex,
  slot,
  record,
  ...leafOf(statement, slot),
  path: inclusionPath(statement, slot),
})

/** `seed = keccak256(chainId, ledger, epoch, blockhash) mod p`: known only once the announced block is there. */
export const epochSeed = ({ chainId, ledger }: SigningDomain, epoch: bigint, blockHash: Hex32): bigint =>
  modField(BigInt(keccakWords([chainId, BigInt(ledger), epoch, BigInt(blockHash)])))

/** What the ledger says of the end of an epoch that nothing ends. */
export const NO_END = 2n ** 64n - 1n

/** What a batch of a sealed epoch is sealed by, before its seed is known. @param counters service counters after the batch, ticks, by shard. */
export const sealHash = (
  { time, commitments }: Pick<Statement, 'time' | 'commitments'>,
  counters: readonly bigint[],
): Hex32 => keccakWords([time, BigInt(commitments.length), ...counterWords(counters), ...commitments])

/** A sealed batch's own seed: `keccak256(chainId, ledger, epoch, index, blockhash) mod p`, of the block that its seal fixed. */
export const sealSeed = ({ chainId, ledger }: SigningDomain, epoch: bigint, index: bigint, blockHash: Hex32): bigint =>
  modField(BigInt(keccakWords([chainId, BigInt(ledger), epoch, index, BigInt(blockHash)])))
