import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { z } from 'zod'
import type { EndpointDescription } from './endpoint.ts'
import { ENDPOINTS } from './endpoints/all.ts'
import { groupBy } from './group.ts'
import { Problem } from './schema/problem.ts'
import { PROBLEMS, type ProblemCode } from './status.ts'

/** Version of the API, raised with a change that breaks callers. */
const API_VERSION = '1.0.0'

/** Problems of every endpoint, of those behind a key, and of those that take a body. */
const COMMON: readonly ProblemCode[] = ['INTERNAL']
const KEYED: readonly ProblemCode[] = ['UNAUTHENTICATED', 'REQUEST_INVALID', 'REQUEST_MALFORMED', 'NOT_READY']
const WITH_BODY: readonly ProblemCode[] = ['JSON_INVALID', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']
const IDEMPOTENT: readonly ProblemCode[] = ['IDEMPOTENCY_MISMATCH', 'IDEMPOTENCY_IN_PROGRESS']

const IdempotencyKey = z
  .string()
  .regex(/^[!-~]{1,128}$/)
  .optional()
  .meta({ description: 'The same key with the same request gets the stored answer, for 24 hours.' })

/** The OpenAPI 3.1 document, made from the endpoints and the schemas that parse and answer requests. */
export function openApiDocument() {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, `flk_…`. It attests the segment of its holder.',
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
  const { id, method, path, summary, description, access, params, query, idempotent } = endpoint
  const body = endpoint.bodyInDocument ?? endpoint.body
  return {
    method,
    path,
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    security: access === 'key' ? [{ key: [] }] : [],
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(idempotent ? { headers: z.object({ 'Idempotency-Key': IdempotencyKey }) } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: { ...goodAnswers(endpoint), ...problemAnswers(endpoint) },
  }
}

const goodAnswers = ({ answers }: EndpointDescription) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, location }]) => [
      status,
      {
        description,
        content: { 'application/json': { schema } },
        ...(location
          ? { headers: z.object({ Location: z.string().optional().meta({ description: 'Path of the resource.' }) }) }
          : {}),
      },
    ]),
  )

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
