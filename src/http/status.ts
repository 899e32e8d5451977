import type { OrderRefusal } from '../service/api.ts'
import type { ServiceError } from '../service/errors.ts'
import type { IdempotencyError } from '../service/idempotency.ts'

/** Codes that arise at the HTTP edge itself. */
export type EdgeCode =
  | 'UNAUTHENTICATED'
  | 'SCOPE_MISSING'
  | 'RATE_LIMITED'
  | 'QUOTA_EXCEEDED'
  | 'TOO_MANY_STREAMS'
  | 'ROUTE_NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'ORDER_NOT_FOUND'
  | 'BATCH_NOT_ACCEPTED'
  | 'PROOF_JOB_NOT_FOUND'
  | 'BODY_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'JSON_INVALID'
  | 'REQUEST_MALFORMED'
  | 'REQUEST_INVALID'
  | 'REQUEST_TIMEOUT'
  | 'HEADERS_TOO_LARGE'
  | 'INTERNAL'

/** Every code that an answer can carry. A new code of the service does not compile until it has its row below. */
export type ProblemCode = EdgeCode | OrderRefusal['code'] | ServiceError['code'] | IdempotencyError['code']

/** What all problems of one code have in common (RFC 9457). */
export interface ProblemKind {
  readonly status: number
  readonly title: string
  /** What it means and what to do; the text of `docs/reference/errors.md`. */
  readonly help: string
}

