import type { RequestHandler } from 'express'
import type { KeyChecker } from '../service/api-keys.ts'
import type { Scope } from '../service/scopes.ts'
import { findSession, type Session, setSession } from './context.ts'
import { addressSlot, Limiter, type RequestLimits } from './limits.ts'
import { HttpError } from './problem.ts'

/**
 * Lets a request pass whose key is good; every other one is UNAUTHENTICATED, without saying what was wrong with it. Each key has its rate, and an address
 * that brings too many bad ones has to wait: RATE_LIMITED. Keys that are known to be good pass all the same, so that a stranger shuts nobody out.
 */
export function requireKey(keys: KeyChecker, limits: RequestLimits): RequestHandler {
  const requests = new Limiter('requests', 1)
  const failures = new Limiter('failures', 60)
  return async (req, res, next) => {
    const [, token] = /^Bearer ([!-~]{1,128})$/i.exec(req.get('Authorization') ?? '') ?? []
    const known = token !== undefined && keys.knows(token)
    const slot = addressSlot(req)
    res.vary('Authorization')
    // Counted before it is looked at, so that guesses that come at once are counted too.
    if (!known) await failures.take(slot, limits.failuresPerMinute, res)
    const caller = token === undefined ? undefined : await keys.check(token)
    if (!caller || token === undefined) throw new HttpError('UNAUTHENTICATED', 'this path needs a valid API key')
    if (!known) await failures.giveBack(slot, limits.failuresPerMinute)
    for (const name of ['RateLimit', 'RateLimit-Policy']) res.removeHeader(name)
    await requests.take(caller.keyId, caller.limits.rate ?? limits.keyRate, res)
    setSession(req, { caller, token })
    next()
  }
}

/** What everybody may read where the service lets visitors in: nothing of it is about one caller, and all of it is on chain within seconds. */
const VISITOR_SCOPES: readonly Scope[] = ['batches:read']

/** Lets requests without a key pass as visitors, each address with the rate of strangers; `withKey` judges the others. */
export function orVisitor(withKey: RequestHandler, limits: RequestLimits): RequestHandler {
  const requests = new Limiter('requests', 1)
  return async (req, res, next) => {
    if (req.get('Authorization') !== undefined) return void (await withKey(req, res, next))
    const slot = addressSlot(req)
    res.vary('Authorization')
    await requests.take(slot, limits.strangerRate, res)
    const keyId = `visitor ${slot}`
    const caller = { keyId, id: keyId, segment: 'retail', scopes: VISITOR_SCOPES, limits: {} } as const
    setSession(req, { caller, token: undefined })
    next()
  }
}

/** Whether a session goes on: visitors' always, others' with their key. */
export const stillHolds = async (keys: KeyChecker, { token }: Session): Promise<boolean> =>
  token === undefined || (await keys.check(token)) !== undefined

/** @throws HttpError SCOPE_MISSING, naming the scope; UNAUTHENTICATED to a visitor. */
export function assertScope({ caller, token }: Session, scope: Scope): void {
  if (caller.scopes.includes(scope)) return
  if (token === undefined) throw new HttpError('UNAUTHENTICATED', 'this path needs a valid API key')
  throw new HttpError('SCOPE_MISSING', `the key does not have the scope ${scope}`, { facts: { scope } })
}

/** Limits what comes without a key; those that brought one have been counted. */
export function limitStrangers(limits: RequestLimits): RequestHandler {
  const requests = new Limiter('requests', 1)
  return async (req, res, next) => {
    if (!findSession(req)) await requests.take(addressSlot(req), limits.strangerRate, res)
    next()
  }
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

/** Lets a request pass from the same machine, unless a proxy passed it on, whatever its last hop; `otherwise` judges any other. */
export const loopbackOr =
  (otherwise: RequestHandler): RequestHandler =>
  (req, res, next) => {
    const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => req.get(name) !== undefined)
    if (!forwarded && LOOPBACK.test(req.socket.remoteAddress ?? '')) return next()
    return otherwise(req, res, next)
  }
