import type { Certificate } from '../../../audit/certificate-schema.ts'
import { acceptedCount } from '../../../chain/accepted-count.ts'
import type { ChallengeCall, Challenger, SentCall, Slash } from '../../../chain/challenger.ts'
import type { Refusal } from '../../../chain/contract-caller.ts'
import { ChainError } from '../../../chain/error.ts'
import { headWords, signedWords } from '../../../chain/evidence.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import type { After } from '../../shared/window.ts'
import { batchOf, openedOf, placesOf, slotOf } from './evidence.ts'

/** What a challenge came to: it was won, something has to pass first, or the contract finds no fault. */
export type Outcome =
  | { readonly outcome: 'won'; readonly slash: Slash }
  | { readonly outcome: 'later'; readonly why: string; readonly after: After }
  | { readonly outcome: 'refused'; readonly why: string }

/** Refusals that say what a challenge came to, in words. Others are errors. */
const LOST: Readonly<Record<string, string>> = {
  AlreadySlashed: 'somebody showed this fault before',
  AskedBefore: 'the report was demanded before, and shown or paid for',
  NoFault: 'the contract finds no fault',
  SameEvidence: 'it shows one thing twice',
  SignatureRefused: 'it is not signed by the one who has to',
  NotOverdue: 'the batch was accepted, or given up with its epoch, or is not overdue',
  BatchMismatch: 'the ledger records another batch',
}

/** Turns certificates into the calls of their challenges, as far as they can be sent now; call again for the rest. */
export class Submitter {
  readonly #reader: LedgerReader
  readonly #challenger: Challenger
  readonly #onCall: (call: SentCall) => void

  /** @param onCall told of each call once it is mined. */
  constructor(reader: LedgerReader, challenger: Challenger, onCall: (call: SentCall) => void) {
    this.#reader = reader
    this.#challenger = challenger
    this.#onCall = onCall
  }

  /** @throws ChainError, CliError USAGE for a batch that cannot be opened. */
  async advance(certificate: Certificate): Promise<Outcome> {
    switch (certificate.kind) {
      case 'receipts-contradict': {
        const [one, other] = certificate.receipts
        return this.#prove(receiptCall('proveEquivocation', [...signedWords(one), ...signedWords(other)]))
      }
      case 'receipt-contradicted':
        return this.#contradicted(certificate)
      case 'duplicate-commitment':
        return this.#duplicated(certificate)
      case 'batch-overdue':
        return this.#overdue(certificate)
      case 'served-unreported':
        return this.#unreported(certificate)
    }
  }

