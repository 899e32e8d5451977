import type { Hex32 } from '../../base/keccak.ts'
import { type Head, headHash } from '../../statement/record.ts'
import { equal } from '../check.ts'
import type { BatchRecord } from '../records.ts'
import type { ChecksOf } from '../step.ts'

/** What the chain tells in several places is the same in all of them. That records have the contracts' form is for the reader to say, by `chain-records`. */
export const records = {
  /** The event says of the calldata what the calldata says. */
  *batch({ batch }: { batch: BatchRecord }): ChecksOf<'records'> {
    const { index, submission } = batch
    yield equal('batch-event', { batch: index, at: 'beneficiary' }, submission.beneficiary, batch.beneficiary)
    yield equal('batch-event', { batch: index, at: 'count' }, submission.commitments.length, batch.count)
  },

  /** Nothing was accepted that was not told. @param last the head that the last batch left. @param head the ledger's. */
  *end({ last, head }: { last: Head; head: Hex32 }): ChecksOf<'records'> {
    yield equal('ledger-head', {}, headHash(last), head)
  },
}
