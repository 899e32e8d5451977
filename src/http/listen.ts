import { randomUUID } from 'node:crypto'
import { createServer, type Server, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Express } from 'express'
import { CodedError } from '../base/error.ts'
import { setClosing } from './context.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { HttpError } from './problem.ts'
import { problemReply } from './reply.ts'
import { PROBLEMS, type ProblemCode } from './status.ts'

/** PORT_IN_USE: something else listens there. PORT_FORBIDDEN: ports below 1024 may need rights. HOST_UNAVAILABLE: no such address on this machine. */
export class ListenError extends CodedError<'PORT_IN_USE' | 'PORT_FORBIDDEN' | 'HOST_UNAVAILABLE'> {}

/** How long a slow client may take, and how many may come at once. */
export interface ServerLimits {
  /** Until all headers are there. Default: 10 s. */
  readonly headersMs: number
  /** Until the whole request is there. Default: 15 s. */
  readonly requestMs: number
  /** Without a byte either way, such as a client that never reads. Default: 30 s. */
  readonly idleMs: number
  /** Between requests of one connection. Default: 65 s, above the usual minute of load balancers. */
  readonly keepAliveMs: number
  /** How often the first two are checked. Default: 1 s. */
  readonly checkMs: number
  /** Default: 4,096. */
  readonly connections: number
}

const LIMITS: ServerLimits = {
  headersMs: 10_000,
  requestMs: 15_000,
  idleMs: 30_000,
  keepAliveMs: 65_000,
  checkMs: 1_000,
  connections: 4_096,
}

/** Where a server listens, and its limits where they are not the default ones. */
export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Default: 127.0.0.1, this machine only. */
  readonly host?: string
  readonly limits?: Partial<ServerLimits>
}

/** A server that listens. */
export interface Listening {
  readonly server: Server
  readonly port: number
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** Takes no more requests, ends streams, waits for the answers under way and, after `graceMs` (5 s), cuts them off. */
  close(graceMs?: number): Promise<void>
}

const CODES: Readonly<Record<string, ListenError['code']>> = {
  EADDRINUSE: 'PORT_IN_USE',
  EACCES: 'PORT_FORBIDDEN',
  EADDRNOTAVAIL: 'HOST_UNAVAILABLE',
  ENOTFOUND: 'HOST_UNAVAILABLE',
}

/**
 * Serves an app.
 * @throws ListenError PORT_IN_USE, PORT_FORBIDDEN, HOST_UNAVAILABLE; `details` has port and host.
 */
export async function listen(app: Express, options: ListenOptions): Promise<Listening> {
  const { port, host = '127.0.0.1' } = options
  const limits = { ...LIMITS, ...options.limits }
  const closing = new AbortController()
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkMs,
      maxHeaderSize: 16 * 1024,
    },
    (req, res) => {
      setClosing(req, closing.signal)
      app(req, res)
    },
  )
  server.maxConnections = limits.connections
  server.setTimeout(limits.idleMs)
  server.on('clientError', answerBrokenRequest)
  // Once the server closes, connections that fall idle are closed too, instead of at the end of their keep-alive.
  server.on('request', (_req, res) => {
    res.once('close', () => setImmediate(() => server.listening || server.closeIdleConnections()))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const code = CODES[cause.code ?? '']
      const message = `cannot listen on ${host}:${port} (${cause.code})`
      reject(code ? new ListenError(code, message, { cause, details: { host, port } }) : cause)
    })
    server.listen(port, host, resolve)
  })
  // A TCP server's address is never a text.
  const bound = server.address() as AddressInfo
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    server,
    port: bound.port,
    url: `http://${name}:${bound.port}`,
    close: (graceMs = 5_000) => {
      closing.abort()
      return close(server, graceMs)
    },
  }
}

function close(server: Server, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** What Node's parser gives up on never reaches the app, so it is answered here, on the bare socket. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const codes: Readonly<Record<string, ProblemCode>> = {
    HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
    ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  }
  const code = codes[error.code ?? ''] ?? 'REQUEST_MALFORMED'
  const { title } = PROBLEMS[code]
  const requestId = randomUUID()
  const { status, body } = problemReply(new HttpError(code, title), { requestId, instance: '/' })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