  async #contradicted({ receipt }: Extract<Certificate, { kind: 'receipt-contradicted' }>): Promise<Outcome> {
    const { batch: index, slot } = receipt
    const batch = await batchOf(this.#reader, index)
    const later = await this.#sighted('receiptChallenges', [index])
    if (later) return later
    if (slot < batch.statement.commitments.length)
      return this.#prove(
        receiptCall('proveContradiction', [...signedWords(receipt), headWords(batch.head), slotOf(batch, slot)]),
      )
    const before = await this.#before(index, batch)
    return this.#prove(receiptCall('proveSlotMissing', [...signedWords(receipt), openedOf(batch), before]))
  }

  async #duplicated(certificate: Extract<Certificate, { kind: 'duplicate-commitment' }>): Promise<Outcome> {
    const indices = certificate.batches.map(({ index }) => index)
    const batches = await Promise.all(indices.map((index) => batchOf(this.#reader, index)))
    const later = await this.#sighted('receiptChallenges', indices)
    if (later) return later
    const places = placesOf(certificate, batches).map(({ batch, slot }) => slotOf(batch, slot))
    return this.#prove(receiptCall('proveDuplicate', places))
  }

  async #overdue({ receipt }: Extract<Certificate, { kind: 'batch-overdue' }>): Promise<Outcome> {
    const next = await acceptedCount(this.#reader, { block: await this.#reader.blockNumber() })
    const prove = receiptCall('proveOverdue', [receipt.epoch, receipt.batch, next])
    // Nobody noticed yet, or there is nothing to notice: noticing tells.
    if ((await this.#challenger.refusal(prove))?.error === 'NotOverdue') {
      const notice = receiptCall('noticeOverdue', signedWords(receipt))
      const refusal = await this.#challenger.refusal(notice)
      if (refusal) return outcomeOf(refusal)
      await this.#send(notice)
    }
    return this.#prove(prove)
  }

  async #unreported({
    shard,
    batch: { index },
  }: Extract<Certificate, { kind: 'served-unreported' }>): Promise<Outcome> {
    const conclude: ChallengeCall = { contract: 'reportChallenges', method: 'concludeDemand', args: [index, shard] }
    if ((await this.#challenger.refusal(conclude))?.error === 'NotAsked') {
      const later = await this.#sighted('reportChallenges', [index])
      if (later) return later
      const batch = await batchOf(this.#reader, index)
      const args = [index, openedOf(batch), await this.#before(index, batch), shard]
      const value = await this.#challenger.challengeBond()
      const demand: ChallengeCall = { contract: 'reportChallenges', method: 'demandReport', args, value }
      const refusal = await this.#challenger.refusal(demand)
      if (refusal) return outcomeOf(refusal)
      await this.#send(demand)
    }
    return this.#prove(conclude)
  }

  /** The batch before, opened; batch 0 has none, and the contract does not look at what stands there. */
  async #before(index: bigint, batch: Awaited<ReturnType<typeof batchOf>>) {
    return openedOf(index === 0n ? batch : await batchOf(this.#reader, index - 1n))
  }

  /** Has batches sighted that are to count as evidence. @returns when they do, if that is not now. */
  async #sighted(contract: 'receiptChallenges' | 'reportChallenges', indices: readonly bigint[]) {
    let block = 0n
    for (const index of indices) {
      const record = await this.#reader.record(index)
      if (record === undefined) throw new ChainError('CHAIN_RECORD_INVALID', `batch ${index} is not accepted any more`)
      if ((await this.#challenger.finalAt(contract, record)) === 0n)
        await this.#send({ contract, method: 'sight', args: [index] })
      const finalAt = await this.#challenger.finalAt(contract, record)
      if (finalAt > block) block = finalAt
    }
    if (BigInt(await this.#reader.blockNumber()) >= block) return undefined
    return { outcome: 'later', why: 'a batch counts as evidence once it is final', after: { block } } as const
  }

  /** Sends the call that wins, if the contract would take it. */
  async #prove(call: ChallengeCall): Promise<Outcome> {
    const refusal = await this.#challenger.refusal(call)
    if (refusal) return outcomeOf(refusal)
    const { slash } = await this.#send(call)
    if (slash) return { outcome: 'won', slash }
    return { outcome: 'refused', why: 'the fault is shown, but the operator has no stake left to lose' }
  }

  async #send(call: ChallengeCall): Promise<SentCall> {
    const sent = await this.#challenger.send(call)
    this.#onCall(sent)
    return sent
  }
}

const receiptCall = (method: string, args: readonly unknown[]): ChallengeCall => ({
  contract: 'receiptChallenges',
  method,
  args,
})

/** @throws ChainError TRANSACTION_REVERTED for a refusal that says nothing of the challenge. */
function outcomeOf({ error, args }: Refusal): Outcome {
  const [first, second] = args.map((value) => (typeof value === 'bigint' ? value : 0n))
  if (error === 'WindowOpen')
    return {
      outcome: 'later',
      why: 'the operator has a window to answer in',
      after: { timeS: (first ?? 0n) + 1n, block: (second ?? 0n) + 1n },
    }
  const why = LOST[error]
  if (why !== undefined) return { outcome: 'refused', why }
  throw new ChainError('TRANSACTION_REVERTED', `the contract refused: ${error}`, {
    details: { error, args: [...args] },
  })
}
