import type { Hex32 } from '../../src/base/keccak.ts'
import { headHash, inclusionPath, leafOf, orderRoot, termsHash } from '../../src/statement/record.ts'
import { statementHash } from '../../src/statement/statement.ts'
import type { StagedBatch } from './staged-batch.ts'

/** What a settlement contract is given: types/Inclusion.sol. */
export interface Inclusion {
  index: bigint
  slot: number
  record: { orderRoot: Hex32; statementHash: Hex32; head: Hex32; terms: Hex32 }
  commitments: readonly [bigint, bigint, bigint, bigint]
  assignments: readonly [number, number, number, number]
  path: Hex32[]
}

/** All that proves one order of an accepted batch. */
export function inclusionOf({ statement, words, next, submission }: StagedBatch, slot: number): Inclusion {
  return {
    index: statement.batchIndex,
    slot,
    record: {
      orderRoot: orderRoot(statement),
      statementHash: statementHash(words),
      head: headHash(next),
      terms: termsHash(statement, submission.beneficiary),
    },
    ...leafOf(statement, slot),
    path: inclusionPath(statement, slot),
  }
}
