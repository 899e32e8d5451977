import { expect } from 'chai'
import { freshOrder, useWorld } from './world.ts'

describe('http: Idempotency-Key', () => {
  const world = useWorld()
  const headers = (key: string) => ({ 'Idempotency-Key': key })

  it('answers the same request with the same bytes', async () => {
    const body = freshOrder()
    const first = await world().ask('POST', '/v1/orders', { body, headers: headers('one') })
    const second = await world().ask('POST', '/v1/orders', { body, headers: headers('one') })
    expect(first.headers.get('Idempotency-Replayed')).to.equal(null)
    expect(second.headers.get('Idempotency-Replayed')).to.equal('true')
    expect(second).to.include({ status: 201, text: first.text })
    expect(second.headers.get('Location')).to.equal(first.headers.get('Location'))
  })

  it('refuses another body, and another path, under the same key', async () => {
    await world().ask('POST', '/v1/orders', { body: freshOrder(), headers: headers('two') })
    await world().refused('IDEMPOTENCY_MISMATCH', 'POST', '/v1/orders', { body: freshOrder(), headers: headers('two') })
    await world().refused('IDEMPOTENCY_MISMATCH', 'POST', '/v1/proofs', {
      body: { batch: '0' },
      headers: headers('two'),
    })
  })

  it("keeps callers' keys apart", async () => {
    await world().ask('POST', '/v1/orders', { body: freshOrder(), headers: headers('three') })
    const other = { body: freshOrder(), headers: headers('three'), token: world().institutional }
    expect((await world().ask('POST', '/v1/orders', other)).status).to.equal(201)
  })

  it('runs a refused request again', async () => {
    const body = freshOrder()
    world().service.backPressureMs = 1
    await world().refused('BACK_PRESSURE', 'POST', '/v1/orders', { body, headers: headers('four') })
    world().service.backPressureMs = undefined
    const { status } = await world().ask('POST', '/v1/orders', { body, headers: headers('four') })
    expect(status).to.equal(201)
  })

  it('lets one of many at once run', async () => {
    const body = freshOrder()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world().ask('POST', '/v1/orders', { body, headers: headers('five') })),
    )
    const receipts = new Set(answers.flatMap(({ status, text }) => (status === 201 ? [text] : [])))
    expect(receipts.size).to.equal(1)
    for (const { status, json, headers: answered } of answers.filter((answer) => answer.status !== 201)) {
      expect([status, json.code]).to.deep.equal([409, 'IDEMPOTENCY_IN_PROGRESS'])
      expect(answered.get('Retry-After')).to.equal('1')
    }
  })

  it('refuses keys that are no keys', async () => {
    for (const key of ['', 'x'.repeat(129), 'with space', 'é']) {
      const { json } = await world().refused('REQUEST_INVALID', 'POST', '/v1/orders', {
        body: freshOrder(),
        headers: headers(key),
      })
      expect(json.errors[0].in).to.equal('header')
    }
  })
})
