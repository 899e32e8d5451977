import { expect } from 'chai'
import { ENDPOINTS } from '../../src/http/endpoints/all.ts'
import { openStream } from './stream.ts'
import { freshOrder, useWorld } from './world.ts'

describe('http: visitors, where the service lets them in', () => {
  const world = useWorld({ publicReads: true })
  const visit = { token: null }

  before(async () => {
    await world().ask('POST', '/v1/orders', { body: freshOrder() })
    world().service.close()
    world().service.move(0n, 'accepted')
    await world().ask('POST', '/v1/orders', { body: freshOrder() })
    world().service.close()
  })

  it('read what batches:read allows, and nothing else', async () => {
    for (const { method, path, scope, streams } of ENDPOINTS) {
      if (streams) continue
      const concrete = path.replaceAll(/\{\w+\}/g, '0')
      const { status, json } = await world().ask(method.toUpperCase(), concrete, visit)
      if (scope === undefined) continue
      if (scope === 'batches:read') expect([200, 404, 422], path).to.include(status)
      else expect(json.code, path).to.equal('UNAUTHENTICATED')
    }
  })

  it('see no commitment before the chain has it', async () => {
    expect((await world().ask('GET', '/v1/batches/0', visit)).json.statement.commitments).to.have.length(1)
    expect((await world().ask('GET', '/v1/batches/1', visit)).json).not.to.have.property('statement')
  })

  it('follow batches, and no receipts', async () => {
    const stream = await openStream(world(), '/v1/events', { token: null })
    await world().ask('POST', '/v1/orders', { body: freshOrder() })
    world().service.close()
    expect([(await stream.next()).event, (await stream.next()).data.state]).to.deep.equal(['batch', 'closed'])
    stream.close()
  })

  it('are turned away with a key that does not hold, as everywhere', async () => {
    await world().refused('UNAUTHENTICATED', 'GET', '/v1/batches', { token: 'flk_nothing' })
  })
})

describe('http: strangers, where the service does not', () => {
  const world = useWorld()

  it('read nothing', async () => {
    await world().refused('UNAUTHENTICATED', 'GET', '/v1/batches', { token: null })
    await world().refused('UNAUTHENTICATED', 'GET', '/v1/chain', { token: null })
  })
})
