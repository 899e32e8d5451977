import { setTimeout as delay } from 'node:timers/promises'
import type { LedgerReader } from '../chain/reader.ts'
import type { ChainEpoch } from '../chain/records.ts'
import type { Announcement, LedgerWriter } from '../chain/writer.ts'
import { domainSeparator, type SigningDomain } from '../order/domain.ts'
import { keyCommitmentOf } from '../policy/keys.ts'
import { ServiceError } from './errors.ts'
import { EpochSigner } from './receipt-signer.ts'
import type { Secrets } from './secrets.ts'

/** What an epoch is announced with, but for where it begins and its policy, which is the active one. */
export type EpochTerms = Omit<Announcement, 'firstBatch' | 'policyHash'>

/** The terms that follow from an operator's keys. */
export const termsOf = (
  { operatorKey, signerKey }: Pick<Secrets, 'operatorKey' | 'signerKey'>,
  domain: SigningDomain,
): Pick<EpochTerms, 'keyCommit' | 'signer'> => ({
  keyCommit: keyCommitmentOf(operatorKey),
  signer: new EpochSigner(signerKey, domainSeparator(domain)).address,
})

/** How often the chain is looked at, ms. */
const LOOK_MS = 100

/**
 * Opens the next epoch of a ledger whose latest one was abandoned, or which has none, under the active policy; one that is announced already is opened as it is. Nothing is sent where
 * the latest epoch is open.
 * @param terms by default those of the latest epoch, its mode too, from its last accepted state.
 * @returns the number of the epoch that is open now.
 * @throws ServiceError NOT_READY when there is no epoch before and no terms, or no active policy; ChainError.
 */
export async function openNextEpoch(
  reader: LedgerReader,
  writer: LedgerWriter,
  terms?: Partial<EpochTerms>,
): Promise<bigint> {
  const number = await reader.latestEpoch()
  const latest = number === 0n ? undefined : await reader.epoch(number)
  if (latest && !latest.abandoned && latest.seed !== 0n) return number
  const seedBlock = latest && !latest.abandoned ? latest.seedBlock : await announce(reader, writer, latest, terms)
  await until(async () => BigInt(await reader.blockNumber()) > seedBlock)
  return (await writer.openEpoch()).epoch
}

async function announce(
  reader: LedgerReader,
  writer: LedgerWriter,
  latest: ChainEpoch | undefined,
  terms?: Partial<EpochTerms>,
): Promise<bigint> {
  const announcement = await announcementAfter(reader, latest, { firstBatch: latest?.end ?? 0n, ...terms })
  return (await writer.announceEpoch(announcement)).seedBlock
}

/**
 * What the epoch after another is announced with, under the active policy.
 * @param latest the epoch before, whose keys, verifiers and mode it has where the terms do not say otherwise.
 * @throws ServiceError NOT_READY without an epoch before and terms, or without an active policy.
 */
export async function announcementAfter(
  reader: Pick<LedgerReader, 'proposals'>,
  latest: ChainEpoch | undefined,
  { firstBatch, ...terms }: Partial<EpochTerms> & Pick<Announcement, 'firstBatch'>,
): Promise<Announcement> {
  const before = latest && {
    keyCommit: latest.keyCommit,
    signer: latest.signer,
    verifiers: latest.verifiers.map(({ address }) => address),
    sealedMode: latest.sealedMode,
  }
  const { keyCommit, signer, verifiers, ...rest } = { ...before, ...terms }
  if (keyCommit === undefined || signer === undefined || verifiers === undefined)
    throw new ServiceError('NOT_READY', 'the ledger has no epoch whose terms the next one could have')
  const active = (await reader.proposals()).find(({ status }) => status === 'active')
  if (!active) throw new ServiceError('NOT_READY', 'the registry has no active policy')
  return { firstBatch, keyCommit, signer, policyHash: active.policyHash, verifiers, ...rest }
}

/** The chain tells nothing by itself: look until it is so. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(LOOK_MS)
}
