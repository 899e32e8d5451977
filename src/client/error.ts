import { CodedError } from '../base/error.ts'
import type { components } from './openapi.ts'

/** Codes of the service's problem documents; a service newer than this client may send others. */
export type ServiceCode = components['schemas']['Problem']['code'] | (string & {})

/**
 * Failures that the client itself finds, by code:
 * - `OPTIONS_INVALID`: the client was made with options that cannot work.
 * - `ORDER_INVALID`: an order or a saved order does not have the form; `details.fields` names the places, never the values.
 * - `SERVICE_UNREACHABLE`: nothing answers, or the answer broke off, after all retries. Sending the same order again is safe.
 * - `ANSWER_INVALID`: what answers is not this API.
 * - `RECEIPT_FORGED`: a receipt that must not be believed; `details.reason` is `commitment`, `status`, `epoch` or `signature`.
 * - `RECEIPT_CONTRADICTED`: the accepted batch says otherwise; `details.by` says where. With the receipt, this
 *   is evidence against the router.
 * - `NOT_ACCEPTED`: the chain has no such batch (yet).
 * - `INCLUSION_MISSING`: the service withholds what opens the chain's record; `from: 'chain'` needs nothing of it.
 * - `INCLUSION_FORGED`: what the service says of a batch is not what the chain recorded; `details.part` is `record`, `terms` or `path`.
 * - `CHAIN_NEEDED`: only a client that trusts the chain can check inclusion.
 * - `BATCH_ABANDONED`: the awaited batch will never be accepted; its receipts are void.
 * - `WAIT_TIMED_OUT`, `ABORTED`: a wait ended before its event; the cause of `ABORTED` is the signal's reason.
 */
export class ClientError extends CodedError<
  | 'OPTIONS_INVALID'
  | 'ORDER_INVALID'
  | 'SERVICE_UNREACHABLE'
  | 'ANSWER_INVALID'
  | 'RECEIPT_FORGED'
  | 'RECEIPT_CONTRADICTED'
  | 'NOT_ACCEPTED'
  | 'INCLUSION_MISSING'
  | 'INCLUSION_FORGED'
  | 'CHAIN_NEEDED'
  | 'BATCH_ABANDONED'
  | 'WAIT_TIMED_OUT'
  | 'ABORTED'
> {}

/** The service said no. `code` is its own (docs/reference/errors.md), `details` are the further members of its problem document. */
export class ServiceProblem extends CodedError<ServiceCode> {
  /** HTTP status; `undefined` when one order of a list was refused. */
  readonly status: number | undefined
  /** When to come again, ms: the finer of the document and the `Retry-After` header. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: ServiceCode,
    message: string,
    facts: { status?: number; retryAfterMs?: number | undefined; details?: Record<string, unknown> } = {},
  ) {
    super(code, message, { details: facts.details ?? {} })
    this.status = facts.status
    this.retryAfterMs = facts.retryAfterMs
  }

  /** Whether the same request may succeed later, unchanged. */
  get passes(): boolean {
    return PASSING_CODES.has(this.code) || (this.status !== undefined && PASSING_STATUSES.has(this.status))
  }
}

const PASSING_CODES: ReadonlySet<string> = new Set(['BACK_PRESSURE', 'IDEMPOTENCY_IN_PROGRESS'])
/** 500 too: the service says that orders are safe to send again after it. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])
