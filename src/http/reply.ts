import type { Response } from 'express'
import { jsonText } from '../base/json.ts'
import { type Standing, tellStanding } from './limits.ts'
import { type HttpError, type Occurrence, problemDocument, retryAfterSeconds } from './problem.ts'
import { PROBLEMS } from './status.ts'

/** An answer before it is sent, as it can be stored and sent again. */
export interface Reply {
  readonly status: number
  /** JSON text. */
  readonly body: string
  readonly location?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The body will never change. */
  readonly immutable?: boolean
  /** A limit that the answer tells of. */
  readonly standing?: Standing | undefined
}

/** A JSON answer. @param value may hold bigints. */
export const json = (status: number, value: unknown, location?: string): Reply => ({
  status,
  body: jsonText(value),
  ...(location === undefined ? {} : { location }),
})

/** A failure as an answer. */
export function problemReply(error: HttpError, occurrence: Occurrence): Reply {
  const seconds = retryAfterSeconds(error)
  return {
    status: PROBLEMS[error.code].status,
    body: jsonText(problemDocument(error, occurrence)),
    headers: {
      'Content-Type': 'application/problem+json',
      ...(seconds === undefined ? {} : { 'Retry-After': String(seconds) }),
      ...(error.allow.length === 0 ? {} : { Allow: error.allow.join(', ') }),
      ...(error.code === 'UNAUTHENTICATED' ? { 'WWW-Authenticate': 'Bearer realm="fairlead"' } : {}),
    },
  }
}

/** Sends an answer; nothing when the client has gone or an answer is under way. */
export function send(res: Response, { status, body, location, headers = {}, standing }: Reply): void {
  if (res.headersSent || res.destroyed) return
  if (standing) tellStanding(res, standing)
  // Not Express's `set` and a text: those add a charset, which JSON does not have.
  const type = body === '' ? {} : { 'Content-Type': 'application/json' }
  res.status(status).setHeaders(new Map(Object.entries({ ...type, ...headers })))
  if (location !== undefined) res.setHeader('Location', location)
  if (body === '') res.end()
  else res.send(Buffer.from(body))
}
