import { z } from 'zod'
import type { Caller, ServiceApi } from '../service/api.ts'
import { parsePart } from './parse.ts'
import { HttpError } from './problem.ts'
import type { Reply } from './reply.ts'
import type { ProblemCode } from './status.ts'

/** One way in which an endpoint answers well. */
export interface Answer {
  readonly description: string
  readonly schema: z.ZodType
  /** Whether the answer names its resource in `Location`. */
  readonly location?: boolean
}

/** What the documentation needs of an endpoint, and the router: both are made from the same list. */
export interface EndpointDescription {
  /** The operation's name in OpenAPI. */
  readonly id: string
  readonly method: 'get' | 'post'
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  /** `open`: no key is needed. */
  readonly access: 'key' | 'open'
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** What the documentation shows, where `body` leaves more to the handler. */
  readonly bodyInDocument?: z.ZodType
  /** Whether it takes an `Idempotency-Key`. */
  readonly idempotent?: boolean
  readonly answers: Readonly<Record<number, Answer>>
  /** Codes of its own; those of every endpoint are added. */
  readonly problems: readonly ProblemCode[]
}

/** A request as Express has read it. */
export interface RawRequest {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

/** An endpoint whose handler has its schemas closed in. */
export interface Endpoint extends EndpointDescription {
  /**
   * @param caller whose key it was; open endpoints do without.
   * @throws HttpError, CodedError.
   */
  run(raw: RawRequest, service: ServiceApi, caller?: Caller): Promise<Reply>
}

/** A request after its schemas. */
export interface Call<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly params: z.output<P>
  readonly query: z.output<Q>
  readonly body: z.output<B>
  readonly caller: Caller
}

const NO_QUERY = z.strictObject({})

/** An endpoint behind a key, from its description and a handler that sees parsed values only. */
export function endpoint<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  spec: Omit<EndpointDescription, 'access' | 'params' | 'query' | 'body'> & {
    readonly params?: P
    readonly query?: Q
    readonly body?: B
    handle(call: Call<P, Q, B>, service: ServiceApi): Promise<Reply>
  },
): Endpoint {
  const { handle, ...description } = spec
  return {
    ...description,
    access: 'key',
    async run(raw, service, caller) {
      if (!caller) throw new HttpError('UNAUTHENTICATED', 'this path needs an API key')
      const params = spec.params ? parsePart(spec.params, raw.params, 'path') : {}
      const query = parsePart(spec.query ?? NO_QUERY, raw.query, 'query')
      const body = spec.body ? parsePart(spec.body, raw.body, 'body') : undefined
      // A schema that is not there parses to what its default type says: nothing.
      return handle({ params, query, body, caller } as Call<P, Q, B>, service)
    },
  }
}
