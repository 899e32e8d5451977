import { expect } from 'chai'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { commitmentOf } from '../../src/order/order.ts'
import { element } from '../helpers/fixtures.ts'
import { freshOrder, useWorld } from './world.ts'

describe('http: orders', () => {
  const world = useWorld()
  afterEach(() => {
    world().service.backPressureMs = undefined
  })

  it('answers one order with its receipt and where to look it up', async () => {
    const details = element(60)
    const { status, json, headers } = await world().ask('POST', '/v1/orders', {
      body: { size: 5, side: 'sell', details: details.toString() },
    })
    const commitment = commitmentOf({ size: 5, side: 'sell', segment: 'retail', details }).toString()
    expect(status).to.equal(201)
    expect(json).to.include({ status: 'accepted', commitment })
    expect(json.receipt).to.include({ commitment, epoch: '1', slot: 0 })
    expect(headers.get('Location')).to.equal(`/v1/orders/${commitment}`)
    const looked = await world().ask('GET', `/v1/orders/${commitment}`)
    expect(looked.json.entries[0]).to.deep.equal({ receipt: json.receipt, batchState: 'open' })
  })

  it('reduces any 32 bytes in hex modulo p', async () => {
    const { json } = await world().ask('POST', '/v1/orders', {
      body: freshOrder({ details: `0x${'ff'.repeat(32)}` }),
    })
    const details = (2n ** 256n - 1n) % FIELD_MODULUS
    expect(json.commitment).to.equal(commitmentOf({ size: 1, side: 'buy', segment: 'retail', details }).toString())
  })

  for (const wrap of [(list: unknown[]) => list, (orders: unknown[]) => ({ orders })]) {
    it(`gives each order of ${Array.isArray(wrap([])) ? 'an array' : 'an orders object'} its own result, in order`, async () => {
      const twice = freshOrder()
      const list = [
        freshOrder(),
        { ...freshOrder(), size: 0 },
        freshOrder({ segment: 'institutional' }),
        freshOrder({ size: 2 ** 32 - 1 }),
        twice,
        twice,
        'nonsense',
      ]
      const { status, json } = await world().ask('POST', '/v1/orders', { body: wrap(list) })
      expect(status).to.equal(200)
      expect(json.results.map((r: { status: string }) => r.status)).to.deep.equal([
        'accepted',
        'refused',
        'refused',
        'refused',
        'accepted',
        'refused',
        'refused',
      ])
      expect(json.results.map((r: { refusal?: { code: string } }) => r.refusal?.code)).to.deep.equal([
        undefined,
        'REQUEST_INVALID',
        'SEGMENT_MISMATCH',
        'ORDER_TOO_LARGE',
        undefined,
        'ORDER_ALREADY_ACCEPTED',
        'REQUEST_INVALID',
      ])
      expect(json.results[1].refusal.errors[0].pointer).to.equal('/size')
      expect(json.results[3].refusal.largestSize).to.equal(world().service.largest.retail)
      expect(json.results[5].refusal.receipt).to.deep.equal(json.results[4].receipt)
    })
  }

  it('takes 256 orders and not 257', async () => {
    const list = Array.from({ length: 256 }, () => freshOrder())
    const { json } = await world().ask('POST', '/v1/orders', { body: list })
    expect(json.results).to.have.length(256)
    expect(json.results.some((r: { status: string }) => r.status === 'refused')).to.equal(false)
    const more = await world().refused('REQUEST_INVALID', 'POST', '/v1/orders', {
      body: { orders: [...list, freshOrder()] },
    })
    expect(more.json.errors[0].pointer).to.equal('/orders')
    await world().refused('REQUEST_INVALID', 'POST', '/v1/orders', { body: [] })
  })

  it('defers what no shard can hold, and takes it again in the next batch', async () => {
    world().service.close()
    const large = Array.from({ length: 8 }, () => freshOrder({ size: 450 }))
    const { json } = await world().ask('POST', '/v1/orders', { body: large })
    const at = json.results.findIndex((r: { status: string }) => r.status === 'deferred')
    expect(at).to.be.at.least(0)
    expect(json.results[at].receipt.assignment).to.equal(0)
    const again = await world().ask('POST', '/v1/orders', { body: large[at] })
    expect(again.status).to.equal(201)
    const looked = await world().ask('GET', `/v1/orders/${again.json.commitment}`)
    expect(looked.json.entries).to.have.length(2)
  })

  it('refuses an order that waits deferred in the open batch', async () => {
    world().service.close()
    const large = Array.from({ length: 7 }, () => freshOrder({ size: 450 }))
    const { json } = await world().ask('POST', '/v1/orders', { body: large })
    const at = json.results.findIndex((r: { status: string }) => r.status === 'deferred')
    const refused = await world().refused('ORDER_ALREADY_IN_BATCH', 'POST', '/v1/orders', { body: large[at] })
    expect(refused.json.receipt).to.deep.equal(json.results[at].receipt)
  })

  it('shows the standing receipt of an order that was accepted before', async () => {
    const body = freshOrder()
    const first = await world().ask('POST', '/v1/orders', { body })
    const second = await world().refused('ORDER_ALREADY_ACCEPTED', 'POST', '/v1/orders', { body })
    expect(second.json.receipt).to.deep.equal(first.json.receipt)
    expect(second.json.commitment).to.equal(first.json.commitment)
  })

  it('says how large an order may be', async () => {
    const { json } = await world().refused('ORDER_TOO_LARGE', 'POST', '/v1/orders', { body: freshOrder({ size: 1e9 }) })
    expect(json.largestSize).to.equal(world().service.largest.retail)
  })

  it('holds the segment to the key', async () => {
    const body = freshOrder({ segment: 'institutional' })
    await world().refused('SEGMENT_MISMATCH', 'POST', '/v1/orders', { body })
    const { status } = await world().ask('POST', '/v1/orders', { body, token: world().institutional })
    expect(status).to.equal(201)
  })

  it('asks to come again under back-pressure, in whole seconds', async () => {
    world().service.backPressureMs = 1_001
    const one = await world().refused('BACK_PRESSURE', 'POST', '/v1/orders', { body: freshOrder() })
    expect(one.headers.get('Retry-After')).to.equal('2')
    const all = await world().refused('BACK_PRESSURE', 'POST', '/v1/orders', { body: [freshOrder(), freshOrder()] })
    expect(all.headers.get('Retry-After')).to.equal('2')
  })

  it('answers a list that met back-pressure only in part with each result', async () => {
    const known = freshOrder()
    await world().ask('POST', '/v1/orders', { body: known })
    world().service.backPressureMs = 250
    const { status, json } = await world().ask('POST', '/v1/orders', { body: [known, freshOrder(), {}] })
    expect(status).to.equal(200)
    expect(json.results[1].refusal).to.deep.include({ code: 'BACK_PRESSURE', retryAfterMs: 250 })
  })

  it('gives the inclusion path once the batch is accepted', async () => {
    world().service.close()
    // Four orders make one leaf.
    const { json } = await world().ask('POST', '/v1/orders', { body: Array.from({ length: 5 }, () => freshOrder()) })
    world().service.close()
    const { batch } = json.results[2].receipt
    world().service.move(BigInt(batch), 'accepted')
    const looked = await world().ask('GET', `/v1/orders/${json.results[2].commitment}`)
    const bundle = await world().ask('GET', `/v1/batches/${batch}`)
    expect(looked.json.entries[0].inclusion.path).to.have.length(1)
    expect(looked.json.entries[0].inclusion.orderRoot).to.equal(bundle.json.orderRoot)
    expect(bundle.json.statement.commitments[2]).to.equal(json.results[2].commitment)
  })

  it('does not know a commitment that never came', async () => {
    await world().refused('ORDER_NOT_FOUND', 'GET', '/v1/orders/12')
    const { json } = await world().refused('REQUEST_INVALID', 'GET', `/v1/orders/${FIELD_MODULUS}`)
    expect(json.errors[0]).to.include({ in: 'path', pointer: '/commitment' })
    await world().refused('REQUEST_INVALID', 'GET', '/v1/orders/0x12')
  })
})
