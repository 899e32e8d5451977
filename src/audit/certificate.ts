import { CodedError } from '../base/error.ts'
import { jsonText } from '../base/json.ts'
import { domainSeparator, type SigningDomain, signerOf } from '../order/domain.ts'
import { type AcceptedBatch, contradiction, receiptDigest } from '../order/receipt.ts'
import { orderRoot, recordHash, termsHash } from '../statement/record.ts'
import { decodeStatement, type Statement, statementHash } from '../statement/statement.ts'
import { CERTIFICATE_FORMAT, Certificate, type OpenedBatch } from './certificate-schema.ts'
import { parseJson } from './json-text.ts'
import type { SignedReceipt } from './records.ts'
import { contradicts } from './steps/receipts.ts'

/** What a certificate is checked against: a chain now, or an anchor of it. */
export interface CertificateWorld extends SigningDomain {
  /** `record[index]`; `undefined` for a batch that is not accepted. `unknown` where nobody tells. */
  readonly record: (index: bigint) => Promise<string | undefined | 'unknown'>
  /** Signer of an epoch; `undefined` when there is none, or nobody tells. */
  readonly signer: (epoch: bigint) => Promise<string | undefined>
  /** The epoch of an accepted batch. */
  readonly epochOf: (index: bigint) => Promise<bigint | undefined>
  /** Seconds since the Unix epoch. */
  readonly timeS: bigint
  /** Seconds from a batch's time to when it must be accepted; `undefined` where nobody tells. */
  readonly deadlineS: number | undefined
}

/** Whether a certificate proves what it says: `proven`, or in words why not (`refuted`) or what is not known (`unknown`). */
export type CertificateVerdict =
  | { readonly verdict: 'proven'; readonly says: string }
  | { readonly verdict: 'refuted' | 'unknown'; readonly why: string }

/** The one text of a certificate. */
export const writeCertificate = (certificate: Certificate): string => `${jsonText(certificate, 2)}\n`

/** Reads a certificate; `undefined` for anything else. */
export const readCertificate = (text: string): Certificate | undefined => Certificate.safeParse(parseJson(text)).data

/** A certificate's head. */
export const certificateHead = ({ chainId, ledger }: SigningDomain) =>
  ({ format: CERTIFICATE_FORMAT, chainId, ledger }) as const

/** Checks a certificate, trusting nothing in it. */
export async function verifyCertificate(
  certificate: Certificate,
  world: CertificateWorld,
): Promise<CertificateVerdict> {
  const { chainId, ledger } = certificate
  if (chainId !== world.chainId || ledger.toLowerCase() !== world.ledger.toLowerCase())
    return refuted(`it is of ledger ${ledger} on chain ${chainId}`)
  const receipts =
    certificate.kind === 'receipts-contradict'
      ? certificate.receipts
      : 'receipt' in certificate
        ? [certificate.receipt]
        : []
  for (const receipt of receipts) {
    const fault = await unsigned(receipt, world)
    if (fault) return fault
  }
  if (certificate.kind === 'receipts-contradict') {
    const [one, other] = certificate.receipts
    if (!contradicts(one, other)) return refuted('both receipts can be kept')
    return proven(
      `two receipts of epoch ${one.epoch} contradict each other (batch ${one.batch}, slot ${one.slot}, and batch ${other.batch}, slot ${other.slot})`,
    )
  }
  if (certificate.kind === 'receipt-contradicted') return contradicted(certificate, world)
  if (certificate.kind === 'duplicate-commitment') return duplicated(certificate, world)
  return overdue(certificate.receipt, world)
}

/** A receipt that the epoch's signer did not sign proves nothing. */
async function unsigned(receipt: SignedReceipt, world: CertificateWorld): Promise<CertificateVerdict | undefined> {
  const signer = await world.signer(receipt.epoch)
  if (signer === undefined) return unknown(`nobody tells who signs for epoch ${receipt.epoch}`)
  const found = signerOf(receiptDigest(domainSeparator(world), receipt), receipt.signature)
  return found === signer ? undefined : refuted(`the receipt is not signed by the epoch's signer ${signer}`)
}

