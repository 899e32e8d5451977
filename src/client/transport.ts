import type { z } from 'zod'
import { CodedError } from '../base/error.ts'
import { jsonOf } from '../base/json.ts'
import { throwIfAborted } from './abort.ts'
import { type RetryPolicy, withRetries } from './backoff.ts'
import { ClientError, ServiceProblem } from './error.ts'
import type { paths } from './openapi.ts'
import { Problem } from './wire.ts'

type Method = 'get' | 'post'
type Content<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never
/** The body of the 200 answer, by the OpenAPI document. */
type AnswerOf<Path extends keyof paths, M extends Method> = paths[Path][M] extends {
  responses: { 200: infer Response }
}
  ? Content<Response>
  : never
/** A schema that takes every body which the document allows. */
type Takes<Schema extends z.ZodType, Body> = Body extends z.input<Schema> ? Schema : never

interface TransportOptions {
  /** The service's root, without a trailing slash. */
  readonly url: string
  readonly key: string | undefined
  readonly fetch: typeof globalThis.fetch
  readonly retries: RetryPolicy
  /** How long one try may take, ms. */
  readonly timeoutMs: number
}

interface Ask {
  /** For `{name}` in the path. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** An answer that may be asked about again: its ETag and its text. */
interface Kept {
  readonly etag: string
  readonly text: string
}
/** Answers that are kept; whoever polls asks for few. */
const MOST_KEPT = 32

/**
 * Requests to the service, with retries; all of them are safe to repeat, as whatever changes something carries an `Idempotency-Key`.
 *
 * Plain `fetch` with the paths and bodies of the generated types: answers are parsed by schemas anyway, so a typed client library would add a dependency
 * and check nothing more. Every method throws ServiceProblem, or ClientError `SERVICE_UNREACHABLE`, `ANSWER_INVALID`, `ABORTED`.
 */
export class Transport {
  readonly #options: TransportOptions
  /** By address, the longest unused first. */
  readonly #kept = new Map<string, Kept>()

  constructor(options: TransportOptions) {
    this.#options = options
  }

  get retries(): RetryPolicy {
    return this.#options.retries
  }

  get<Path extends keyof paths, Schema extends z.ZodType>(
    path: Path,
    schema: Takes<Schema, AnswerOf<Path, 'get'>>,
    ask: Ask = {},
  ): Promise<z.output<Schema>> {
    return this.#ask<Schema>('GET', path, schema, ask, {})
  }

  post<Path extends keyof paths, Schema extends z.ZodType>(
    path: Path,
    schema: Takes<Schema, AnswerOf<Path, 'post'>>,
    body: unknown,
    ask: Ask & { readonly idempotencyKey: string },
  ): Promise<z.output<Schema>> {
    return this.#ask<Schema>('POST', path, schema, ask, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'idempotency-key': ask.idempotencyKey },
    })
  }

  async #ask<Schema extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: Schema,
    { params = {}, query = {}, signal }: Ask,
    init: { body?: string; headers?: Readonly<Record<string, string>> },
  ): Promise<z.output<Schema>> {
    const { url, key, retries } = this.#options
    const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
    const search = new URLSearchParams(query).toString()
    const headers = { ...init.headers, ...(key !== undefined && { authorization: `Bearer ${key}` }) }
    const address = `${url}${place}${search && `?${search}`}`
    return withRetries(
      async () => {
        const { response, text } = await this.#revalidate(address, { ...init, method, headers }, signal)
        const json = jsonOf(text)
        if (!response.ok && response.status !== 304) throw problemOf(response, json)
        const parsed = schema.safeParse(json)
        if (parsed.success) return parsed.data
        throw new ClientError('ANSWER_INVALID', `${place} answered something else than the API says`, {
          details: { path: place, fields: parsed.error.issues.map((issue) => issue.path.join('.')) },
        })
      },
      retries,
      signal,
    )
  }

  /** Opens a stream of events, with retries; the body goes on until `connection` aborts. */
  open(
    path: string,
    ask: Pick<Ask, 'params' | 'signal'> & {
      readonly lastEventId: bigint | undefined
      readonly connection: AbortController
    },
  ): Promise<Response> {
    const { url, key, retries, timeoutMs, fetch } = this.#options
    const { params = {}, lastEventId, connection, signal } = ask
    const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
    const headers = {
      accept: 'text/event-stream',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(lastEventId !== undefined && { 'last-event-id': `${lastEventId}` }),
    }
    const attempt = async (): Promise<Response> => {
      throwIfAborted(signal)
      // Each try has a time limit until its headers are there, and none after.
      const late = new AbortController()
      const timer = setTimeout(() => late.abort(), timeoutMs)
      try {
        const response = await fetch(`${url}${place}`, {
          headers,
          signal: AbortSignal.any([connection.signal, late.signal]),
        })
        if (response.ok) return response
        throw problemOf(response, jsonOf(await response.text()))
      } catch (cause) {
        throwIfAborted(signal)
        if (cause instanceof CodedError) throw cause
        throw new ClientError('SERVICE_UNREACHABLE', `no service answers at ${url}`, { cause })
      } finally {
        clearTimeout(timer)
      }
    }
    return withRetries(attempt, retries, signal)
  }

  /** Asks whether an answer that is kept still holds, and keeps those that can be asked about. */
  async #revalidate(
    address: string,
    init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
    signal: AbortSignal | undefined,
  ): Promise<{ response: Response; text: string }> {
    if (init.method !== 'GET') return this.#fetch(address, init, signal)
    const kept = this.#kept.get(address)
    const headers = { ...init.headers, ...(kept && { 'if-none-match': kept.etag }) }
    const found = await this.#fetch(address, { ...init, headers }, signal)
    const { response } = found
    const current = response.status === 304 && kept ? kept : { etag: response.headers.get('etag'), text: found.text }
    this.#kept.delete(address)
    if (current.etag !== null && (response.ok || response.status === 304)) {
      this.#kept.set(address, { etag: current.etag, text: current.text })
      const [oldest] = this.#kept.keys()
      if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest)
    }
    return { response, text: current.text }
  }

  async #fetch(
    url: string,
    init: RequestInit,
    given: AbortSignal | undefined,
  ): Promise<{ response: Response; text: string }> {
    throwIfAborted(given)
    const limit = AbortSignal.timeout(this.#options.timeoutMs)
    const signal = given ? AbortSignal.any([given, limit]) : limit
    try {
      const response = await this.#options.fetch(url, { ...init, signal })
      return { response, text: await response.text() }
    } catch (cause) {
      throwIfAborted(given)
      throw new ClientError('SERVICE_UNREACHABLE', `no service answers at ${this.#options.url}`, { cause })
    }
  }
}

/** A failed answer as an error: the service's problem, or whatever a proxy in between says. */
function problemOf({ status, headers }: Response, json: unknown): ServiceProblem | ClientError {
  const { data } = Problem.safeParse(json)
  if (!data) {
    // A gateway's 502 to 504 means that the service was not reached; it passes.
    const code = status >= 502 && status <= 504 ? 'SERVICE_UNREACHABLE' : 'ANSWER_INVALID'
    return new ClientError(code, `status ${status} without a problem document`, { details: { status } })
  }
  const { code, detail, status: _, retryAfterMs = headerMs(headers.get('retry-after')), ...details } = data
  return new ServiceProblem(code, detail, { status, retryAfterMs, details })
}

/** `Retry-After` in ms, from seconds or a date; `undefined` for neither. */
function headerMs(text: string | null): number | undefined {
  if (text === null) return undefined
  if (/^[0-9]{1,9}$/.test(text)) return 1000 * Number(text)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
