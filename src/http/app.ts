import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { ServiceApi } from '../service/api.ts'
import type { KeyChecker } from '../service/api-keys.ts'
import type { IdempotencyStore } from '../service/idempotency.ts'
import { loopbackOrKey, requireKey } from './auth.ts'
import { readJson } from './body.ts'
import { findSession, occurrenceOf } from './context.ts'
import { docsRouter } from './docs.ts'
import type { Endpoint } from './endpoint.ts'
import { ENDPOINTS } from './endpoints/all.ts'
import { groupBy } from './group.ts'
import { securityHeaders } from './headers.ts'
import { runOnce } from './idempotent.ts'
import { requestLog } from './log.ts'
import { requestMetrics, serveMetrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import { HttpError, httpErrorOf } from './problem.ts'
import { problemReply, send } from './reply.ts'
import { PROBLEMS } from './status.ts'

export interface AppDeps {
  readonly service: ServiceApi
  readonly keys: KeyChecker
  readonly idempotency: IdempotencyStore
  /** Where metrics go and `/metrics` reads; one app a registry. */
  readonly registry: Registry
  readonly log: Logger
}

/**
 * The HTTP API. Everything under `/v1` needs a key; health, readiness and the documentation are open; `/metrics` is open to the same machine and
 * needs a key from elsewhere. Every failure is a problem document.
 */
export function createApp(deps: AppDeps): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.use(requestLog(deps.log), requestMetrics(deps.registry), securityHeaders)

  const document = openApiDocument()
  mount(app, '/metrics', { get: [loopbackOrKey(deps.keys), serveMetrics(deps.registry)] })
  mount(app, '/openapi.json', { get: [(_req, res) => void res.json(document)] })
  app.use('/docs', docsRouter())
  app.use('/v1', requireKey(deps.keys))

  for (const [path, endpoints] of groupBy(ENDPOINTS, ({ path }) => path)) {
    const handlers = endpoints.map((endpoint): [string, RequestHandler[]] => [
      endpoint.method,
      [...(endpoint.body ? readJson : []), handlerOf(endpoint, deps)],
    ])
    mount(app, path.replaceAll(/\{(\w+)\}/g, ':$1'), Object.fromEntries(handlers))
  }
  app.use(() => {
    throw new HttpError('ROUTE_NOT_FOUND', 'there is nothing at this path')
  })
  app.use(answerFailure)
  return app
}

/** The handlers of one path, by method; every other method is METHOD_NOT_ALLOWED. */
function mount(app: Express, path: string, handlers: { get?: RequestHandler[]; post?: RequestHandler[] }): void {
  const route = app.route(path)
  route.all((_req, res, next) => {
    res.locals.route = path
    next()
  })
  if (handlers.get) route.get(...handlers.get)
  if (handlers.post) route.post(...handlers.post)
  const allow = [...(handlers.get ? ['GET', 'HEAD'] : []), ...(handlers.post ? ['POST'] : [])]
  route.all(() => {
    throw new HttpError('METHOD_NOT_ALLOWED', 'the path does not take this method', { allow })
  })
}

const handlerOf =
  (endpoint: Endpoint, { service, idempotency }: AppDeps): RequestHandler =>
  async (req, res) => {
    const { params, query, body } = req
    const run = () => endpoint.run({ params, query, body }, service, findSession(req)?.caller)
    send(res, await (endpoint.idempotent ? runOnce(idempotency, req, run) : run()))
  }

/** The last handler: any thrown value becomes a problem document. What is the server's fault goes to the log with its cause; back-pressure has none. */
const answerFailure: ErrorRequestHandler = (thrown, req, res, next) => {
  const error = httpErrorOf(thrown)
  if (error.code === 'INTERNAL' || (error.cause !== undefined && PROBLEMS[error.code].status >= 500)) res.err = error
  // A stream that broke half-way cannot be answered any more: Express ends the connection.
  if (res.headersSent) return next(thrown)
  send(res, problemReply(error, occurrenceOf(req)))
}
