import { CodedError } from '../base/error.ts'
import { domainSeparator, type SigningDomain, signerOf } from '../order/domain.ts'
import { servedDigest } from '../order/served.ts'
import { shardPolicyOf } from '../policy/policy.ts'
import { type Certificate, certificateHead } from './certificate-schema.ts'
import { type CertificateVerdict, type CertificateWorld, proven, question, refuted } from './certificate-world.ts'
import { type FoundBatch, openedBatch } from './find-violation.ts'
import { openBatch } from './open-batch.ts'
import type { EpochRecord, SignedReport } from './records.ts'

/** A batch that applies work of a shard: whether a report stands behind it, only the answer to a demand on chain tells. */
export async function verifyUnreported(
  { shard, batch }: Extract<Certificate, { kind: 'served-unreported' }>,
  world: CertificateWorld,
): Promise<CertificateVerdict> {
  const opened = await openBatch(batch, world)
  if ('verdict' in opened) return opened
  const { served, policyWords } = opened.statement
  if (!isReporting(policyWords[shard])) return refuted(`shard ${shard} signs no reports`)
  const work = served[shard] ?? 0n
  if (work === 0n) return refuted(`batch ${batch.index} applies no work of shard ${shard}`)
  const says = `batch ${batch.index} applies ${work} ticks of shard ${shard}`
  const answer = await world.answerOf(batch.index, shard)
  if (answer === 'shown') return refuted(`the report of shard ${shard} for batch ${batch.index} was shown on chain`)
  if (answer === 'missing') return proven(`${says}, and nobody could show a report for it`)
  return question(`${says}; ${ANSWERS[answer]}`)
}

const ANSWERS = {
  asked: 'its report was demanded on chain, and the window to show it runs',
  unasked: 'whether there is a report, a demand on chain tells',
  unknown: 'whether there is a report, nobody tells here',
} as const

/**
 * A batch that applies more work of a shard than the known reports show.
 * @param reports that somebody holds; those of others, or that the shard did not sign, show nothing.
 */
export function findUnreported(
  domain: SigningDomain,
  batch: FoundBatch,
  epoch: Pick<EpochRecord, 'epoch' | 'policy'>,
  shard: number,
  reports: readonly SignedReport[],
): Certificate | undefined {
  const { statement, head } = batch
  if (!isReporting(statement.policyWords[shard]) || (statement.served[shard] ?? 0n) === 0n) return undefined
  const counter = head.counters[shard] ?? 0n
  const separator = domainSeparator(domain)
  const signer = epoch.policy.reportSigners[shard]
  const isShown = reports.some(
    (report) =>
      report.epoch === epoch.epoch &&
      report.shard === shard &&
      report.counter >= counter &&
      report.time <= statement.time &&
      signerOf(servedDigest(separator, report), report.signature) === signer,
  )
  if (isShown) return undefined
  return { ...certificateHead(domain), kind: 'served-unreported', shard, batch: openedBatch(batch) }
}

function isReporting(word: bigint | undefined): boolean {
  try {
    return word !== undefined && shardPolicyOf(word).reporting
  } catch (error) {
    // Stray bits: no policy, so nobody reports under it.
    if (error instanceof CodedError) return false
    throw error
  }
}
