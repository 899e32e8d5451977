import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { BODY_LIMIT_BYTES } from '../../src/http/body.ts'
import { ENDPOINTS } from '../../src/http/endpoints/all.ts'
import { freshOrder, useWorld } from './world.ts'

describe('http: what does not fit', () => {
  const world = useWorld()

  it('names each place that does not fit, and unknown fields, without repeating values', async () => {
    const body = { size: 2 ** 32, side: 'left', details: '0123456789', 'a/b~c': 1 }
    const { json, text } = await world().refused('REQUEST_INVALID', 'POST', '/v1/orders', { body })
    const pointers = json.errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers).to.have.members(['/size', '/side', '/details', '/a~1b~0c'])
    expect(text).not.to.match(/4294967296|left|0123456789/)
  })

  const notOrders: Record<string, unknown>[] = [
    { size: 0 },
    { size: -1 },
    { size: 1.5 },
    { size: '5' },
    { size: null },
    { side: 0 },
    { side: 'BUY' },
    { details: 5 },
    { details: '0x12' },
    { details: '21888242871839275222246405745257275088548364400416034343698204186575808495617' },
    { details: `0x${'0'.repeat(65)}` },
    { details: '-1' },
    { segment: 'vip' },
    { segment: null },
    { orders: 1 },
    { commitment: '1' },
  ]
  for (const change of notOrders) {
    it(`is no order: ${JSON.stringify(change).slice(0, 60)}`, async () => {
      await world().refused('REQUEST_INVALID', 'POST', '/v1/orders', { body: freshOrder(change) })
    })
  }

  it('refuses prototype keys as it does any other unknown field', async () => {
    const plain = JSON.stringify(freshOrder()).slice(0, -1)
    for (const extra of ['"__proto__":{"segment":"institutional"}', '"constructor":1', '"toString":1']) {
      await world().refused('REQUEST_INVALID', 'POST', '/v1/orders', { raw: `${plain},${extra}}` })
    }
  })

  it('refuses what is not JSON', async () => {
    for (const raw of ['{', '{"size":1,}', "{'size':1}", 'NaN', '\u0000', '[1', Buffer.from([0xff, 0xfe, 0x7b])]) {
      const sent = typeof raw === 'string' ? raw : new Uint8Array(raw)
      await world().refused('JSON_INVALID', 'POST', '/v1/orders', { raw: sent })
    }
  })

  it('refuses bodies that are JSON but neither an order nor a list', async () => {
    for (const raw of ['null', '1', '"text"', 'true', '{}', '[]', '{"orders":[]}', '{"orders":{}}', '']) {
      await world().refused('REQUEST_INVALID', 'POST', '/v1/orders', { raw })
    }
  })

  it('refuses other content types, charsets and encodings', async () => {
    const raw = JSON.stringify(freshOrder())
    for (const headers of [
      { 'Content-Type': 'text/plain' },
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      { 'Content-Type': 'application/json; charset=latin1' },
      { 'Content-Encoding': 'zstd' },
    ]) {
      await world().refused('UNSUPPORTED_MEDIA_TYPE', 'POST', '/v1/orders', { raw, headers })
    }
  })

  it('refuses bodies over the limit, also when they only unpack to it', async () => {
    const raw = JSON.stringify(['x'.repeat(BODY_LIMIT_BYTES)])
    await world().refused('BODY_TOO_LARGE', 'POST', '/v1/orders', { raw })
    const headers = { 'Content-Encoding': 'gzip' }
    await world().refused('BODY_TOO_LARGE', 'POST', '/v1/orders', { raw: new Uint8Array(gzipSync(raw)), headers })
    const order = new Uint8Array(gzipSync(JSON.stringify(freshOrder())))
    expect((await world().ask('POST', '/v1/orders', { raw: order, headers })).status).to.equal(201)
    await world().refused('REQUEST_MALFORMED', 'POST', '/v1/orders', { raw: order.slice(0, -12), headers })
  })

  it('takes deep nesting for what it is', async () => {
    const depth = BODY_LIMIT_BYTES / 2 - 1
    await world().ask('POST', '/v1/orders', { raw: '['.repeat(depth) + ']'.repeat(depth) })
    await world().refused('JSON_INVALID', 'POST', '/v1/orders', { raw: '['.repeat(BODY_LIMIT_BYTES - 1) })
  })

  it('answers one problem with no more than a page of faults', async () => {
    const body = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, 0]))
    const { json } = await world().refused('REQUEST_INVALID', 'POST', '/v1/orders', { body })
    expect(json.errors).to.have.length(32)
  })

  it('says which methods a path takes', async () => {
    for (const path of new Set(ENDPOINTS.map((endpoint) => endpoint.path))) {
      const here = ENDPOINTS.filter((endpoint) => endpoint.path === path).map(({ method }) => method.toUpperCase())
      const allow = here.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
      for (const method of ['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'GET', 'POST'].filter((m) => !here.includes(m))) {
        const concrete = path.replaceAll(/\{\w+\}/g, '1')
        const { headers } = await world().refused('METHOD_NOT_ALLOWED', method, concrete)
        expect(headers.get('Allow')).to.equal(allow)
      }
    }
  })

  it('does not know other paths, nor ones that cannot be read', async () => {
    for (const path of ['/', '/v1', '/v2/orders', '/v1/orders/1/2', '/docs/package.json', '/docs/..%2fpackage.json']) {
      await world().refused('ROUTE_NOT_FOUND', 'GET', path)
    }
    await world().refused('REQUEST_MALFORMED', 'GET', '/v1/orders/%E0%A4%A')
  })

  it('answers any body with a problem or with results, never with a failure of its own', async function () {
    this.timeout(20_000)
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom(1, 'buy', '7', `0x${'00'.repeat(32)}`, 'retail'))
    const order = fc.record({ size: field, side: field, details: field, segment: field }, { requiredKeys: [] })
    const body = fc.oneof(
      fc.json(),
      order.map((value) => JSON.stringify(value)),
      fc.array(order, { maxLength: 5 }).map((orders) => JSON.stringify({ orders })),
      fc.string({ unit: 'binary' }),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('/v1/orders', '/v1/proofs'), body, async (path, raw) => {
        const { status } = await world().ask('POST', path, { raw })
        expect(status < 500 || status === 503).to.equal(true)
      }),
      { numRuns: 300 },
    )
  })

  it('answers any path and query with a problem or a result', async function () {
    this.timeout(20_000)
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map(encodeURIComponent)
    const path = fc
      .tuple(fc.constantFrom('orders', 'batches', 'proofs'), text, text)
      .map(([a, b, c]) => [`/v1/${a}/${b}`, `/v1/${a}?before=${b}&limit=${c}`, `/v1/${a}?${b}=${c}`])
    await fc.assert(
      fc.asyncProperty(path, async (paths) => {
        for (const one of paths) expect((await world().ask('GET', one)).status).to.be.below(500)
      }),
      { numRuns: 100 },
    )
  })
})
