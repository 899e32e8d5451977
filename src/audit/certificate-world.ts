import type { SigningDomain } from '../order/domain.ts'

/** What became of a demand for the report behind a shard's counter: nobody asked, somebody waits, a report was shown, or none was and the operator paid. */
export type ReportAnswer = 'unasked' | 'asked' | 'shown' | 'missing' | 'unknown'

/** What a certificate is checked against: a chain now, or an anchor of it. */
export interface CertificateWorld extends SigningDomain {
  /** `record[index]`; `undefined` for a batch that is not accepted. `unknown` where nobody tells. */
  readonly record: (index: bigint) => Promise<string | undefined | 'unknown'>
  /** Signer of an epoch; `undefined` when there is none, or nobody tells. */
  readonly signer: (epoch: bigint) => Promise<string | undefined>
  /** The epoch of an accepted batch. */
  readonly epochOf: (index: bigint) => Promise<bigint | undefined>
  /** Whether an epoch whose signer is known was given up before the batch, so that its receipts are void. */
  readonly isVoid: (epoch: bigint, batch: bigint) => Promise<boolean>
  /** What became of a demand for a report. */
  readonly answerOf: (batch: bigint, shard: number) => Promise<ReportAnswer>
  /** Seconds since the Unix epoch. */
  readonly timeS: bigint
  /** Seconds from a batch's time to when it must be accepted; `undefined` where nobody tells. */
  readonly deadlineS: number | undefined
}

/**
 * Whether a certificate proves what it says: `proven`; or a `question`, which holds but is a fault only if nobody answers it on chain; or in words why not (`refuted`) or what is
 * not known (`unknown`).
 */
export type CertificateVerdict =
  | { readonly verdict: 'proven' | 'question'; readonly says: string }
  | { readonly verdict: 'refuted' | 'unknown'; readonly why: string }

/** A fault, whoever looks. @param says what it shows, for people. */
export const proven = (says: string): CertificateVerdict => ({ verdict: 'proven', says })
/** It holds, but only silence on chain makes it a fault. @param says what was asked, for people. */
export const question = (says: string): CertificateVerdict => ({ verdict: 'question', says })
/** The world says otherwise, or the certificate does not show it. @param why for people. */
export const refuted = (why: string): CertificateVerdict => ({ verdict: 'refuted', why })
/** Nobody here tells what it takes to decide: no verdict either way. @param why for people. */
export const unknown = (why: string): CertificateVerdict => ({ verdict: 'unknown', why })
