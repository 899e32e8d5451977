import { FIELD_MODULUS } from '../../base/field.ts'
import type { SigningDomain } from '../../order/domain.ts'
import { epochSeed, NO_END, sealSeed } from '../../statement/record.ts'
import { announcedEpochs } from '../announced.ts'
import { equal, holds } from '../check.ts'
import type { BatchRecord, EpochRecord } from '../records.ts'
import type { ArrivedBatch, ChecksOf, EpochContext, LedgerContext } from '../step.ts'

const ZERO_ADDRESS = `0x${'00'.repeat(20)}`

/** Epochs follow each other, each rests on a key, a signer and a seed that nobody could choose, and each batch belongs to the epoch that its index selects. */
export const epochs = {
  /** An epoch in itself, and after the one before it. */
  *epoch({ config, epoch: record, before, chainHash }: EpochContext): ChecksOf<'epochs'> {
    const { epoch, firstBatch, keyCommit, signer, seed, seedBlockHash } = record
    if (before === 'first') {
      yield equal('epoch-sequence', { epoch, at: 'number' }, 1n, epoch)
      yield equal('epoch-sequence', { epoch, at: 'firstBatch' }, 0n, firstBatch)
    } else if (before !== 'unknown') {
      yield equal('epoch-sequence', { epoch, at: 'number' }, before.epoch + 1n, epoch)
      const place = { epoch, at: 'firstBatch' }
      // After an abandonment the next index is the only place to go on, even if the abandoned epoch had no batch.
      if (before.abandoned === true) yield equal('epoch-sequence', place, before.end ?? before.firstBatch, firstBatch)
      else {
        const follows = firstBatch > before.firstBatch
        yield holds('epoch-sequence', place, follows, `above ${before.firstBatch}`, firstBatch)
      }
    }
    if (record.fromReset === true && before !== 'unknown') {
      const after = before !== 'first' && before.abandoned === true
      yield holds('epoch-sequence', { epoch, at: 'fromReset' }, after, 'after an abandoned epoch', 'after another')
    }
    const keyFits = keyCommit > 0n && keyCommit < FIELD_MODULUS
    yield holds('epoch-key', { epoch, at: 'keyCommit' }, keyFits, 'a field element but 0', keyCommit)
    yield holds('epoch-key', { epoch, at: 'signer' }, signer !== ZERO_ADDRESS, 'an account', signer)
    if (seedBlockHash === undefined)
      return yield holds('epoch-seed', { epoch }, seed === 0n, 'no seed while the block is unknown', seed)
    yield equal('epoch-seed', { epoch }, epochSeed(config, epoch, seedBlockHash), seed)
    if (chainHash !== undefined) yield equal('epoch-seed', { epoch, at: 'block' }, chainHash, seedBlockHash)
  },

  /** The ledger's events told of just these epochs, before any seed was known. */
  *ledger({ epochs: records, registry }: Pick<LedgerContext, 'epochs' | 'registry'>): ChecksOf<'epochs'> {
    if (!registry) return
    const told = announcedEpochs(registry.events)
    yield equal('epoch-announced', { at: 'announcements' }, records.length, told.length)
    for (const [i, record] of records.entries()) {
      const event = told[i]
      if (!event) continue
      for (const field of ['epoch', 'firstBatch', 'seedBlock', 'policyHash', 'signer', 'keyCommit'] as const)
        yield equal('epoch-announced', { epoch: record.epoch, at: field }, event[field], record[field])
      const multiplied = { epoch: record.epoch, at: 'multipliers' }
      yield equal('epoch-announced', multiplied, `${event.multipliers ?? []}`, `${record.multipliers ?? []}`)
      for (const flag of ['fromReset', 'sealedMode', 'abandoned'] as const)
        yield equal('epoch-announced', { epoch: record.epoch, at: flag }, event[flag], record[flag] ?? false)
      const expected = event.end ?? NO_END
      // Records may leave an end out that nothing rests on.
      const found = record.end ?? (event.abandoned ? 'none' : expected)
      if (expected !== NO_END || found !== NO_END)
        yield equal('epoch-announced', { epoch: record.epoch, at: 'end' }, expected, found)
    }
  },

  *batch({ config, batch, epoch }: Pick<ArrivedBatch, 'config' | 'batch' | 'epoch'>): ChecksOf<'epochs'> {
    const right = epoch?.epoch === batch.epoch && epoch.seed !== 0n
    yield holds('batch-epoch', { batch: batch.index }, right, `epoch ${epoch?.epoch}, open`, batch.epoch)
    if (epoch) yield* sealed(config, epoch, batch)
  },
}

/** In sealed mode a batch brings its own seed, from the block that its seal fixed. */
function* sealed(
  domain: SigningDomain,
  { epoch, sealedMode = false }: EpochRecord,
  { index, seal }: BatchRecord,
): ChecksOf<'epochs'> {
  if (!sealedMode && !seal) return
  const place = { batch: index, at: 'seal' }
  const expected = sealedMode ? 'a seal' : 'no seal'
  yield holds('epoch-seed', place, sealedMode === (seal !== undefined), expected, seal?.seed ?? 'none')
  if (!seal) return
  yield equal('epoch-seed', place, sealSeed(domain, epoch, index, seal.blockHash), seal.seed)
  const at = { ...place, at: 'block of the seal' }
  if (seal.chainHash !== undefined) yield equal('epoch-seed', at, seal.chainHash, seal.blockHash)
}
