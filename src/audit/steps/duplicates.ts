import type { Statement } from '../../statement/statement.ts'
import { holds } from '../check.ts'
import type { ChecksOf } from '../step.ts'

type Slots = Pick<Statement, 'batchIndex' | 'commitments' | 'assignments'>

/** No commitment twice in a batch, none accepted again. */
export const duplicates = {
  /** @param accepted commitments of all earlier batches. */
  *batch({ statement, accepted }: { statement: Slots; accepted: ReadonlySet<bigint> }): ChecksOf<'duplicates'> {
    const { batchIndex: batch, commitments, assignments } = statement
    const first = new Map<bigint, number>()
    let repeated = -1
    for (const [slot, commitment] of commitments.entries()) {
      if (first.has(commitment) && repeated < 0) repeated = slot
      first.set(commitment, slot)
    }
    yield holds('commitment-unique', { batch }, repeated < 0, 'each commitment once', `again in slot ${repeated}`)
    const again = commitments.findIndex((c, slot) => assignments[slot] !== 0 && accepted.has(c))
    yield holds('accepted-once', { batch }, again < 0, 'not accepted before', `accepted again in slot ${again}`)
  },
}
