import { createHmac } from 'node:crypto'
import type { Request } from 'express'
import type { IdempotencyStore } from '../service/idempotency.ts'
import { rawBodyOf, sessionOf } from './context.ts'
import { HttpError } from './problem.ts'
import type { Reply } from './reply.ts'

/** 1 to 128 printable ASCII characters; UUIDs are the usual choice. */
const KEY = /^[!-~]{1,128}$/

/**
 * Runs a request once for its `Idempotency-Key`. Only answers below 400 are kept: a refused or failed request changed nothing, so it may run again.
 * @throws HttpError REQUEST_INVALID for a malformed key; IdempotencyError.
 */
export async function runOnce(store: IdempotencyStore, req: Request, run: () => Promise<Reply>): Promise<Reply> {
  const idempotencyKey = req.get('Idempotency-Key')
  const { caller, token } = sessionOf(req)
  // Visitors, who have no token, change nothing.
  if (idempotencyKey === undefined || token === undefined) return run()
  if (!KEY.test(idempotencyKey))
    throw new HttpError('REQUEST_INVALID', 'the header does not fit its schema', {
      facts: {
        errors: [{ in: 'header', pointer: '/Idempotency-Key', detail: 'expected 1 to 128 printable characters' }],
      },
    })
  const request = { keyId: caller.id, idempotencyKey, fingerprint: fingerprintOf(req, token) }
  const { replayed, answer } = await store.once(request, run, ({ status }) => status < 400)
  return replayed ? { ...answer, headers: { 'Idempotency-Replayed': 'true' } } : answer
}

/** Keyed by the caller's token, which the store does not have: who reads the store cannot test guesses of an order against it. */
const fingerprintOf = (req: Request, token: string): string =>
  createHmac('sha256', token).update(`${req.method} ${req.path}\n`).update(rawBodyOf(req)).digest('hex')
