import { CodedError } from '../base/error.ts'
import { isProblemCode, PROBLEMS, type ProblemCode } from './status.ts'

/** One place of a request that does not fit. */
export interface RequestFault {
  readonly in: 'body' | 'query' | 'path' | 'header'
  /** JSON pointer (RFC 6901) into that part; empty for the whole. */
  readonly pointer: string
  /** What was expected; never the value that came. */
  readonly detail: string
}

/** Facts that a problem carries beside its code, safe for the caller. */
export interface ProblemFacts {
  readonly errors?: readonly RequestFault[]
  readonly retryAfterMs?: number
  readonly [fact: string]: unknown
}

/** A failure with its place in {@link PROBLEMS}; `facts` become members of the problem document. */
export class HttpError extends CodedError<ProblemCode> {
  readonly facts: ProblemFacts
  /** Methods that the path takes, for METHOD_NOT_ALLOWED. */
  readonly allow: readonly string[]

  constructor(
    code: ProblemCode,
    detail: string,
    options: { facts?: ProblemFacts; allow?: readonly string[]; cause?: unknown } = {},
  ) {
    super(code, detail, { cause: options.cause })
    this.facts = options.facts ?? {}
    this.allow = options.allow ?? []
  }
}

/** What body-parser and the router call the failures that Fairlead answers with codes of its own; others of them are REQUEST_MALFORMED. */
const PARSER_CODES: Readonly<Record<string, ProblemCode>> = {
  'entity.parse.failed': 'JSON_INVALID',
  'entity.too.large': 'BODY_TOO_LARGE',
  'charset.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'encoding.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
}

/**
 * Any thrown value as an {@link HttpError}. What is not known becomes INTERNAL, and a failure of the server's own (5xx) keeps its message for the log:
 * the caller reads the title of its code.
 */
export function httpErrorOf(thrown: unknown): HttpError {
  if (thrown instanceof HttpError) return thrown
  if (thrown instanceof CodedError && isProblemCode(thrown.code)) {
    const { status, title } = PROBLEMS[thrown.code]
    return new HttpError(thrown.code, status < 500 ? thrown.message : title, { cause: thrown })
  }
  // Express and body-parser mark the caller's mistakes with a status below 500 and a type.
  const mark = typeof thrown === 'object' && thrown !== null ? (thrown as { status?: unknown; type?: unknown }) : {}
  if (typeof mark.status === 'number' && mark.status >= 400 && mark.status < 500) {
    const code = PARSER_CODES[String(mark.type)] ?? 'REQUEST_MALFORMED'
    return new HttpError(code, PROBLEMS[code].title, { cause: thrown })
  }
  return new HttpError('INTERNAL', PROBLEMS.INTERNAL.title, { cause: thrown })
}

/** Where an answer stands: which request it is about. */
export interface Occurrence {
  readonly requestId: string
  /** The path asked for, without the query. */
  readonly instance: string
}

/** The problem document (RFC 9457). Its type leads to the errors page of the same server. */
export function problemDocument({ code, message, facts }: HttpError, { requestId, instance }: Occurrence) {
  const { status, title } = PROBLEMS[code]
  return { type: `/docs/errors#${code}`, title, status, detail: message, instance, code, requestId, ...facts }
}

/** Seconds for `Retry-After`, when the code asks to come again: of the facts, rounded up, or one. */
export function retryAfterSeconds({ code, facts }: HttpError): number | undefined {
  const { status } = PROBLEMS[code]
  if (status !== 503 && status !== 429 && code !== 'IDEMPOTENCY_IN_PROGRESS') return undefined
  return Math.max(1, Math.ceil((facts.retryAfterMs ?? 0) / 1000))
}
