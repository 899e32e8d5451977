import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'
import { CodedError } from '../base/error.ts'

/** Request ids that a caller may choose; others are replaced. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/

/** Paths that are asked all day long and say nothing. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics'])

/**
 * One line a request: id, method, path, status, time. Bodies, headers and queries are never logged, and of errors only what {@link errorFacts} lets through.
 * Also gives each request its id, the caller's `X-Request-Id` when it has a plain form.
 */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp<IncomingMessage, ServerResponse>({
    logger: log,
    wrapSerializers: false,
    genReqId: (req, res) => {
      const asked = req.headers['x-request-id']
      const id = typeof asked === 'string' && REQUEST_ID.test(asked) ? asked : randomUUID()
      res.setHeader('X-Request-Id', id)
      return id
    },
    serializers: {
      req: (req: IncomingMessage) => ({ id: req.id, method: req.method, path: pathOf(req) }),
      res: (res: ServerResponse) => ({ statusCode: res.statusCode }),
      err: errorFacts,
    },
    // For a 503 without an error pino-http would make one up, with a stack of its own.
    customErrorObject: (_req, res, _error, { err, ...line }) => (res.err ? { ...line, err } : line),
    customLogLevel: (req, res) => {
      if (res.statusCode >= 500 && res.statusCode !== 503) return 'error'
      return QUIET.has(pathOf(req)) ? 'debug' : 'info'
    },
  })
}

const pathOf = (req: IncomingMessage): string => {
  // Express shortens `url` inside routers and keeps the whole in `originalUrl`.
  const whole = 'originalUrl' in req && typeof req.originalUrl === 'string' ? req.originalUrl : (req.url ?? '')
  return whole.split('?', 1)[0] ?? ''
}

/**
 * What of an error may enter a log. A coded error's message holds no private field; any other's may quote a value, such as a row that the
 * database refused, so it leaves its name, its code and where it came from.
 */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const cause = error.cause === undefined ? {} : { cause: errorFacts(error.cause) }
  if (error instanceof CodedError) return { name: error.name, code: error.code, message: error.message, ...cause }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return { name: error.name, ...code, stack: frames.join('\n'), ...cause }
}
