import { request } from 'node:http'
import { expect } from 'chai'
import fc from 'fast-check'
import { SECURITY_HEADERS } from '../../src/http/headers.ts'
import { Problem } from '../../src/http/schema/problem.ts'
import { useWorld } from './world.ts'

const paths = fc.oneof(
  fc.constantFrom(
    ...['/v1/orders', '/v1/batches', '/v1/proofs', '/v1/policy', '/v1/status', '/v1/shards', '/healthz', '/readyz'],
    ...['/openapi.json', '/docs', '/docs/errors', '/V1/orders', '//v1/orders', '/v1//orders', '/v1/orders/', '/', '*'],
  ),
  fc
    .tuple(
      fc.constantFrom('/v1/orders/', '/v1/batches/', '/v1/proofs/', '/v1/', '/docs/', '/'),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
    )
    .map(([base, rest]) => `${base}${encodeURIComponent(rest)}`),
  fc
    .tuple(fc.constantFrom('/v1/batches?', '/v1/policy?', '/v1/proofs/%'), fc.stringMatching(/^[\x21-\x7e]{0,30}$/))
    .map(([base, rest]) => `${base}${rest}`),
)
const header = fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,60}$/)
const headers = fc.record(
  {
    'Content-Type': fc.oneof(
      fc.constantFrom('application/json', 'application/json; charset=utf-16', 'text/plain'),
      header,
    ),
    'Content-Encoding': fc.constantFrom('gzip', 'br', 'identity', 'zstd'),
    'Idempotency-Key': header,
    'If-None-Match': header,
    'X-Request-Id': header,
    Accept: header,
    Cookie: header,
    'X-Forwarded-For': header,
    Range: header,
  },
  { requiredKeys: [] },
)
const body = fc.oneof(
  fc.constant(undefined),
  fc.json(),
  fc.json().map((text) => text.slice(1)),
  fc
    .record({ size: fc.jsonValue(), side: fc.jsonValue(), details: fc.jsonValue() })
    .map((order) => JSON.stringify(order)),
  fc.record({ orders: fc.array(fc.jsonValue()) }).map((list) => JSON.stringify(list)),
  fc.string({ unit: 'binary' }),
)

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
}

describe('http: whatever comes', () => {
  const world = useWorld()

  const ask = (method: string, path: string, more: Record<string, string>, sent: string | undefined): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { port } = world().listening
      const length = sent === undefined ? {} : { 'Content-Length': `${Buffer.byteLength(sent)}` }
      const req = request({ port, host: '127.0.0.1', method, path, headers: { ...more, ...length } }, (res) => {
        let text = ''
        res.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }))
      })
      req.on('error', reject)
      req.end(sent)
    })

  it('is never a 500, always a problem document where it fails, and always has the security headers', async () => {
    const methods = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND')
    await fc.assert(
      fc.asyncProperty(methods, paths, headers, body, fc.boolean(), async (method, path, more, sent, keyed) => {
        const Authorization = keyed ? { Authorization: `Bearer ${world().retail}` } : {}
        const answer = await ask(method, path, { ...more, ...Authorization }, sent)
        expect(answer.status, answer.text).to.be.below(500)
        for (const name of Object.keys(SECURITY_HEADERS))
          expect(answer.headers[name.toLowerCase()], name).to.be.a('string')
        expect(answer.headers['x-request-id']).to.match(/^[\w.-]{1,64}$/)
        if (answer.status < 400 || method === 'HEAD') return
        expect(answer.headers['content-type']).to.equal('application/problem+json')
        const problem = Problem.parse(JSON.parse(answer.text))
        expect(problem.requestId).to.equal(answer.headers['x-request-id'])
      }),
      { numRuns: 200 },
    )
  })
})
