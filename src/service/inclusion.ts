import type { Kysely } from 'kysely'
import type { Discharge } from '../chain/duty-writer.ts'
import { inclusionOf } from '../statement/record.ts'
import { decodeStatement } from '../statement/statement.ts'
import type { LaneContext } from './lane-context.ts'
import { batchAt } from './store/lane-reads.ts'
import { proofOf } from './store/proofs.ts'
import type { Tables } from './store/tables.ts'
import { headAfter, recordOf } from './views.ts'

/** All that proves one order of an accepted batch to a contract, and the head after the batch; `undefined` for one that is not proven. */
export async function inclusionAt(
  db: Kysely<Tables>,
  context: Pick<LaneContext, 'circuit'>,
  { batch: index, epoch, slot }: { readonly batch: bigint; readonly epoch: bigint; readonly slot: number },
): Promise<Discharge | undefined> {
  const [batch, found] = await Promise.all([batchAt(db, index, epoch), proofOf(db, index)])
  if (!batch?.closing || !found?.proof) return undefined
  const statement = decodeStatement(context.circuit.shape, batch.closing.words)
  const record = recordOf(batch, statement, batch.closing.hash, found.proof.beneficiary)
  if (!('terms' in record)) return undefined
  const { orderRoot, statementHash, head, terms } = record
  return { inclusion: inclusionOf(statement, { orderRoot, statementHash, head, terms }, slot), head: headAfter(batch) }
}
