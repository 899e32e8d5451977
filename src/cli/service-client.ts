import { z } from 'zod'
import { BatchPage } from '../http/schema/batches.ts'
import { PlacedView, ResultsView } from '../http/schema/orders.ts'
import { Problem } from '../http/schema/problem.ts'
import { PolicyResponse, StatusResponse } from '../http/schema/service.ts'
import type { Order, Segment } from '../order/order.ts'
import { CliError } from './shared/exit.ts'

/** An order as the HTTP API takes it; `details` in hex or decimal digits. */
export type OrderBody = Omit<Order, 'details'> & { readonly details: string }

export type OrderResult = z.infer<typeof ResultsView>['results'][number]

/** Results one by one, or a time to wait because the service takes no orders now. */
export type Submission = { readonly results: readonly OrderResult[] } | { readonly retryAfterMs: number }

const ANSWER_LIMIT_MS = 30_000

/** A running service, through its HTTP API. Every method throws CliError SERVICE_UNREACHABLE or SERVICE_REFUSED. */
export class ServiceClient {
  readonly url: string
  readonly #keys: Readonly<Partial<Record<Segment, string>>>
  readonly #interrupted: AbortSignal

  /** @param keys API keys by the segment that they attest; either may read. */
  constructor(url: string, keys: Readonly<Partial<Record<Segment, string>>>, interrupted: AbortSignal) {
    this.url = url
    this.#keys = keys
    this.#interrupted = interrupted
  }

  /** Sends up to 256 orders of one segment. @returns one result an order, in the same order, or when to come again. */
  async submit(segment: Segment, orders: readonly OrderBody[]): Promise<Submission> {
    const answer = await this.#ask('/v1/orders', ResultsView, segment, orders)
    if ('problem' in answer) return waitOrRefuse(answer)
    const { results } = answer.body
    if (results.length === orders.length) return { results }
    throw new CliError('SERVICE_UNREACHABLE', `${this.url} gave ${results.length} results for ${orders.length} orders`)
  }

  /** Sends one order. @returns its receipt. @throws CliError SERVICE_REFUSED also for an order that got none. */
  async submitOne(order: OrderBody): Promise<z.infer<typeof PlacedView>> {
    return this.#expect('/v1/orders', PlacedView, order.segment, order)
  }

  status = (): Promise<z.infer<typeof StatusResponse>> => this.#expect('/v1/status', StatusResponse)
  policy = (): Promise<z.infer<typeof PolicyResponse>> => this.#expect('/v1/policy', PolicyResponse)
  /** The newest batches first. */
  batches = (limit: number): Promise<z.infer<typeof BatchPage>> => this.#expect(`/v1/batches?limit=${limit}`, BatchPage)

  async #expect<T>(path: string, schema: z.ZodType<T>, segment?: Segment, body?: unknown): Promise<T> {
    const answer = await this.#ask(path, schema, segment, body)
    if ('problem' in answer) throw refused(answer)
    return answer.body
  }

  async #ask<T>(path: string, schema: z.ZodType<T>, segment?: Segment, body?: unknown): Promise<{ body: T } | Refusal> {
    const key = segment ? this.#keys[segment] : (this.#keys.retail ?? this.#keys.institutional)
    const { status, json, retryAfter } = await this.#fetch(path, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
    })
    const parsed = status < 400 ? schema.safeParse(json) : undefined
    if (parsed?.success) return { body: parsed.data }
    const problem = Problem.safeParse(json)
    if (problem.success) return { problem: problem.data, retryAfter }
    throw new CliError('SERVICE_UNREACHABLE', `${this.url} is no Fairlead service: status ${status} at ${path}`)
  }

  async #fetch(path: string, init: RequestInit): Promise<{ status: number; json: unknown; retryAfter: string | null }> {
    const signal = AbortSignal.any([this.#interrupted, AbortSignal.timeout(ANSWER_LIMIT_MS)])
    try {
      const response = await fetch(`${this.url}${path}`, { ...init, signal })
      const text = await response.text()
      return { status: response.status, json: parseJson(text), retryAfter: response.headers.get('retry-after') }
    } catch (cause) {
      if (this.#interrupted.aborted) throw new CliError('INTERRUPTED', 'stopped by Ctrl-C', { cause })
      throw new CliError('SERVICE_UNREACHABLE', `no service answers at ${this.url}`, {
        cause,
        details: { url: this.url },
      })
    }
  }
}

interface Refusal {
  readonly problem: z.infer<typeof Problem>
  /** The header, in seconds. */
  readonly retryAfter: string | null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Back-pressure and a service that is not ready pass; every other problem does not. */
function waitOrRefuse(refusal: Refusal): Submission {
  const { problem, retryAfter } = refusal
  if (problem.status !== 503) throw refused(refusal)
  // The document is finer than the header, which has whole seconds.
  const waitMs = FinerWait.safeParse(problem).data?.retryAfterMs ?? 1000 * Number(retryAfter ?? 1)
  return { retryAfterMs: Math.max(MIN_WAIT_MS, Number.isFinite(waitMs) ? waitMs : MIN_WAIT_MS) }
}

const FinerWait = z.looseObject({ retryAfterMs: z.number().min(0) })
const MIN_WAIT_MS = 100

const refused = ({ problem: { code, detail } }: Refusal): CliError =>
  new CliError('SERVICE_REFUSED', `${code}: ${detail}`, { details: { problem: code } })
