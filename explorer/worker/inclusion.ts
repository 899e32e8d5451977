import { rootFromPath } from '../../src/base/merkle.ts'
import type { ChainBatch } from '../../src/chain/records.ts'
import { inclusionPath, LEAF_SLOTS, leafHash, leafOf, recordHash, termsOf } from '../../src/statement/record.ts'
import type { OrderFound } from '../wire/orders.ts'
import { assignmentsOf } from './digest.ts'

/** An order in its batch: the way from its leaf to the root, and whether root and record hold together. */
export function foundAt(batch: ChainBatch, slot: number): OrderFound {
  const { index, orderRoot, statementHash, head, record, submission } = batch
  const slots = { commitments: submission.commitments, assignments: assignmentsOf(batch) }
  const path = inclusionPath(slots, slot)
  const leaf = leafHash(leafOf(slots, slot))
  const terms = termsOf({ ...submission, count: submission.commitments.length })
  const opens = recordHash({ orderRoot, statementHash, head, terms }) === record
  const assignment = slots.assignments[slot] ?? 0
  return {
    ...{ batch: index, slot, path, orderRoot },
    shard: assignment === 0 ? undefined : assignment - 1,
    included: opens && rootFromPath(leaf, Math.floor(slot / LEAF_SLOTS), path) === orderRoot,
  }
}
