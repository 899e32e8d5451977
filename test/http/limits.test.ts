import { expect } from 'chai'
import { networkOf } from '../../src/http/limits.ts'
import { MemoryService } from './memory-service.ts'
import { freshOrder, useWorld, World } from './world.ts'

describe('http: rates and quotas', () => {
  const world = useWorld()

  it('gives a key its rate, tells how it stands, and answers 429 beyond', async () => {
    const { token } = await world().keys.create({ name: 'slow', segment: 'retail', rate: 2 })
    const answers = await Promise.all(Array.from({ length: 5 }, () => world().ask('GET', '/v1/policy', { token })))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).to.be.at.least(2)
    expect(answers[0]?.headers.get('RateLimit-Policy')).to.equal('"requests";q=2;w=1')
    expect(answers[0]?.headers.get('RateLimit')).to.match(/^"requests";r=[01];t=[01]$/)
    for (const { json, headers } of refused) {
      expect(json.code).to.equal('RATE_LIMITED')
      expect(json.retryAfterMs).to.be.within(1, 1000)
      expect(headers.get('Retry-After')).to.equal('1')
    }
    expect((await world().ask('GET', '/v1/policy')).status).to.equal(200)
  })

  it('shares a rate among the keys of a line', async () => {
    const old = await world().keys.create({ name: 'line', segment: 'retail', rate: 1 })
    const { token } = await world().keys.rotate(old.id, 60_000)
    const statuses = await Promise.all(
      [old.token, token, old.token, token].map(
        async (key) => (await world().ask('GET', '/v1/policy', { token: key })).status,
      ),
    )
    expect(statuses.filter((status) => status === 429).length).to.be.at.least(2)
  })

  it('makes guessing slow, and shuts out nobody whose key is known', async () => {
    const small = await World.open(new MemoryService(), { limits: { failuresPerMinute: 3 } })
    const guess = (i: number) => small.ask('GET', '/v1/policy', { token: `flk_${String(i).padStart(43, 'A')}` })
    expect((await small.ask('GET', '/v1/policy')).status).to.equal(200)
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => guess(i)))
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([401, 401, 401, 429, 429, 429])
    await small.refused('RATE_LIMITED', 'GET', '/v1/policy', { token: small.institutional })
    expect((await small.ask('GET', '/v1/policy')).status).to.equal(200)
    await small.listening.close(0)
  })

  it('limits addresses without a key, and believes X-Forwarded-For only from a proxy that it was told of', async () => {
    const ask = (to: World, address: string) =>
      to.ask('GET', '/healthz', { token: null, headers: { 'X-Forwarded-For': address } })
    const limits = { strangerRate: 1 }
    for (const [proxies, refusals] of [
      [0, 3],
      [1, 0],
    ] as const) {
      const small = await World.open(new MemoryService(), { limits, proxies })
      const answers = await Promise.all([1, 2, 3, 4].map((i) => ask(small, `192.0.2.${i}`)))
      expect(answers.filter(({ status }) => status === 429)).to.have.length(refusals)
      await small.listening.close(0)
    }
  })

  it('counts IPv6 addresses by their /64', () => {
    expect(networkOf('2001:db8::1')).to.equal(networkOf('2001:db8:0:0:ffff::2'))
    expect(networkOf('2001:db8:0:1::1')).not.to.equal(networkOf('2001:db8::1'))
    expect(networkOf('::ffff:192.0.2.1')).to.equal('192.0.2.1')
    expect(networkOf('fe80::1%eth0')).to.equal('fe80:0:0:0')
  })

  it('counts orders with a receipt against the day, all of a request or none', async () => {
    const { token, id } = await world().keys.create({ name: 'small', segment: 'retail', ordersPerDay: 3 })
    const send = (count: number, change = {}) =>
      world().ask('POST', '/v1/orders', { body: Array.from({ length: count }, () => freshOrder(change)), token })
    const two = await send(2)
    expect(two.headers.get('RateLimit')).to.match(/"orders";r=1;t=\d+$/)
    expect(two.headers.get('RateLimit-Policy')).to.include('"orders";q=3;w=86400')
    const { json } = await send(2)
    expect(json).to.include({ code: 'QUOTA_EXCEEDED', left: 1 })
    expect(json.retryAfterMs).to.be.within(1, 86_400_000)
    // Refused orders give their places back.
    expect((await send(1, { size: 2 ** 32 - 1 })).json.results[0].status).to.equal('refused')
    expect((await send(1)).status).to.equal(200)
    await world().refused('QUOTA_EXCEEDED', 'POST', '/v1/orders', { body: freshOrder(), token })
    const { token: next } = await world().keys.rotate(id, 0)
    await world().refused('QUOTA_EXCEEDED', 'POST', '/v1/orders', { body: freshOrder(), token: next })
  })

  it('gives the places back when the service fails, and never lends one twice', async () => {
    const { token } = await world().keys.create({ name: 'racing', segment: 'retail', ordersPerDay: 5 })
    world().service.failure = new Error('no')
    await world().refused('INTERNAL', 'POST', '/v1/orders', { body: freshOrder(), token })
    world().service.failure = undefined
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => world().ask('POST', '/v1/orders', { body: freshOrder(), token })),
    )
    expect(answers.filter(({ status }) => status === 201)).to.have.length(5)
  })
})
