import express, { type RequestHandler } from 'express'
import { setRawBody } from './context.ts'
import { HttpError } from './problem.ts'

/** Largest body, unpacked: 256 orders with room to spare. */
export const BODY_LIMIT_BYTES = 128 * 1024

/** Reads a JSON body; its bytes are remembered for the fingerprint of idempotent requests. */
export const readJson: readonly RequestHandler[] = [
  (req, _res, next) => {
    // `is` gives null when there is no body at all; the endpoint's schema has the word then.
    if (req.is('application/json') === false)
      throw new HttpError('UNSUPPORTED_MEDIA_TYPE', 'the body is not application/json')
    next()
  },
  express.json({
    limit: BODY_LIMIT_BYTES,
    strict: false,
    type: 'application/json',
    verify: (req, _res, bytes) => setRawBody(req, bytes),
  }),
]
