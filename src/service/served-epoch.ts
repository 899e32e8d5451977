import type { Kysely } from 'kysely'
import type { ChainEpoch } from '../chain/records.ts'
import { ServiceError } from './errors.ts'
import type { EpochReads } from './ports.ts'
import { unsettledEpochs } from './store/abandonment.ts'
import type { Tables } from './store/tables.ts'

/**
 * The epoch that a service works in: the latest, unless one before it, which ended in order, has batches that the ledger is yet to accept, or the latest's seed is not there for good.
 * @throws ServiceError NOT_READY for a ledger without an open epoch.
 */
export async function servedEpoch(reader: EpochReads, db: Kysely<Tables>, finalityDepth: number): Promise<ChainEpoch> {
  const number = await reader.latestEpoch()
  if (number === 0n) throw new ServiceError('NOT_READY', 'the ledger has no epoch yet')
  for (const epoch of await unsettledEpochs(db, number)) {
    const found = await reader.epoch(epoch)
    if (!found.abandoned) return found
  }
  const latest = await reader.epoch(number)
  const before = number > 1n ? await reader.epoch(number - 1n) : undefined
  const isFinal = latest.seed !== 0n && BigInt(await reader.blockNumber()) >= latest.seedBlock + BigInt(finalityDepth)
  if (!isFinal && before && !before.abandoned) return before
  if (latest.seed === 0n) throw new ServiceError('NOT_READY', `epoch ${number} is not open yet`)
  return latest
}
