import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'
import type { CheckedKey } from '../service/api-keys.ts'
import { HttpError, type Occurrence } from './problem.ts'

/** Who calls, with the token as it came: it keys the fingerprint of idempotent requests, and goes nowhere else. */
export interface Session {
  readonly caller: CheckedKey
  /** `undefined` of a visitor, who has none. */
  readonly token: string | undefined
}

const sessions = new WeakMap<Request, Session>()
const bodies = new WeakMap<object, Buffer>()

/** Remembers whose key a request brought. */
export const setSession = (req: Request, session: Session): void => void sessions.set(req, session)

/** The same where there may be none, as on open paths. */
export const findSession = (req: Request): Session | undefined => sessions.get(req)

/** @throws HttpError UNAUTHENTICATED when no key was checked. */
export function sessionOf(req: Request): Session {
  const session = sessions.get(req)
  if (!session) throw new HttpError('UNAUTHENTICATED', 'this path needs an API key')
  return session
}

const closings = new WeakMap<object, AbortSignal>()

/** Remembers what tells a request that its server closes. */
export const setClosing = (req: IncomingMessage, closing: AbortSignal): void => void closings.set(req, closing)

/** Aborts when the server that took the request closes; long answers end then. */
export const closingOf = (req: IncomingMessage): AbortSignal | undefined => closings.get(req)

/** Remembers the bytes of a body, as they were before they were parsed. */
export const setRawBody = (req: object, bytes: Buffer): void => void bodies.set(req, bytes)

/** Those bytes; none where there was no body, or it was not read. */
export const rawBodyOf = (req: object): Buffer => bodies.get(req) ?? Buffer.alloc(0)

/** Which request an answer is about; the query is left out. */
export const occurrenceOf = (req: Request): Occurrence => ({
  requestId: String(req.id),
  instance: req.originalUrl.split('?', 1)[0] ?? '/',
})

/** The pattern of the route that took the request, for metrics: paths themselves are without bound. */
export const routeOf = (res: Response): string => (typeof res.locals.route === 'string' ? res.locals.route : 'none')
