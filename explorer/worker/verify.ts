import { LedgerAudit } from '../../src/audit/audit.ts'
import { type Carry, EMPTY_LOG, newCarry } from '../../src/audit/carry.ts'
import { type Check, equal } from '../../src/audit/check.ts'
import { epochAt } from '../../src/audit/epoch-at.ts'
import { unpackItems } from '../../src/base/pack.ts'
import { ChainError } from '../../src/chain/error.ts'
import type { LedgerReader } from '../../src/chain/reader.ts'
import type { ChainBatch, ChainEpoch } from '../../src/chain/records.ts'
import { catchInvalidRecords, seedBlockHashes } from '../../src/cli/audit/read.ts'
import { ClientError } from '../../src/client/error.ts'
import { bind } from '../../src/statement/binding.ts'
import { type Head, headHash, recordHash, termsOf } from '../../src/statement/record.ts'
import { encodeStatement, type Statement } from '../../src/statement/statement.ts'
import type { VerifiedBatch } from '../wire/views.ts'
import { assignmentsOf, digestOf } from './digest.ts'
import type { Handler } from './serve.ts'

/**
 * Checks one accepted batch from the chain alone: what its epoch rests on, and the batch itself, going on from the head that the batch before it left on
 * chain. Whether a commitment was accepted in an earlier batch only an audit of the whole ledger tells, so that code is not reported.
 */
export const verify: Handler<'verify'> = async (sources, index, note) => {
  const reader = await sources.reader()
  let found: { batch: ChainBatch; epoch: ChainEpoch | undefined; statement?: Statement } | undefined
  const checks = catchInvalidRecords(async function* () {
    const batch = await batchAt(reader, index)
    const [epochs, registry] = await Promise.all([reader.epochs(), reader.registry()])
    const epoch = epochAt(epochs, index)
    found = { batch, epoch }
    const from = yield* carryTo(reader, batch)
    const onStatement = (statement: Statement): void => {
      found = { batch, epoch, statement }
    }
    const audit = new LedgerAudit(reader.config, epochs, { from, onStatement })
    const blockHashes = await seedBlockHashes(reader, epoch ? [epoch] : [])
    for (const check of audit.opening({ registry, blockHashes }))
      if (check.epoch === undefined || check.epoch === epoch?.epoch) yield check
    yield* audit.batch(batch)
    yield* audit.settle()
  })
  for await (const check of checks) if (check.name !== 'accepted-once') note(check)
  if (!found) throw new ChainError('CHAIN_RECORD_INVALID', `the records of batch ${index} do not hold together`)
  return view(reader, found)
}

async function batchAt(reader: LedgerReader, index: bigint): Promise<ChainBatch> {
  const batch = await reader.batch(index)
  if (batch) return batch
  throw new ClientError('NOT_ACCEPTED', `the chain has no batch ${index}`, { details: { index } })
}

/** The head that a batch says it continues, held to what the ledger stored when it accepted the batch before. */
async function* carryTo(reader: LedgerReader, batch: ChainBatch): AsyncGenerator<Check, Carry> {
  if (batch.index === 0n) return newCarry(reader.config)
  const { counters, ...previous } = batch.submission.previous
  const head: Head = { ...previous, counters: unpackItems(counters, 64, 4, reader.config.shards) }
  const before = await batchAt(reader, batch.index - 1n)
  const { orderRoot, statementHash, head: left, submission } = before
  const place = { batch: batch.index, at: 'what the batch before left' }
  yield equal('previous-head', place, left, headHash(head))
  const terms = termsOf({ ...submission, count: submission.commitments.length })
  const at = { batch: batch.index, at: 'record of the batch before' }
  yield equal('batch-record', at, recordHash({ orderRoot, statementHash, head: left, terms }), before.record)
  return { head, accepted: new Set(), log: EMPTY_LOG }
}

function view(
  { config }: LedgerReader,
  { batch, epoch, statement }: { batch: ChainBatch; epoch: ChainEpoch | undefined; statement?: Statement },
): VerifiedBatch {
  const { beneficiary, blockTime, orderRoot, record, submission } = batch
  const verifier = epoch?.verifiers[submission.verifier]
  const signals =
    statement && verifier
      ? bind(
          { ...config, beneficiary, verifierId: verifier.verifierId },
          encodeStatement({ shards: config.shards, slots: verifier.slots }, statement),
        )
      : undefined
  return {
    ...digestOf(batch, config.shards),
    ...{ beneficiary, blockTime, orderRoot, record, signals },
    signer: epoch?.signer ?? '',
    commitments: submission.commitments,
    assignments: assignmentsOf(batch),
  }
}
