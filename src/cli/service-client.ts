import type { z } from 'zod'
import { ClientError, ServiceProblem } from '../client/client.ts'
import { idempotencyKey } from '../client/place.ts'
import { Transport } from '../client/transport.ts'
import { BatchBundleView, BatchPage } from '../http/schema/batches.ts'
import { EpochEndingView } from '../http/schema/epochs.ts'
import { type PlacedView, ResultsView } from '../http/schema/orders.ts'
import { PolicyResponse, StatusResponse } from '../http/schema/service.ts'
import type { Order, Segment } from '../order/order.ts'
import type { ClientKeys } from './shared/client-keys.ts'
import { CliError } from './shared/exit.ts'

/** An order as the HTTP API takes it; `details` in hex or decimal digits. */
export type OrderBody = Omit<Order, 'details'> & { readonly details: string }

/** One result as it is on the wire: integers above 2^53 and field elements in decimal text. */
export type OrderResult = z.infer<typeof ResultsView>['results'][number]

/** Results one by one, or a time to wait because the service takes no orders now. */
export type Submission = { readonly results: readonly OrderResult[] } | { readonly retryAfterMs: number }

/** A person waits for the answer: a lost connection is tried again soon, and back-pressure is the caller's to wait for. */
const RETRIES = { retries: 2, baseMs: 100, capMs: 400, longestWaitMs: 0 }
const ANSWER_LIMIT_MS = 30_000
const MIN_WAIT_MS = 100

/** The client's requests, with a key for each segment and the command line's errors: SERVICE_UNREACHABLE, SERVICE_REFUSED, INTERRUPTED. */
export class ServiceClient {
  readonly url: string
  readonly #keys: Readonly<ClientKeys>
  readonly #signal: AbortSignal

  /** @param keys API keys by the segment that they attest, and an operator's; any may read. */
  constructor(url: string, keys: Readonly<ClientKeys>, interrupted: AbortSignal) {
    this.url = url
    this.#keys = keys
    this.#signal = interrupted
  }

  /** Sends up to 256 orders of one segment. @returns one result an order, in the same order, or when to come again. */
  async submit(segment: Segment, orders: readonly OrderBody[]): Promise<Submission> {
    try {
      return { results: await this.#send(segment, orders) }
    } catch (error) {
      // Back-pressure, a service that is not ready and a rate that is used up pass; every other problem does not.
      const passes = error instanceof ServiceProblem && (error.status === 503 || error.code === 'RATE_LIMITED')
      if (!passes) throw this.#asCliError(error)
      return { retryAfterMs: Math.max(MIN_WAIT_MS, error.retryAfterMs ?? MIN_WAIT_MS) }
    }
  }

  /** Sends one order. @returns its receipt. @throws CliError SERVICE_REFUSED also for an order that got none. */
  async submitOne(order: OrderBody): Promise<z.infer<typeof PlacedView>> {
    const [result] = await this.#ask(() => this.#send(order.segment, [order]))
    if (result && result.status !== 'refused') return result
    const { code, detail } = result?.refusal ?? { code: 'INTERNAL', detail: 'no result' }
    throw refused(code, detail)
  }

  status = (): Promise<z.infer<typeof StatusResponse>> =>
    this.#ask((transport, signal) => transport.get('/v1/status', StatusResponse, { signal }))
  policy = (): Promise<z.infer<typeof PolicyResponse>> =>
    this.#ask((transport, signal) => transport.get('/v1/policy', PolicyResponse, { signal }))
  /** Ends the epoch and begins the next one, by an operator's key. @param mode of the next one; as the one that ends when left out. */
  changeEpoch = (mode?: 'instant' | 'sealed'): Promise<z.infer<typeof EpochEndingView>> =>
    this.#ask((transport, signal) =>
      transport.post(
        '/v1/epochs',
        EpochEndingView,
        { ...(mode && { mode }) },
        { signal, idempotencyKey: idempotencyKey() },
      ),
    )
  /** Everything public about a batch. */
  batch = (index: bigint): Promise<z.infer<typeof BatchBundleView>> =>
    this.#ask((transport, signal) =>
      transport.get('/v1/batches/{index}', BatchBundleView, { params: { index: `${index}` }, signal }),
    )
  /** The newest batches first. */
  batches = (limit: number): Promise<z.infer<typeof BatchPage>> =>
    this.#ask((transport, signal) => transport.get('/v1/batches', BatchPage, { query: { limit: `${limit}` }, signal }))

  async #ask<T>(ask: (transport: Transport, signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#transport(), this.#signal)
    } catch (error) {
      throw this.#asCliError(error)
    }
  }

  #transport(segment?: Segment): Transport {
    const { operator, retail, institutional } = this.#keys
    const key = segment ? this.#keys[segment] : (operator ?? retail ?? institutional)
    return new Transport({ url: this.url, key, fetch, retries: RETRIES, timeoutMs: ANSWER_LIMIT_MS })
  }

  async #send(segment: Segment, orders: readonly OrderBody[]): Promise<OrderResult[]> {
    const ask = { signal: this.#signal, idempotencyKey: idempotencyKey() }
    const { results } = await this.#transport(segment).post('/v1/orders', ResultsView, orders, ask)
    if (results.length === orders.length) return results
    throw new ClientError('ANSWER_INVALID', `${results.length} results for ${orders.length} orders`)
  }

  #asCliError(error: unknown): unknown {
    if (error instanceof ServiceProblem) return refused(error.code, error.message)
    if (!(error instanceof ClientError)) return error
    if (error.code === 'ABORTED') return new CliError('INTERRUPTED', 'stopped by Ctrl-C', { cause: error })
    const why = error.code === 'SERVICE_UNREACHABLE' ? 'no service answers at' : 'no Fairlead service answers at'
    return new CliError('SERVICE_UNREACHABLE', `${why} ${this.url}`, { cause: error, details: { url: this.url } })
  }
}

const refused = (code: string, detail: string): CliError =>
  new CliError('SERVICE_REFUSED', `${code}: ${detail}`, { details: { problem: code } })
