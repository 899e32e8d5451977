import { concat, getBytes, toBeHex } from 'ethers'
import { modField } from '../base/field.ts'
import { type Hex32, hex32, keccakBytes, keccakWords } from '../base/keccak.ts'
import { merklePath, merkleRoot } from '../base/merkle.ts'
import { packItems } from '../base/pack.ts'
import type { SigningDomain } from '../order/domain.ts'
import { feeWords, openMask, type Statement } from './statement.ts'

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

/** `head` of the protocol's section 9. */
export const headHash = (head: Head): Hex32 =>
  keccakWords([head.epoch, head.nextIndex, head.state, head.time, head.orderCounter, ...counterWords(head.counters)])

/** `terms = keccak256(fee words, openMask, time)`: what the batch charged and which shards it found open. */
export const termsHash = ({ fees, open, time }: Pick<Statement, 'fees' | 'open' | 'time'>): Hex32 =>
  keccakWords([...feeWords(fees), openMask(open), time])

/** The parts of `record[index]`, which consumers bring to open it. */
export interface RecordParts {
  readonly orderRoot: Hex32
  readonly statementHash: Hex32
  readonly head: Hex32
  readonly terms: Hex32
}

/** `record[index]`. */
export const recordHash = ({ orderRoot, statementHash, head, terms }: RecordParts): Hex32 =>
  keccakWords([orderRoot, statementHash, head, terms].map(BigInt))

type Slots = Pick<Statement, 'commitments' | 'assignments'>

/** Leaves of the order tree, two slots a leaf: 66 bytes, so that no leaf can pass for a node. */
export function orderLeaves({ commitments, assignments }: Slots): Hex32[] {
  return Array.from({ length: Math.ceil(commitments.length / 2) }, (_, k) =>
    keccakBytes(
      getBytes(
        concat([
          hex32(commitments[2 * k] ?? 0n),
          hex32(commitments[2 * k + 1] ?? 0n),
          toBeHex(assignments[2 * k] ?? 0, 1),
          toBeHex(assignments[2 * k + 1] ?? 0, 1),
        ]),
      ),
    ),
  )
}

/** Root of the order tree. */
export const orderRoot = (slots: Slots): Hex32 => merkleRoot(orderLeaves(slots))

/** Siblings from a slot's leaf to the root. @throws ShapeError SHAPE_MISMATCH when the slot is empty. */
export const inclusionPath = (slots: Slots, slot: number): Hex32[] => merklePath(orderLeaves(slots), slot >> 1)

/** `seed = keccak256(chainId, ledger, epoch, blockhash) mod p`: known only once the announced block is there. */
export const epochSeed = ({ chainId, ledger }: SigningDomain, epoch: bigint, blockHash: Hex32): bigint =>
  modField(BigInt(keccakWords([chainId, BigInt(ledger), epoch, BigInt(blockHash)])))