/** The one map from code to HTTP status, and the source of the errors reference. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  JSON_INVALID: { status: 400, title: 'The body is not JSON', help: 'Send one JSON document in UTF-8.' },
  REQUEST_MALFORMED: {
    status: 400,
    title: 'The request cannot be read',
    help: 'The request line, an escape in the path, a length or an encoding is broken, or the connection ended early.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'An API key is needed',
    help: 'Send `Authorization: Bearer flk_…` with a key that exists and is neither revoked nor expired.',
  },
  SCOPE_MISSING: {
    status: 403,
    title: 'The key may not do this',
    help: '`scope` names what the key lacks. The operator makes keys with other scopes: `fairlead keys create --scope …`.',
  },
  SEGMENT_MISMATCH: {
    status: 403,
    title: "The order's segment is not the key's",
    help: 'A key attests one segment. Leave `segment` out, or use a key of that class.',
  },
  ROUTE_NOT_FOUND: { status: 404, title: 'No such path', help: 'The paths are listed in `/openapi.json`.' },
  ORDER_NOT_FOUND: {
    status: 404,
    title: 'No receipt for this commitment',
    help: 'No order with this commitment was accepted or deferred here for this key. Check the commitment, or send the order. Orders of other keys look the same.',
  },
  BATCH_NOT_FOUND: {
    status: 404,
    title: 'No such batch',
    help: 'The batch has not been opened. See `GET /v1/batches`.',
  },
  PROOF_JOB_NOT_FOUND: { status: 404, title: 'No such proof job', help: 'Ask for the proof: `POST /v1/proofs`.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The path does not take this method',
    help: 'The `Allow` header lists the methods that it takes.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request came too slowly',
    help: 'Headers and body have to arrive within the time limits of the server. Send the request again.',
  },
  BATCH_NOT_CLOSED: {
    status: 409,
    title: 'The batch is still open',
    help: 'It closes when it is full or its time is over. Ask again after that.',
  },
  BATCH_NOT_ACCEPTED: {
    status: 409,
    title: 'The chain has not accepted the batch',
    help: 'Its bundle is there once it has. `GET /v1/batches/{index}` tells how far the batch has come.',
  },
  PROOF_JOB_OVER: {
    status: 409,
    title: 'The proof job is over',
    help: 'It is done or has failed, so there is nothing to cancel. See `GET /v1/proofs/{id}`.',
  },
  EPOCH_CHANGE_REFUSED: {
    status: 409,
    title: 'The ledger does not take the next epoch now',
    help: 'It takes one when the running epoch has an accepted batch, no other is announced, the registry has an active policy of the verifiers’ kind, and the submitter is the operator. `detail` names the reason.',
  },
  ORDER_ALREADY_ACCEPTED: {
    status: 409,
    title: 'The order was accepted before',
    help: 'The answer carries the receipt that stands, for the key that has it. To trade again, make a new order with a fresh salt.',
  },
  ORDER_ALREADY_IN_BATCH: {
    status: 409,
    title: 'The order was deferred in the batch that is open',
    help: 'The answer carries that receipt. Send the order again when the next batch is open.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: 'The same request is being worked on',
    help: 'A request with this `Idempotency-Key` has not been answered yet. Send it again after `Retry-After`.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    help: 'Send at most 128 KiB; 256 orders fit. Compressed bodies count unpacked.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The body has an unsupported type',
    help: 'Send `Content-Type: application/json`, in UTF-8, plain or with gzip, deflate or br.',
  },
  REQUEST_INVALID: {
    status: 422,
    title: 'The request does not fit its schema',
    help: '`errors` lists each place, as a JSON pointer, with what was expected there.',
  },
  ORDER_TOO_LARGE: {
    status: 422,
    title: 'The order is too large for every shard',
    help: '`largestSize` is the largest size, in lots, that the policy could ever place. Split the order.',
  },
  REPORT_REFUSED: {
    status: 422,
    title: 'The report does not count',
    help: 'It must be of the running epoch (`GET /v1/policy`) and of a shard that the policy lets report, signed by that shard’s report signer, and not from the future.',
  },
  IDEMPOTENCY_MISMATCH: {
    status: 422,
    title: 'The idempotency key belongs to another request',
    help: 'The key was used with another method, path or body. Use a fresh key for each request.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    help: 'The key or, without one, the address asks more often than it may; `RateLimit` and `RateLimit-Policy` say how often that is. Send the request again after `Retry-After`.',
  },
  QUOTA_EXCEEDED: {
    status: 429,
    title: 'The orders of the day are used up',
    help: '`left` is how many orders the key may still place on this UTC day; none of the request was placed. Send fewer, or come again after `Retry-After`.',
  },
  TOO_MANY_STREAMS: {
    status: 429,
    title: 'Too many streams are open',
    help: 'Close one that you do not read, or come again after `Retry-After`.',
  },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large', help: 'Send at most 16 KiB of headers.' },
  INTERNAL: {
    status: 500,
    title: 'Something broke here',
    help: 'The log has the cause under the `requestId` of the answer. Orders are safe to send again.',
  },
  CONFIG_INVALID: { status: 500, title: 'The configuration is not valid', help: 'The log names the setting.' },
  DATA_DIR_LOCKED: {
    status: 500,
    title: 'Another process uses the data folder',
    help: 'Stop the other process or choose another `--data-dir`.',
  },
  DATA_DIR_MISMATCH: {
    status: 500,
    title: 'The data folder belongs to another ledger',
    help: 'Choose another `--data-dir`, or `fairlead reset`.',
  },
  CHAIN_MISMATCH: {
    status: 500,
    title: 'The chain is not the one expected',
    help: 'The RPC endpoint serves another chain, or the ledger is not there.',
  },
  BACK_PRESSURE: {
    status: 503,
    title: 'No receipts now',
    help: 'The service promises nothing that it may not be able to keep: proofs are behind, or the queue is full. Send the order again after `Retry-After`.',
  },
  NOT_READY: { status: 503, title: 'The service is not ready', help: '`checks` of `/readyz` says what is missing.' },
  CHAIN_UNREACHABLE: {
    status: 503,
    title: 'The chain is not seen',
    help: 'The RPC endpoint does not answer. Try again.',
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    title: 'The store is not seen',
    help: 'The database does not answer. Try again.',
  },
  LEASE_LOST: {
    status: 503,
    title: 'Another router holds the lane',
    help: 'This process lost its lease and signs nothing. Try again; the router that holds it will answer.',
  },
}

/** Whether the text is a code of {@link PROBLEMS}. */
export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code)
