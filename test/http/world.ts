import { Writable } from 'node:stream'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { type AppDeps, createApp } from '../../src/http/app.ts'
import type { Endpoint } from '../../src/http/endpoint.ts'
import { ENDPOINTS } from '../../src/http/endpoints/all.ts'
import { type Listening, type ListenOptions, listen } from '../../src/http/listen.ts'
import { openApiDocument } from '../../src/http/openapi.ts'
import { Problem } from '../../src/http/schema/problem.ts'
import { PROBLEMS, type ProblemCode } from '../../src/http/status.ts'
import type { ServiceApi } from '../../src/service/api.ts'
import { ApiKeys } from '../../src/service/api-keys.ts'
import { Idempotency } from '../../src/service/idempotency.ts'
import { OrderQuota } from '../../src/service/order-quota.ts'
import { OPERATOR_SCOPES } from '../../src/service/scopes.ts'
import { type Database, openPGlite } from '../../src/service/store/database.ts'
import { element } from '../helpers/fixtures.ts'
import { MemoryService } from './memory-service.ts'

let shared: Promise<Database> | undefined

/** One database in memory for all files: making one takes seconds. */
export const database = (): Promise<Database> => {
  shared ??= openPGlite()
  return shared
}

after(async () => {
  await (await shared)?.close()
})

export interface Ask {
  readonly body?: unknown
  /** Sent as it is, in place of `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
  /** `null`: no key. Default: the retail key. */
  readonly token?: string | null
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed JSON that its endpoint's schema and the OpenAPI document have both let through; tests look into it freely. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape was just checked.
  readonly json: any
}

type AppOptions = Partial<
  Pick<AppDeps, 'limits' | 'streamTimes' | 'corsOrigins' | 'proxies' | 'publicReads' | 'explorer'>
> & {
  readonly server?: ListenOptions['limits']
}

/** The app over a service, listening on a free port. */
export class World<S extends ServiceApi = MemoryService> {
  readonly service: S
  readonly keys: ApiKeys
  readonly retail: string
  readonly institutional: string
  /** May read everything and cancel proofs, but send nothing. */
  readonly operator: string
  readonly listening: Listening
  /** All that was logged. */
  readonly logged: string[]

  private constructor(
    parts: Pick<World<S>, 'service' | 'keys' | 'retail' | 'institutional' | 'operator' | 'listening' | 'logged'>,
  ) {
    this.service = parts.service
    this.keys = parts.keys
    this.retail = parts.retail
    this.institutional = parts.institutional
    this.operator = parts.operator
    this.listening = parts.listening
    this.logged = parts.logged
  }

  static async open<S extends ServiceApi>(service: S, options: AppOptions = {}): Promise<World<S>> {
    const { db } = await database()
    const keys = new ApiKeys(db)
    const logged: string[] = []
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        logged.push(String(chunk))
        done()
      },
    })
    const log = pino({ level: 'trace' }, sink)
    const app = createApp({
      ...{ service, keys, log, idempotency: new Idempotency(db), quota: new OrderQuota(db), registry: new Registry() },
      ...options,
      // Tests ask without a pause.
      limits: { keyRate: 1_000_000, strangerRate: 1_000_000, failuresPerMinute: 1_000_000, ...options.limits },
    })
    const { token: retail } = await keys.create({ name: 'retail', segment: 'retail' })
    const { token: institutional } = await keys.create({ name: 'institutional', segment: 'institutional' })
    const { token: operator } = await keys.create({ name: 'operator', segment: 'retail', scopes: [...OPERATOR_SCOPES] })
    const listening = await listen(app, { port: 0, ...(options.server && { limits: options.server }) })
    return new World({ service, keys, retail, institutional, operator, listening, logged })
  }

  /** Asks, and holds the answer to its schema, its problem code's status and the OpenAPI document. */
  async ask(method: string, path: string, ask: Ask = {}): Promise<Answered> {
    const token = ask.token === undefined ? this.retail : ask.token
    const body = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body))
    const response = await fetch(new URL(path, this.listening.url), {
      method,
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...ask.headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const { status, headers } = response
    const json = text !== '' && headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : undefined
    if (method !== 'HEAD') checkAnswer(method, path, status, headers, json)
    return { status, headers, text, json }
  }

  /** Asks and expects a problem with this code. */
  async refused(code: ProblemCode, method: string, path: string, ask: Ask = {}): Promise<Answered> {
    const answered = await this.ask(method, path, ask)
    expect(answered.json?.code, answered.text).to.equal(code)
    return answered
  }
}

/** A world for the tests of one `describe`, opened before and closed after them. */
export function useWorld(options: AppOptions = {}): () => World {
  let world: World | undefined
  before(async () => {
    world = await World.open(new MemoryService(), options)
  })
  after(() => world?.listening.close(0))
  return () => world ?? expect.fail('the world is not open')
}

/** The body of an order that nobody sent before. */
export function freshOrder(change: Record<string, unknown> = {}): Record<string, unknown> {
  orders += 1
  return { size: 1, side: 'buy', details: element(70, orders).toString(), ...change }
}
let orders = 0

const ajv = new Ajv2020({ strict: false })
ajv.addSchema(openApiDocument(), 'openapi')

function checkAnswer(method: string, path: string, status: number, headers: Headers, json: unknown): void {
  const endpoint = endpointOf(method, path)
  if (status >= 400) {
    expect(headers.get('Content-Type')).to.equal('application/problem+json')
    const problem = Problem.parse(json)
    expect(PROBLEMS[problem.code].status).to.equal(status)
    expect(problem).to.include({ status, type: `/docs/errors#${problem.code}`, requestId: headers.get('X-Request-Id') })
    if (status === 503 || status === 429) expect(Number(headers.get('Retry-After'))).to.be.at.least(1)
  }
  if (!endpoint) return
  if (status === 304 || status === 204) return
  if (status < 400) {
    expect(headers.get('Content-Type')).to.equal('application/json')
    endpoint.answers[status]?.schema.parse(json)
  }
  const media = status < 400 ? 'application~1json' : 'application~1problem+json'
  const place = `openapi#/paths/${endpoint.path.replaceAll('/', '~1')}/${endpoint.method}/responses/${status}`
  const validate = ajv.getSchema(`${place}/content/${media}/schema`)
  if (!validate) expect.fail(`${method} ${path}: ${status} is not documented`)
  expect(validate(json), JSON.stringify(validate.errors)).to.equal(true)
}

const endpointOf = (method: string, path: string): Endpoint | undefined =>
  ENDPOINTS.find(
    (endpoint) =>
      endpoint.method === method.toLowerCase() &&
      new RegExp(`^${endpoint.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path.split('?', 1)[0] ?? ''),
  )
