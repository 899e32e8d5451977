import { CodedError } from '../base/error.ts'
import type { ChainEpoch } from '../chain/records.ts'
import type { PreparedTransaction } from '../chain/writer.ts'
import { NO_END } from '../statement/record.ts'
import type { EpochEnding } from './api.ts'
import { ServiceError } from './errors.ts'
import type { LaneContext } from './lane-context.ts'
import type { Log } from './log.ts'
import { announcementAfter } from './next-epoch.ts'
import type { EpochReads, EpochWrites } from './ports.ts'
import type { Database } from './store/database.ts'
import { endingOf } from './store/epoch-ends.ts'

interface EpochChangeParts {
  readonly database: Pick<Database, 'db'>
  readonly context: Pick<LaneContext, 'epoch'>
  /** First index that the epoch does not have, as far as that is known: while nothing ends it there is nothing to do. */
  readonly epoch: { readonly end: bigint }
  readonly reader: EpochReads
  readonly writer: EpochWrites
  /** A transaction that is in no block is offered again after this, at the price of the day where that is higher, ms: the node may have lost it. */
  readonly repriceAfterMs: number
  readonly log: Log
}

/** Brings about what was decided of the epoch's end: announces the next one, and opens it when its seed's block is there. The chain tells how far it is, whoever did a step. */
export class EpochChange {
  readonly #parts: EpochChangeParts
  #sent: (PreparedTransaction & { readonly step: string; readonly at: number }) | undefined

  constructor(parts: EpochChangeParts) {
    this.#parts = parts
  }

  /** Does what is next, if something is, without waiting for its effect. A failure is told to the log, and tried again by a later call. */
  async step(): Promise<void> {
    try {
      await this.#step()
    } catch (error) {
      const known = error instanceof CodedError ? error : undefined
      const code = known?.code ?? 'UNEXPECTED'
      this.#parts.log.warn({ code, error: known?.details.error }, 'the next epoch cannot be begun yet')
    }
  }

  async #step(): Promise<void> {
    const { database, context, epoch, reader, writer } = this.#parts
    if (epoch.end === NO_END) return
    const latest = await reader.epoch(await reader.latestEpoch())
    if (latest.abandoned) return
    if (latest.epoch <= context.epoch) {
      const ending = await endingOf(database.db, context.epoch)
      if (!ending) return
      return this.#once('announced', async () =>
        writer.prepareAnnouncement(await announcementOf(reader, latest, ending)),
      )
    }
    const { seed, seedBlock } = latest
    if (seed === 0n && BigInt(await reader.blockNumber()) > seedBlock)
      return this.#once('opened', () => writer.prepareOpening())
  }

  async #once(step: string, prepare: () => Promise<PreparedTransaction>): Promise<void> {
    const { context, writer, repriceAfterMs, log } = this.#parts
    const at = performance.now()
    const sent = this.#sent?.step === step ? this.#sent : undefined
    if (sent && at - sent.at < repriceAfterMs) return
    const transaction = (sent && (await this.#waiting(sent))) ?? (await prepare())
    // What is refused, as its nonce is taken, is made anew the next time.
    this.#sent = undefined
    await writer.broadcast(transaction)
    this.#sent = { ...transaction, step, at }
    log.info({ epoch: `${context.epoch + 1n}`, transaction: transaction.hash }, `the next epoch is being ${step}`)
  }

  /** What to send of a transaction that may still be mined; `undefined` when it failed, or a reorg took its effect. */
  async #waiting(sent: PreparedTransaction): Promise<PreparedTransaction | undefined> {
    const { reader, writer } = this.#parts
    if (await reader.transaction(sent.hash)) return undefined
    return (await writer.reprice(sent)) ?? sent
  }
}

/** What the ledger's commonest errors mean here; others are told by their names. */
const REASONS: Readonly<Record<string, string>> = {
  EpochWaiting: 'no batch of the latest one is accepted yet',
  NotOperator: 'the submitter is not the operator',
}

/**
 * Asks the ledger whether it would take the epoch that follows an ending, before anything is decided.
 * @throws ServiceError EPOCH_CHANGE_REFUSED.
 */
export async function assertChangeable(
  { reader, writer }: Pick<EpochChangeParts, 'reader' | 'writer'>,
  ending: EpochEnding,
): Promise<void> {
  const announcement = await announcementOf(reader, await reader.epoch(ending.epoch), ending)
  try {
    await writer.tryAnnouncement(announcement)
  } catch (cause) {
    if (!(cause instanceof CodedError) || cause.code !== 'TRANSACTION_REVERTED') throw cause
    const { error } = cause.details
    const why = REASONS[String(error)] ?? String(error)
    throw new ServiceError('EPOCH_CHANGE_REFUSED', `the ledger would not take the next epoch: ${why}`, {
      cause,
      details: { epoch: ending.epoch, error },
    })
  }
}

const announcementOf = (reader: EpochReads, latest: ChainEpoch, { end, nextSealed }: EpochEnding) =>
  announcementAfter(reader, latest, { firstBatch: end, sealedMode: nextSealed })
