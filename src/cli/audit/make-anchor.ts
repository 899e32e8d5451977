import { type AnchorSource, makeAnchor } from '../../audit/anchor.ts'
import type { Anchor } from '../../audit/anchor-schema.ts'
import { AuditError } from '../../audit/check.ts'
import { epochAt } from '../../audit/epoch-at.ts'
import type { Hex32 } from '../../base/keccak.ts'
import { acceptedCount } from '../../chain/accepted-count.ts'
import { ChainError } from '../../chain/error.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import type { ChainEpoch } from '../../chain/records.ts'

/** Which batches an anchor is to hold, and what it is read at. */
export interface AnchorChoice {
  /** Index of the first batch; 0 by default. */
  readonly first?: bigint | undefined
  /** Index of the last batch, itself included; the last accepted one by default. */
  readonly last?: bigint | undefined
  /** Number of the block; the latest by default. */
  readonly block?: number | undefined
}

/** Views asked for at a time: what ethers puts into one request. */
const AT_A_TIME = 100

/**
 * Makes an anchor from what a ledger's contracts say at one block.
 * @throws AuditError `BATCH_NOT_ACCEPTED`, `KEY_UNKNOWN`; ChainError, also when the block is replaced by another while it is read.
 */
export async function readAnchorFromChain(reader: LedgerReader, choice: AnchorChoice): Promise<Anchor> {
  const at = choice.block ?? (await reader.blockNumber())
  const block = await blockAt(reader, at)
  const accepted = await acceptedCount(reader, { block: at })
  const first = choice.first ?? 0n
  const last = choice.last ?? accepted - 1n
  if (last >= accepted || first > last)
    throw new AuditError('BATCH_NOT_ACCEPTED', `at block ${at} the ledger had accepted ${accepted} batches`, {
      details: { block: at, accepted, first, last },
    })
  const records = await recordsBetween(reader, first, last, at)
  const epochs = await epochsBetween(reader, first, last)
  if ((await blockAt(reader, at)).hash !== block.hash)
    throw new ChainError('CHAIN_RECORD_INVALID', `block ${at} was replaced while it was read; try again`)
  const seals = await sealsOf(reader, epochs, first, last)
  const source: AnchorSource = { config: reader.config, block, accepted, epochs, firstBatch: first, records, seals }
  return makeAnchor(source)
}

async function blockAt(reader: LedgerReader, number: number): Promise<AnchorSource['block']> {
  const block = await reader.block(number)
  if (block) return { number: BigInt(number), hash: block.hash, time: BigInt(block.timeS) }
  throw new ChainError('CHAIN_RECORD_INVALID', `the chain has no block ${number}`, { details: { block: number } })
}

/** Seals of the batches of epochs in sealed mode. @throws ChainError CHAIN_RECORD_INVALID for a batch without one. */
async function sealsOf(reader: LedgerReader, epochs: readonly ChainEpoch[], first: bigint, last: bigint) {
  const seals: { index: bigint; blockHash: Hex32 }[] = []
  if (!epochs.some(({ sealedMode }) => sealedMode)) return seals
  for (let index = first; index <= last; index++) {
    if (epochAt(epochs, index)?.sealedMode !== true) continue
    const seal = (await reader.batch(index))?.seal
    if (!seal) throw new ChainError('CHAIN_RECORD_INVALID', `batch ${index} was accepted without its seal`)
    seals.push({ index, blockHash: seal.blockHash })
  }
  return seals
}

/** Records of a range of accepted batches. @param block at whose end to look. @throws ChainError CHAIN_RECORD_INVALID for a gap. */
export async function recordsBetween(
  reader: LedgerReader,
  first: bigint,
  last: bigint,
  block?: number,
): Promise<Hex32[]> {
  const records: Hex32[] = []
  while (first + BigInt(records.length) <= last) {
    const from = first + BigInt(records.length)
    const count = Math.min(AT_A_TIME, Number(last - from) + 1)
    const asked = Array.from({ length: count }, (_, i) => reader.record(from + BigInt(i), block))
    for (const record of await Promise.all(asked)) {
      if (record === undefined)
        throw new ChainError('CHAIN_RECORD_INVALID', 'a batch between accepted ones has no record')
      records.push(record)
    }
  }
  return records
}

/** The epochs of a range of batches, in order. Found from the latest one down: ranges are mostly of late batches. */
async function epochsBetween(reader: LedgerReader, first: bigint, last: bigint): Promise<ChainEpoch[]> {
  const epochs: ChainEpoch[] = []
  for (let number = await reader.latestEpoch(); number >= 1n; number--) {
    const epoch = await reader.epoch(number)
    if (epoch.firstBatch <= last) epochs.unshift(epoch)
    if (epoch.firstBatch <= first) return epochs
  }
  throw new ChainError('CHAIN_RECORD_INVALID', `no epoch begins at or before batch ${first}`)
}
