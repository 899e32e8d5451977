import { unpackItems } from '../../src/base/pack.ts'
import type { ChainBatch } from '../../src/chain/records.ts'
import type { BatchDigest } from '../wire/views.ts'

/** Assignments of a batch by slot: 0 deferred, else shard + 1. @throws OutOfRangeError, ShapeError for words with stray bits. */
export const assignmentsOf = ({ submission: { assignments, commitments } }: ChainBatch): number[] =>
  unpackItems(assignments, 8, 31, commitments.length).map(Number)

/** What a batch published, counted. */
export function digestOf(batch: ChainBatch, shards: number): BatchDigest {
  const { index, epoch, gasUsed, transaction, submission } = batch
  const assignments = assignmentsOf(batch)
  return {
    ...{ index, epoch, gasUsed, transaction },
    time: submission.time,
    count: assignments.length,
    deferred: assignments.filter((assignment) => assignment === 0).length,
    fees: unpackItems(submission.fees, 15, 16, shards).map(Number),
    open: Array.from({ length: shards }, (_, shard) => ((submission.openMask >> BigInt(shard)) & 1n) === 1n),
    assigned: Array.from(
      { length: shards },
      (_, shard) => assignments.filter((assignment) => assignment === shard + 1).length,
    ),
  }
}
