import { jsonText } from '../base/json.ts'
import { domainSeparator, signerOf } from '../order/domain.ts'
import { contradiction, receiptDigest } from '../order/receipt.ts'
import { Certificate } from './certificate-schema.ts'
import { type CertificateVerdict, type CertificateWorld, proven, refuted, unknown } from './certificate-world.ts'
import { parseJson } from './json-text.ts'
import { openBatch } from './open-batch.ts'
import type { SignedReceipt } from './records.ts'
import { contradicts } from './steps/receipts.ts'
import { verifyUnreported } from './unreported.ts'

/** The one text of a certificate. */
export const writeCertificate = (certificate: Certificate): string => `${jsonText(certificate, 2)}\n`

/** Reads a certificate; `undefined` for anything else. */
export const readCertificate = (text: string): Certificate | undefined => Certificate.safeParse(parseJson(text)).data

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
  if (certificate.kind === 'served-unreported') return verifyUnreported(certificate, world)
  return overdue(certificate.receipt, world)
}

/** A receipt that the epoch's signer did not sign proves nothing. */
async function unsigned(receipt: SignedReceipt, world: CertificateWorld): Promise<CertificateVerdict | undefined> {
  const signer = await world.signer(receipt.epoch)
  if (signer === undefined) return unknown(`nobody tells who signs for epoch ${receipt.epoch}`)
  const found = signerOf(receiptDigest(domainSeparator(world), receipt), receipt.signature)
  return found === signer ? undefined : refuted(`the receipt is not signed by the epoch's signer ${signer}`)
}

/** What was given up with its epoch is not promised any more. */
async function voided(
  { epoch, batch }: SignedReceipt,
  world: CertificateWorld,
): Promise<CertificateVerdict | undefined> {
  if (!(await world.isVoid(epoch, batch))) return undefined
  return refuted(`epoch ${epoch} was given up before batch ${batch}: the receipt is void, and broken by nobody`)
}

async function contradicted(
  { receipt, batch }: Extract<Certificate, { kind: 'receipt-contradicted' }>,
  world: CertificateWorld,
): Promise<CertificateVerdict> {
  if (batch.index !== receipt.batch) return refuted('the batch is not the one that the receipt names')
  const opened = await openBatch(batch, world)
  if ('verdict' in opened) return opened
  const broken = contradiction(receipt, opened)
  if (broken === undefined) return refuted('the batch keeps the receipt')
  const given = await voided(receipt, world)
  if (given) return given
  return proven(`batch ${batch.index} has another ${broken} in slot ${receipt.slot} than the receipt promised`)
}

async function duplicated(
  { commitment, batches }: Extract<Certificate, { kind: 'duplicate-commitment' }>,
  world: CertificateWorld,
): Promise<CertificateVerdict> {
  const places: { readonly batch: bigint; readonly slot: number; readonly accepted: boolean }[] = []
  for (const batch of batches) {
    const opened = await openBatch(batch, world)
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
  const given = await voided(receipt, world)
  if (given) return given
  const dueS = receipt.time / 1_000_000n + BigInt(world.deadlineS)
  if (world.timeS <= dueS) return refuted(`batch ${receipt.batch} is not due before ${dueS} s`)
  return proven(`batch ${receipt.batch} was due at ${dueS} s and is not accepted at ${world.timeS} s`)
}
