import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { z } from 'zod'
import { SCOPE_NAMES, SCOPES } from '../service/scopes.ts'
import { type EndpointDescription, LastEventId } from './endpoint.ts'
import { ENDPOINTS } from './endpoints/all.ts'
import { groupBy } from './group.ts'
import { Problem } from './schema/problem.ts'
import { PROBLEMS, type ProblemCode } from './status.ts'

/** Version of the API, raised with a change that breaks callers. */
const API_VERSION = '1.0.0'

/** Problems of every endpoint, of those behind a key, and of those that take a body. */
const COMMON: readonly ProblemCode[] = ['INTERNAL', 'RATE_LIMITED']
const KEYED: readonly ProblemCode[] = [
  'UNAUTHENTICATED',
  'SCOPE_MISSING',
  'RATE_LIMITED',
  'REQUEST_INVALID',
  'REQUEST_MALFORMED',
  'NOT_READY',
]
const WITH_BODY: readonly ProblemCode[] = ['JSON_INVALID', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']
const IDEMPOTENT: readonly ProblemCode[] = ['IDEMPOTENCY_MISMATCH', 'IDEMPOTENCY_IN_PROGRESS']

const IdempotencyKey = z
  .string()
  .regex(/^[!-~]{1,128}$/)
  .optional()
  .meta({ description: 'The same key with the same request gets the stored answer, for 24 hours.' })

const IfNoneMatch = z
  .string()
  .optional()
  .meta({ description: 'ETags that the caller has: 304 when one of them holds.' })

/** The OpenAPI 3.1 document, made from the endpoints and the schemas that parse and answer requests. */
export function openApiDocument() {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: `An API key, \`flk_…\`. It attests the segment of its holder, and has scopes: ${SCOPE_NAMES.map((scope) => `\`${scope}\` (${SCOPES[scope]})`).join('; ')}.`,
  })
  for (const endpoint of ENDPOINTS) registry.registerPath(pathOf(endpoint))
  return new OpenApiGeneratorV31(registry.definitions, { sortComponents: 'alphabetically' }).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Fairlead',
      version: API_VERSION,
      description:
        'Private orders in, signed receipts out; every batch proven and checked on chain. Errors: [/docs/errors](/docs/errors).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  })
}

function pathOf(endpoint: EndpointDescription) {
  const { id, method, path, summary, description, access, scope, params, query } = endpoint
  const body = endpoint.bodyInDocument ?? endpoint.body
  return {
    method,
    path,
    operationId: id,
    summary,
    ...(described(description, scope) === '' ? {} : { description: described(description, scope) }),
    // The names in a requirement are the scopes that the key has to have (OpenAPI 3.1, 4.8.30).
    security: access === 'key' ? [{ key: scope ? [scope] : [] }] : [],
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...headersOf(endpoint),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: { ...goodAnswers(endpoint), ...problemAnswers(endpoint) },
  }
}

const described = (description: string | undefined, scope: string | undefined): string =>
  [description, scope && `Scope: \`${scope}\`.`].filter((text) => text !== undefined).join(' ')

function headersOf({ idempotent, revalidated, streams }: EndpointDescription) {
  const headers = {
    ...(idempotent ? { 'Idempotency-Key': IdempotencyKey } : {}),
    ...(revalidated ? { 'If-None-Match': IfNoneMatch } : {}),
    ...(streams ? { 'Last-Event-ID': LastEventId.optional() } : {}),
  }
  return Object.keys(headers).length === 0 ? {} : { headers: z.object(headers) }
}

function goodAnswers({ answers, revalidated }: EndpointDescription) {
  const good = Object.entries(answers).map(([status, { description, schema, media, location }]) => {
    const headers = {
      ...(location ? { Location: z.string().optional().meta({ description: 'Path of the resource.' }) } : {}),
      ...(revalidated ? { ETag: z.string().optional().meta({ description: 'For `If-None-Match`.' }) } : {}),
    }
    const withHeaders = Object.keys(headers).length === 0 ? {} : { headers: z.object(headers) }
    if (status === '204') return [status, { description }]
    return [status, { description, content: { [media ?? 'application/json']: { schema } }, ...withHeaders }]
  })
  return {
    ...Object.fromEntries(good),
    ...(revalidated ? { 304: { description: 'The caller has it: its ETag is in `If-None-Match`.' } } : {}),
  }
}

/** One answer a status, naming the codes that lead to it. */
function problemAnswers({ access, body, idempotent, problems }: EndpointDescription) {
  const codes = new Set([
    ...problems,
    ...COMMON,
    ...(access === 'key' ? KEYED : []),
    ...(body ? WITH_BODY : []),
    ...(idempotent ? IDEMPOTENT : []),
  ])
  const byStatus = groupBy([...codes].sort(), (code) => PROBLEMS[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, here]) => [
      status,
      { description: here.join(', '), content: { 'application/problem+json': { schema: Problem } } },
    ]),
  )
}
