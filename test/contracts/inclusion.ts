import type { Hex32 } from '../../src/base/keccak.ts'
import { headHash, inclusionPath, orderRoot, termsHash } from '../../src/statement/record.ts'
import { statementHash } from '../../src/statement/statement.ts'
import type { StagedBatch } from './staged-batch.ts'

/** What a settlement contract is given: types/Inclusion.sol. */
export interface Inclusion {
  index: bigint
  slot: number
  record: { orderRoot: Hex32; statementHash: Hex32; head: Hex32; terms: Hex32 }
  commitments: [bigint, bigint]
  assignments: [number, number]
  path: Hex32[]
}

/** All that proves one order of an accepted batch. */
export function inclusionOf({ statement, words, next }: StagedBatch, slot: number): Inclusion {
  const even = slot - (slot % 2)
  const { commitments, assignments } = statement
  return {
    index: statement.batchIndex,
    slot,
    record: {
      orderRoot: orderRoot(statement),
      statementHash: statementHash(words),
      head: headHash(next),
      terms: termsHash(statement),
    },
    commitments: [commitments[even] ?? 0n, commitments[even + 1] ?? 0n],
    assignments: [assignments[even] ?? 0, assignments[even + 1] ?? 0],
    path: inclusionPath(statement, slot),
  }
}
