import { headHash, recordHash, recordParts, sealHash } from '../../statement/record.ts'
import { equal } from '../check.ts'
import type { BatchRecord } from '../records.ts'
import type { ChecksOf, Rebuilt } from '../step.ts'

/** What the ledger keeps of the batch is what the batch says. */
export const roots = {
  *batch({ batch, words, statement, head }: Rebuilt & { batch: BatchRecord }): ChecksOf<'roots'> {
    const place = { batch: batch.index }
    const parts = recordParts(statement, words, headHash(head), batch.submission.beneficiary)
    yield equal('statement-hash', place, parts.statementHash, batch.statementHash)
    yield equal('order-root', place, parts.orderRoot, batch.orderRoot)
    yield equal('batch-head', place, parts.head, batch.head)
    yield equal('batch-record', place, recordHash(parts), batch.record)
    if (batch.seal) yield equal('batch-seal', place, sealHash(statement, head.counters), batch.seal.sealHash)
  },
}
