import { type Hex32, keccakWords } from '../base/keccak.ts'
import { genesisStates, stateHash } from '../route/state.ts'
import type { Head } from '../statement/record.ts'
import type { BatchRecord, LedgerConfig } from './records.ts'
import type { Rebuilt } from './step.ts'

/** What an audit carries from batch to batch, and from one run to the next. */
export interface Carry {
  readonly head: Head
  /** Commitments that batches so far accepted; grown in place. */
  readonly accepted: Set<bigint>
  /** Hash chain over `record[index]` of all batches so far: `keccak(log, record)`, from 0. */
  readonly log: Hex32
}

/** Before any batch. */
export const EMPTY_LOG: Hex32 = `0x${'00'.repeat(32)}`

/** The log after one more record. */
export const logOf = (log: Hex32, record: Hex32): Hex32 => keccakWords([BigInt(log), BigInt(record)])

/** What a ledger carries before its first batch. */
export const newCarry = ({ shards }: Pick<LedgerConfig, 'shards'>): Carry => ({
  head: {
    epoch: 0n,
    nextIndex: 0n,
    state: stateHash(0n, genesisStates(shards)),
    time: 0n,
    orderCounter: 0n,
    counters: new Array<bigint>(shards).fill(0n),
  },
  accepted: new Set(),
  log: EMPTY_LOG,
})

/** The same, apart from what grows on. */
export const copyOf = (carry: Carry): Carry => ({ ...carry, accepted: new Set(carry.accepted) })

/** What is carried after a batch. */
export function carryOn({ accepted, log }: Carry, { head, statement }: Rebuilt, { record }: BatchRecord): Carry {
  for (const [slot, commitment] of statement.commitments.entries())
    if (statement.assignments[slot] !== 0) accepted.add(commitment)
  return { head, accepted, log: logOf(log, record) }
}
