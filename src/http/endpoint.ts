import { z } from 'zod'
import { Uint } from '../base/schema.ts'
import type { StreamEvent } from '../service/api.ts'
import type { CheckedKey } from '../service/api-keys.ts'
import type { Scope } from '../service/scopes.ts'
import { parsePart } from './parse.ts'
import { HttpError } from './problem.ts'
import type { OrderDesk } from './quota.ts'
import type { Reply } from './reply.ts'
import type { ProblemCode } from './status.ts'

/** One way in which an endpoint answers well. */
export interface Answer {
  readonly description: string
  readonly schema: z.ZodType
  /** Default: application/json. */
  readonly media?: 'text/event-stream'
  /** Whether the answer names its resource in `Location`. */
  readonly location?: boolean
}

/** What a path may take; GET takes HEAD along. */
export const METHODS = ['get', 'post', 'delete'] as const
export type Method = (typeof METHODS)[number]

/** What the documentation needs of an endpoint, and the router: both are made from the same list. */
export interface EndpointDescription {
  /** The operation's name in OpenAPI. */
  readonly id: string
  readonly method: Method
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  /** `open`: no key is needed. */
  readonly access: 'key' | 'open'
  /** What the key has to be allowed; of every endpoint behind a key. */
  readonly scope?: Scope
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** What the documentation shows, where `body` leaves more to the handler. */
  readonly bodyInDocument?: z.ZodType
  /** Whether it takes an `Idempotency-Key`. */
  readonly idempotent?: boolean
  /** Whether its answers have an ETag, for callers that ask again and again. */
  readonly revalidated?: boolean
  /** How many calls of its kind a body stands for, where those have a rate of their own; the body is not parsed yet. */
  readonly weigh?: (body: unknown) => number
  /** Whether it answers with a stream of events, and takes a `Last-Event-ID`. */
  readonly streams?: boolean
  readonly answers: Readonly<Record<number, Answer>>
  /** Codes of its own; those of every endpoint are added. */
  readonly problems: readonly ProblemCode[]
}

/** A request as Express has read it. */
export interface RawRequest {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  /** Of streams: the last event that the caller has. */
  readonly lastEventId?: string | undefined
  /** Of streams: when to end. */
  readonly signal?: AbortSignal
}

/** An answer that goes on. */
export interface Streaming {
  readonly events: AsyncIterable<StreamEvent>
  /** The event that the stream begins after, for readers whose connection breaks before the first. */
  readonly from?: bigint
}

/** An endpoint whose handler has its schemas closed in. */
export interface Endpoint extends EndpointDescription {
  /**
   * @param caller whose key it was; open endpoints do without.
   * @throws HttpError, CodedError.
   */
  run(raw: RawRequest, desk: OrderDesk, caller?: CheckedKey): Promise<Reply | Streaming>
}

/** A request after its schemas. */
export interface Call<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly params: z.output<P>
  readonly query: z.output<Q>
  readonly body: z.output<B>
  readonly caller: CheckedKey
  /** Of streams: the last event that the caller has. */
  readonly lastEventId: bigint | undefined
  readonly signal: AbortSignal
}

const NO_QUERY = z.strictObject({})

/** The newest event that a caller of a stream has: `0` for none, which tells all that is kept. */
export const LastEventId = Uint(63).meta({
  description: 'Only events after this one; from now on when left out.',
  maxLength: 19,
})
const StreamHeaders = z.object({ 'Last-Event-ID': LastEventId.optional() })

/** An endpoint behind a key, from its description and a handler that sees parsed values only. */
export function endpoint<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  spec: Omit<EndpointDescription, 'access' | 'scope' | 'params' | 'query' | 'body'> & {
    readonly scope: Scope
    readonly params?: P
    readonly query?: Q
    readonly body?: B
    handle(call: Call<P, Q, B>, desk: OrderDesk): Promise<Reply | Streaming>
  },
): Endpoint {
  const { handle, ...description } = spec
  return {
    ...description,
    access: 'key',
    async run(raw, desk, caller) {
      if (!caller) throw new HttpError('UNAUTHENTICATED', 'this path needs an API key')
      const params = spec.params ? parsePart(spec.params, raw.params, 'path') : {}
      const query = parsePart(spec.query ?? NO_QUERY, raw.query, 'query')
      const body = spec.body ? parsePart(spec.body, raw.body, 'body') : undefined
      const headers = { 'Last-Event-ID': raw.lastEventId }
      const { 'Last-Event-ID': lastEventId } = parsePart(StreamHeaders, headers, 'header')
      const signal = raw.signal ?? new AbortController().signal
      // A schema that is not there parses to what its default type says: nothing.
      return handle({ params, query, body, caller, lastEventId, signal } as Call<P, Q, B>, desk)
    },
  }
}
