import express, { type RequestHandler } from 'express'
import { setRawBody } from './context.ts'
import { HttpError } from './problem.ts'

/** Largest body, unpacked: 256 orders with room to spare. */
export const BODY_LIMIT_BYTES = 128 * 1024

/** Reads a JSON body; its bytes are remembered for the fingerprint of idempotent requests. */
export const readJson: readonly RequestHandler[] = [
  (req, _res, next) => {
    // Without a body (`is` gives null, or its length is 0) the endpoint's schema has the word.
    if (req.is('application/json') === false && req.get('Content-Length') !== '0')
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
