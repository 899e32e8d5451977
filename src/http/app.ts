import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { KeyChecker } from '../service/api-keys.ts'
import type { IdempotencyStore } from '../service/idempotency.ts'
import { assertScope, limitStrangers, loopbackOr, orVisitor, requireKey, stillHolds } from './auth.ts'
import { readJson } from './body.ts'
import { conditional } from './conditional.ts'
import { closingOf, findSession, occurrenceOf, sessionOf } from './context.ts'
import { allowOrigins } from './cors.ts'
import { docsRouter } from './docs.ts'
import { type Endpoint, METHODS, type Method } from './endpoint.ts'
import { ENDPOINTS } from './endpoints/all.ts'
import { explorerFiles } from './explorer.ts'
import { groupBy } from './group.ts'
import { securityHeaders } from './headers.ts'
import { runOnce } from './idempotent.ts'
import { Limiter, REQUEST_LIMITS, type RequestLimits } from './limits.ts'
import { requestLog } from './log.ts'
import { gaugeStreams, requestMetrics, serveMetrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import { HttpError, httpErrorOf } from './problem.ts'
import type { OrderDesk } from './quota.ts'
import { problemReply, send } from './reply.ts'
import { STREAM_TIMES, type StreamTimes, sendEvents } from './sse.ts'
import { PROBLEMS } from './status.ts'
import { OpenStreams } from './streams.ts'

/** What the API is made of besides its endpoints. Limits and times that are left out have their defaults. */
export interface AppDeps extends OrderDesk {
  readonly keys: KeyChecker
  readonly idempotency: IdempotencyStore
  /** Where metrics go and `/metrics` reads; one app a registry. */
  readonly registry: Registry
  readonly log: Logger
  readonly limits?: Partial<RequestLimits>
  readonly streamTimes?: Partial<StreamTimes>
  /** Origins whose pages may ask, such as `https://explorer.example`. Default: none. */
  readonly corsOrigins?: readonly string[]
  /** Whether everybody may read what `batches:read` allows, without a key. Default: false. */
  readonly publicReads?: boolean
  /** Folder of the built explorer, served at `/`. Default: none is. */
  readonly explorer?: string
  /** Proxies in front, each of which adds its caller to `X-Forwarded-For`. Default: 0, the header is not believed. */
  readonly proxies?: number
}

/** What the handlers share. */
interface Edge extends AppDeps {
  readonly streams: OpenStreams
  readonly times: StreamTimes
  readonly callLimit: (keyId: string, points: number, res: Response) => Promise<void>
}

/**
 * The HTTP API. Everything under `/v1` needs a key with the endpoint's scope; health, readiness and the documentation are open; `/metrics` is open to the
 * same machine and needs a key from elsewhere. Everybody has a rate. Every failure is a problem document.
 */
export function createApp(deps: AppDeps): Express {
  const limits = { ...REQUEST_LIMITS, ...deps.limits }
  const streams = new OpenStreams({ perKey: limits.streamsPerKey, inAll: limits.streams })
  const calls = new Limiter('chain calls', 1)
  const callLimit: Edge['callLimit'] = (keyId, points, res) => calls.take(keyId, limits.chainCalls, res, points)
  const edge: Edge = { ...deps, streams, times: { ...STREAM_TIMES, ...deps.streamTimes }, callLimit }
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.set('trust proxy', deps.proxies ?? 0)
  app.use(requestLog(deps.log), requestMetrics(deps.registry), securityHeaders)
  gaugeStreams(deps.registry, () => streams.count)
  if (deps.corsOrigins && deps.corsOrigins.length > 0) app.use(allowOrigins(deps.corsOrigins))

  const withKey = requireKey(deps.keys, limits)
  const forMetrics: RequestHandler = (req, _res, next) => {
    if (findSession(req)) assertScope(sessionOf(req), 'metrics:read')
    next()
  }
  mount(app, '/metrics', { get: [loopbackOr(withKey), forMetrics, serveMetrics(deps.registry)] })
  app.use('/v1', deps.publicReads ? orVisitor(withKey, limits) : withKey)
  app.use(limitStrangers(limits))
  mount(app, '/openapi.json', { get: [serveDocument()] })
  app.use('/docs', docsRouter())

  for (const [path, endpoints] of groupBy(ENDPOINTS, ({ path }) => path)) {
    const handlers = endpoints.map((endpoint): [Method, RequestHandler[]] => [
      endpoint.method,
      [...(endpoint.body ? readJson : []), endpoint.streams ? streamOf(endpoint, edge) : handlerOf(endpoint, edge)],
    ])
    mount(app, path.replaceAll(/\{(\w+)\}/g, ':$1'), Object.fromEntries(handlers))
  }
  if (deps.explorer !== undefined) app.use(explorerFiles(deps.explorer))
  app.use(() => {
    throw new HttpError('ROUTE_NOT_FOUND', 'there is nothing at this path')
  })
  app.use(answerFailure)
  return app
}

/** Makes the document when it is first asked for: a start need not wait for it. */
function serveDocument(): RequestHandler {
  let document: ReturnType<typeof openApiDocument> | undefined
  return (_req, res) => {
    document ??= openApiDocument()
    res.json(document)
  }
}

/** The handlers of one path, by method; every other method is METHOD_NOT_ALLOWED. */
function mount(app: Express, path: string, handlers: Partial<Record<Method, RequestHandler[]>>): void {
  const route = app.route(path)
  route.all((_req, res, next) => {
    res.locals.route = path
    next()
  })
  for (const method of METHODS) {
    const chain = handlers[method]
    if (chain) route[method](...chain)
  }
  const taken = METHODS.filter((method) => handlers[method]).map((method) => method.toUpperCase())
  const allow = taken.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  route.all(() => {
    throw new HttpError('METHOD_NOT_ALLOWED', 'the path does not take this method', { allow })
  })
}

const handlerOf =
  (endpoint: Endpoint, edge: Edge): RequestHandler =>
  async (req, res) => {
    const { params, query, body } = req
    if (endpoint.scope) assertScope(sessionOf(req), endpoint.scope)
    if (endpoint.weigh) await edge.callLimit(sessionOf(req).caller.keyId, endpoint.weigh(body), res)
    const run = async () => {
      const reply = await endpoint.run({ params, query, body }, edge, findSession(req)?.caller)
      if ('events' in reply) throw new HttpError('INTERNAL', 'a stream where none was announced')
      return reply
    }
    const reply = await (endpoint.idempotent ? runOnce(edge.idempotency, req, run) : run())
    send(res, endpoint.revalidated && reply.status === 200 ? conditional(req, reply) : reply)
  }

/** A stream ends when its caller leaves, its key does not hold any more, the service stops or the server closes. */
const streamOf =
  (endpoint: Endpoint, { streams, times, keys, ...desk }: Edge): RequestHandler =>
  async (req, res) => {
    const session = sessionOf(req)
    if (endpoint.scope) assertScope(session, endpoint.scope)
    const leave = streams.enter(session.caller.keyId)
    const stop = new AbortController()
    const end = (): void => stop.abort()
    const closing = closingOf(req)
    closing?.addEventListener('abort', end, { once: true })
    res.once('close', end)
    if (closing?.aborted) end()
    try {
      const { params, query, body } = req
      const raw = { params, query, body, lastEventId: req.get('Last-Event-ID'), signal: stop.signal }
      const reply = await endpoint.run(raw, desk, session.caller)
      if (!('events' in reply)) send(res, reply)
      else if (req.method === 'HEAD')
        send(res, { status: 200, body: '', headers: { 'Content-Type': 'text/event-stream' } })
      else await sendEvents(res, reply, () => stillHolds(keys, session), stop, times)
    } catch (error) {
      if (!res.headersSent) throw error
      res.err = httpErrorOf(error)
      res.destroy()
    } finally {
      end()
      closing?.removeEventListener('abort', end)
      leave()
    }
  }

/** The last handler: any thrown value becomes a problem document. What is the server's fault goes to the log with its cause; back-pressure has none. */
const answerFailure: ErrorRequestHandler = (thrown, req, res, next) => {
  const error = httpErrorOf(thrown)
  if (error.code === 'INTERNAL' || (error.cause !== undefined && PROBLEMS[error.code].status >= 500)) res.err = error
  // A stream that broke half-way cannot be answered any more: Express ends the connection.
  if (res.headersSent) return next(thrown)
  send(res, problemReply(error, occurrenceOf(req)))
}
