import { expect } from 'chai'
import { ServiceError } from '../../src/service/errors.ts'
import { element } from '../helpers/fixtures.ts'
import { freshOrder, useWorld } from './world.ts'

const PRIVATE = 'a private 8675309'

describe('http: when the service fails', () => {
  const world = useWorld()
  afterEach(() => {
    world().service.failure = undefined
  })

  it('hides an unknown failure behind INTERNAL, and its text from the log', async () => {
    world().service.failure = new Error(PRIVATE, { cause: new TypeError(PRIVATE) })
    const { json, text } = await world().refused('INTERNAL', 'POST', '/v1/orders', { body: freshOrder() })
    expect(text).not.to.match(/8675309|at |\.js|stack/)
    const line = world().logged.find((entry) => entry.includes(json.requestId)) ?? ''
    expect(line)
      .to.match(/failure\.test/)
      .and.not.to.include('8675309')
  })

  it('survives thrown values that are no errors', async () => {
    for (const thrown of ['text', null, 5, { status: 400, message: PRIVATE }, { status: 200 }]) {
      world().service.failure = thrown ?? Symbol('null')
      const { text, status } = await world().ask('GET', '/v1/policy')
      expect(text).not.to.include('8675309')
      expect(status).to.be.at.least(400)
    }
  })

  it('answers a failure that has a code with its status, and keeps the message of its own failures', async () => {
    world().service.failure = new ServiceError('DATABASE_UNREACHABLE', 'postgres://user:secret@db does not answer')
    const { text } = await world().refused('DATABASE_UNREACHABLE', 'GET', '/v1/policy')
    expect(text).not.to.include('secret')
    world().service.failure = new ServiceError('LEASE_LOST', 'term 5')
    await world().refused('LEASE_LOST', 'POST', '/v1/orders', { body: freshOrder() })
  })

  it('answers health all the same', async () => {
    world().service.failure = new ServiceError('DATABASE_UNREACHABLE', 'gone')
    expect((await world().ask('GET', '/healthz', { token: null })).status).to.equal(200)
    await world().refused('DATABASE_UNREACHABLE', 'GET', '/readyz', { token: null })
  })
})

describe('http: the log', () => {
  const world = useWorld()

  it('holds no size, side, details, key or query of any request', async () => {
    const details = element(99)
    const hex = `0x${'a7'.repeat(32)}`
    const size = 3_141
    await world().ask('POST', '/v1/orders', { body: freshOrder({ size, details: details.toString() }) })
    await world().ask('POST', '/v1/orders', {
      body: [
        { size, side: 'buy', details: hex },
        { size: `${size}x`, side: hex },
      ],
    })
    await world().ask('POST', '/v1/orders', { raw: `{"size":${size},"details":"${hex}"` })
    await world().ask('POST', '/v1/orders', {
      body: freshOrder({ [hex]: size }),
      headers: { 'Idempotency-Key': 'idem-3141' },
    })
    await world().ask('GET', `/v1/batches?before=${size}&note=${hex}`)
    world().service.failure = new Error(`size ${size} details ${details}`)
    await world().ask('POST', '/v1/orders', { body: freshOrder({ size, details: hex }) })
    const log = world().logged.join('')
    expect(world().logged).to.have.length(6)
    expect(log).not.to.match(/3141|details|size|"side"|authorization|bearer|flk_/i)
    for (const secret of [details.toString(), hex.slice(2), world().retail]) expect(log).not.to.include(secret)
  })

  it('names requests as their callers do, when the name is plain', async () => {
    const asked = await world().ask('GET', '/healthz', { headers: { 'X-Request-Id': 'desk-7.1' } })
    expect(asked.headers.get('X-Request-Id')).to.equal('desk-7.1')
    const odd = await world().ask('GET', '/healthz', { headers: { 'X-Request-Id': 'a b"c' } })
    expect(odd.headers.get('X-Request-Id')).to.match(/^[0-9a-f-]{36}$/)
  })
})
