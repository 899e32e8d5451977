import type { SigningDomain } from '../order/domain.ts'
import { contradiction } from '../order/receipt.ts'
import { headHash } from '../statement/record.ts'
import { type Certificate, certificateHead, type OpenedBatch } from './certificate-schema.ts'
import type { SignedReceipt } from './records.ts'
import type { Rebuilt } from './step.ts'
import { contradicts } from './steps/receipts.ts'

/** An accepted batch with its V, as certificates need it. */
export interface FoundBatch extends Rebuilt {
  readonly epoch: bigint
  readonly slots: number
  readonly beneficiary: string
}

/** A batch in the form that a certificate holds it. */
export const openedBatch = ({ statement, words, head, slots, beneficiary }: FoundBatch): OpenedBatch => ({
  index: statement.batchIndex,
  shards: statement.fees.length,
  slots,
  words: [...words],
  head: headHash(head),
  beneficiary,
})

/** Each two of the receipts that contradict each other; whether both are signed is for the check to say. */
export function* findContradictions(domain: SigningDomain, receipts: readonly SignedReceipt[]): Generator<Certificate> {
  for (const [i, one] of receipts.entries())
    for (const other of receipts.slice(i + 1))
      if (contradicts(one, other))
        yield { ...certificateHead(domain), kind: 'receipts-contradict', receipts: [one, other] }
}

/** A receipt that its accepted batch contradicts, or one whose batch is not there; whether that is overdue is for the check to say. */
export function findBrokenReceipt(
  domain: SigningDomain,
  receipt: SignedReceipt,
  batch: FoundBatch | undefined,
): Certificate | undefined {
  if (!batch) return { ...certificateHead(domain), kind: 'batch-overdue', receipt }
  const { batchIndex: index, time, commitments, assignments } = batch.statement
  const broken = contradiction(receipt, { epoch: batch.epoch, index, time, commitments, assignments })
  if (broken === undefined) return undefined
  return { ...certificateHead(domain), kind: 'receipt-contradicted', receipt, batch: openedBatch(batch) }
}

/** Looks for a commitment that is accepted twice, batch by batch; give it every batch in order. */
export class DuplicateFinder {
  readonly #domain: SigningDomain
  /** Batches that accepted each commitment. */
  readonly #accepted = new Map<bigint, FoundBatch>()

  constructor(domain: SigningDomain) {
    this.#domain = domain
  }

  /** @returns the certificate of the first duplicate that ends with this batch. */
  add(batch: FoundBatch): Certificate | undefined {
    const { commitments, assignments } = batch.statement
    const inBatch = new Set<bigint>()
    for (const [slot, commitment] of commitments.entries()) {
      if (inBatch.has(commitment)) return this.#certificate(commitment, [batch])
      inBatch.add(commitment)
      if (assignments[slot] === 0) continue
      const before = this.#accepted.get(commitment)
      if (before) return this.#certificate(commitment, [before, batch])
    }
    for (const [slot, commitment] of commitments.entries())
      if (assignments[slot] !== 0) this.#accepted.set(commitment, batch)
    return undefined
  }

  #certificate(commitment: bigint, batches: readonly FoundBatch[]): Certificate {
    return {
      ...certificateHead(this.#domain),
      kind: 'duplicate-commitment',
      commitment,
      batches: batches.map(openedBatch),
    }
  }
}
