import type { Certificate } from '../../../audit/certificate-schema.ts'
import type { FoundBatch } from '../../../audit/find-violation.ts'
import { rebuildAlone } from '../../../audit/range.ts'
import { openedBatch } from '../../../chain/evidence.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import type { ChainBatch, ChainEpoch } from '../../../chain/records.ts'
import { headHash, type Inclusion, inclusionOf, type RecordParts, recordParts } from '../../../statement/record.ts'
import { CliError } from '../../shared/exit.ts'

/** An accepted batch with its V, from the chain. @throws CliError USAGE for one that has none: an audit names what is wrong with it. */
export function foundBatch({ config }: LedgerReader, epochs: readonly ChainEpoch[], batch: ChainBatch): FoundBatch {
  const rebuilt = rebuildAlone(config, epochs, batch)
  const slots = typeof rebuilt === 'string' ? undefined : rebuilt.epoch.verifiers[batch.submission.verifier]?.slots
  if (typeof rebuilt === 'string' || slots === undefined)
    throw new CliError('USAGE', `batch ${batch.index} cannot be opened; "fairlead audit run" says what is wrong`)
  return { ...rebuilt, epoch: rebuilt.epoch.epoch, slots, beneficiary: batch.submission.beneficiary }
}

/** The accepted batch of an index. @param known the ledger's epochs, where the caller has read them. @throws CliError USAGE. */
export async function batchOf(reader: LedgerReader, index: bigint, known?: readonly ChainEpoch[]): Promise<FoundBatch> {
  const [epochs, batch] = await Promise.all([known ?? reader.epochs(), reader.batch(index)])
  if (batch) return foundBatch(reader, epochs, batch)
  throw new CliError('USAGE', `batch ${index} is not accepted`)
}

/** What the ledger recorded for a batch. */
export const recordOf = ({ statement, words, head, beneficiary }: FoundBatch): RecordParts =>
  recordParts(statement, words, headHash(head), beneficiary)

/** A batch, opened as far as its head. */
export const openedOf = (batch: FoundBatch) => openedBatch(recordOf(batch), batch.head)

/** One slot of a batch with its way to the root. */
export const slotOf = (batch: FoundBatch, slot: number): Inclusion =>
  inclusionOf(batch.statement, recordOf(batch), slot)

/** Places of a commitment in batches: the two that a duplicate is shown by. */
export function placesOf(
  { commitment }: Extract<Certificate, { kind: 'duplicate-commitment' }>,
  batches: readonly FoundBatch[],
): { batch: FoundBatch; slot: number }[] {
  const all = batches.flatMap((batch) =>
    batch.statement.commitments.flatMap((found, slot) => (found === commitment ? [{ batch, slot }] : [])),
  )
  const twice = all.find(({ batch }, i) => all[i + 1]?.batch === batch)
  // Twice in one batch, whatever became of it; else accepted in each.
  if (twice) return all.filter(({ batch }) => batch === twice.batch).slice(0, 2)
  return all.filter(({ batch, slot }) => batch.statement.assignments[slot] !== 0).slice(0, 2)
}
