import type { RequestHandler } from 'express'
import type { KeyChecker } from '../service/api-keys.ts'
import { setSession } from './context.ts'
import { HttpError } from './problem.ts'

/** Lets a request pass whose key is good; every other one is UNAUTHENTICATED, without saying what was wrong with it. */
export const requireKey =
  (keys: KeyChecker): RequestHandler =>
  async (req, _res, next) => {
    const [, token] = /^Bearer ([!-~]{1,128})$/i.exec(req.get('Authorization') ?? '') ?? []
    const caller = token === undefined ? undefined : await keys.check(token)
    if (!caller || token === undefined) throw new HttpError('UNAUTHENTICATED', 'this path needs a valid API key')
    setSession(req, { caller, token })
    next()
  }

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

/**
 * Lets a request pass from the same machine without a key, any other with one. A request that a proxy passed on is not from the same machine, whatever
 * its last hop.
 */
export function loopbackOrKey(keys: KeyChecker): RequestHandler {
  const withKey = requireKey(keys)
  return (req, res, next) => {
    const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => req.get(name) !== undefined)
    if (!forwarded && LOOPBACK.test(req.socket.remoteAddress ?? '')) return next()
    return withKey(req, res, next)
  }
}