async function contradicted(
  { receipt, batch }: Extract<Certificate, { kind: 'receipt-contradicted' }>,
  world: CertificateWorld,
): Promise<CertificateVerdict> {
  if (batch.index !== receipt.batch) return refuted('the batch is not the one that the receipt names')
  const opened = await open(batch, world)
  if ('verdict' in opened) return opened
  const broken = contradiction(receipt, opened)
  if (broken === undefined) return refuted('the batch keeps the receipt')
  return proven(`batch ${batch.index} has another ${broken} in slot ${receipt.slot} than the receipt promised`)
}

async function duplicated(
  { commitment, batches }: Extract<Certificate, { kind: 'duplicate-commitment' }>,
  world: CertificateWorld,
): Promise<CertificateVerdict> {
  const places: { readonly batch: bigint; readonly slot: number; readonly accepted: boolean }[] = []
  for (const batch of batches) {
    const opened = await open(batch, world)
    if ('verdict' in opened) return opened
    for (const [slot, found] of opened.commitments.entries())
      if (found === commitment) places.push({ batch: batch.index, slot, accepted: opened.assignments[slot] !== 0 })
  }
  const [one, other] = places
  if (batches[0]?.index === batches[1]?.index) return refuted('it holds one batch twice')
  if (!one || !other) return refuted('the commitment is there once at most')
  const twice = places.filter(({ accepted }) => accepted)
  const inOne = places.find(({ batch, slot }) => batch === one.batch && slot !== one.slot)
  if (inOne)
    return proven(`commitment ${commitment} is twice in batch ${one.batch}: slots ${one.slot} and ${inOne.slot}`)
  if (twice.length < 2) return refuted('the commitment was accepted once at most')
  return proven(
    `commitment ${commitment} was accepted in batch ${one.batch}, slot ${one.slot}, and again in batch ${other.batch}, slot ${other.slot}`,
  )
}

async function overdue(receipt: SignedReceipt, world: CertificateWorld): Promise<CertificateVerdict> {
  const record = await world.record(receipt.batch)
  if (record === 'unknown' || world.deadlineS === undefined)
    return unknown('nobody tells the deadline, or whether the batch was accepted')
  if (record !== undefined) return refuted(`batch ${receipt.batch} was accepted`)
  const dueS = receipt.time / 1_000_000n + BigInt(world.deadlineS)
  if (world.timeS <= dueS) return refuted(`batch ${receipt.batch} is not due before ${dueS} s`)
  return proven(`batch ${receipt.batch} was due at ${dueS} s and is not accepted at ${world.timeS} s`)
}

/** Opens an accepted batch: V and head must be what the ledger recorded. */
async function open(batch: OpenedBatch, world: CertificateWorld): Promise<AcceptedBatch | CertificateVerdict> {
  const statement = statementOf(batch)
  if (typeof statement === 'string') return refuted(statement)
  const record = await world.record(batch.index)
  if (record === 'unknown') return unknown(`nobody tells the record of batch ${batch.index}`)
  if (record === undefined) return refuted(`batch ${batch.index} is not accepted`)
  const { words, head, beneficiary } = batch
  const parts = {
    orderRoot: orderRoot(statement),
    statementHash: statementHash(words),
    head,
    terms: termsHash(statement, beneficiary),
  }
  if (recordHash(parts) !== record) return refuted(`batch ${batch.index} is recorded otherwise`)
  const epoch = await world.epochOf(batch.index)
  if (epoch === undefined) return unknown(`nobody tells the epoch of batch ${batch.index}`)
  const { time, commitments, assignments } = statement
  return { epoch, index: batch.index, time, commitments, assignments }
}

function statementOf({ shards, slots, words, index }: OpenedBatch): Statement | string {
  try {
    const statement = decodeStatement({ shards, slots }, words)
    return statement.batchIndex === index ? statement : `its words are of batch ${statement.batchIndex}`
  } catch (error) {
    if (error instanceof CodedError) return error.message
    throw error
  }
}

const proven = (says: string): CertificateVerdict => ({ verdict: 'proven', says })
const refuted = (why: string): CertificateVerdict => ({ verdict: 'refuted', why })
const unknown = (why: string): CertificateVerdict => ({ verdict: 'unknown', why })
