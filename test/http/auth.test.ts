import { expect } from 'chai'
import { ENDPOINTS } from '../../src/http/endpoints/all.ts'
import { useWorld } from './world.ts'

describe('http: keys', () => {
  const world = useWorld()

  for (const { method, path } of ENDPOINTS.filter(({ access }) => access === 'key')) {
    it(`${method.toUpperCase()} ${path} is closed without a key`, async () => {
      const concrete = path.replaceAll(/\{\w+\}/g, '1')
      const { headers } = await world().refused('UNAUTHENTICATED', method.toUpperCase(), concrete, { token: null })
      expect(headers.get('WWW-Authenticate')).to.match(/^Bearer/)
    })
  }

  it('does not tell a stranger which paths there are', async () => {
    await world().refused('UNAUTHENTICATED', 'GET', '/v1/elsewhere', { token: null })
    await world().refused('UNAUTHENTICATED', 'DELETE', '/v1/orders', { token: null })
  })

  it('takes nothing but a good key in the right place', async () => {
    const { retail } = world()
    const changed = `${retail.slice(0, -2)}${retail.endsWith('A0') ? 'A1' : 'A0'}`
    const bad = [
      `Bearer ${changed}`,
      `Bearer ${retail} `.concat('x'),
      `Basic ${retail}`,
      retail,
      'Bearer',
      'Bearer flk_',
      '',
    ]
    for (const Authorization of bad) {
      await world().refused('UNAUTHENTICATED', 'GET', '/v1/policy', { token: null, headers: { Authorization } })
    }
    await world().refused('UNAUTHENTICATED', 'GET', `/v1/policy?key=${retail}`, { token: null })
  })

  it('takes the scheme in any case', async () => {
    const headers = { Authorization: `bearer ${world().retail}` }
    const { status } = await world().ask('GET', '/v1/policy', { token: null, headers })
    expect(status).to.equal(200)
  })

  it('turns a revoked key away at once', async () => {
    const { id, token } = await world().keys.create({ name: 'short-lived', segment: 'retail' })
    expect((await world().ask('GET', '/v1/policy', { token })).status).to.equal(200)
    await world().keys.revoke(id)
    await world().refused('UNAUTHENTICATED', 'GET', '/v1/policy', { token })
  })

  it('asks for a key at /metrics when a proxy passed the request on', async () => {
    const headers = { 'X-Forwarded-For': '127.0.0.1' }
    await world().refused('UNAUTHENTICATED', 'GET', '/metrics', { token: null, headers })
    const { json } = await world().refused('SCOPE_MISSING', 'GET', '/metrics', { headers })
    expect(json.scope).to.equal('metrics:read')
    expect((await world().ask('GET', '/metrics', { headers, token: world().operator })).status).to.equal(200)
  })
})
