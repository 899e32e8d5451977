import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ENDPOINTS } from '../../src/http/endpoints/all.ts'
import { openApiDocument } from '../../src/http/openapi.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { SCOPE_NAMES, TRADER_SCOPES } from '../../src/service/scopes.ts'
import { freshOrder, useWorld } from './world.ts'

describe('http: who may do and read what', () => {
  const world = useWorld()
  const keyed = ENDPOINTS.flatMap((endpoint) => (endpoint.scope ? [{ ...endpoint, scope: endpoint.scope }] : []))

  it('every endpoint behind a key names its scope, in the list and in the OpenAPI document', () => {
    const { paths = {} } = openApiDocument()
    for (const { access, scope, method, path } of ENDPOINTS) {
      const operation = paths[path]?.[method]
      expect(operation?.security, path).to.deep.equal(access === 'key' ? [{ key: [scope] }] : [])
      if (access === 'key') expect(operation?.description).to.include(`Scope: \`${scope}\`.`)
    }
  })

  it('the table of the guide is the list of endpoints', () => {
    const guide = readFileSync(join(packageRoot(), 'docs/guides/http.md'), 'utf8')
    const rows = [...guide.matchAll(/^\| `([A-Z]+ [^`]+)` \| (`[a-z:-]+`|none) \|/gm)].map(([, what, scope]) => [
      what,
      scope,
    ])
    expect(rows).to.deep.equal(
      ENDPOINTS.map(({ method, path, scope }) => [`${method.toUpperCase()} ${path}`, scope ? `\`${scope}\`` : 'none']),
    )
    for (const scope of SCOPE_NAMES) expect(guide, scope).to.include(`| \`${scope}\` |`)
  })

  for (const { method, path, scope } of keyed) {
    it(`${method.toUpperCase()} ${path} is closed without ${scope}, whatever else the key may do`, async () => {
      const scopes = SCOPE_NAMES.filter((name) => name !== scope)
      const { token } = await world().keys.create({ name: 'all but one', segment: 'retail', scopes })
      const concrete = path.replaceAll(/\{\w+\}/g, '1')
      const { json } = await world().refused('SCOPE_MISSING', method.toUpperCase(), concrete, { token })
      expect(json.scope).to.equal(scope)
      expect(json.detail).to.include(scope)
    })
  }

  it('a trader key sends and reads, and cancels nothing', async () => {
    const { json } = await world().ask('POST', '/v1/orders', { body: freshOrder() })
    expect(json.status).to.equal('accepted')
    expect(TRADER_SCOPES).not.to.include('orders:read-all').and.not.to.include('proofs:cancel')
    await world().refused('SCOPE_MISSING', 'DELETE', '/v1/proofs/1')
    await world().refused('SCOPE_MISSING', 'POST', '/v1/orders', { token: world().operator, body: freshOrder() })
  })

  it('shows an order to the key that sent it, and to an auditor; to others it is like one that is not there', async () => {
    const { json } = await world().ask('POST', '/v1/orders', { body: freshOrder() })
    const path = `/v1/orders/${json.commitment}`
    const { token: other } = await world().keys.create({ name: 'other', segment: 'retail' })
    expect((await world().ask('GET', path)).status).to.equal(200)
    expect((await world().ask('GET', path, { token: world().operator })).json.entries).to.have.length(1)
    const hidden = await world().refused('ORDER_NOT_FOUND', 'GET', path, { token: other })
    const absent = await world().refused('ORDER_NOT_FOUND', 'GET', '/v1/orders/5', { token: other })
    const blank = ({ requestId: _, instance: _i, ...rest }: Record<string, unknown>) => rest
    expect(blank(hidden.json)).to.deep.equal(blank(absent.json))
  })

  it('gives no receipt to another key that sends the same order', async () => {
    const body = freshOrder()
    const first = await world().ask('POST', '/v1/orders', { body })
    const { token } = await world().keys.create({ name: 'copycat', segment: 'retail' })
    const { json } = await world().refused('ORDER_ALREADY_ACCEPTED', 'POST', '/v1/orders', { body, token })
    expect(json).not.to.have.property('receipt')
    const again = await world().refused('ORDER_ALREADY_ACCEPTED', 'POST', '/v1/orders', { body })
    expect(again.json.receipt).to.deep.equal(first.json.receipt)
  })

  it('shows no commitment of a batch before the chain has it, but to an auditor', async () => {
    const { json: placed } = await world().ask('POST', '/v1/orders', { body: freshOrder() })
    world().service.close()
    const { batch } = placed.receipt
    const trader = await world().ask('GET', `/v1/batches/${batch}`)
    expect(trader.json.state).to.equal('closed')
    for (const name of ['statement', 'statementHash', 'orderRoot', 'record', 'signature', 'proof'])
      expect(trader.json).not.to.have.property(name)
    expect(trader.text).not.to.include(placed.commitment)
    const operator = await world().ask('GET', `/v1/batches/${batch}`, { token: world().operator })
    expect(operator.json.statement.commitments).to.include(placed.commitment)
    world().service.move(BigInt(batch), 'accepted')
    expect((await world().ask('GET', `/v1/batches/${batch}`)).json.statement.commitments).to.include(placed.commitment)
  })

  it('lets a successor read what its predecessor sent', async () => {
    const { keys } = world()
    const old = await keys.create({ name: 'desk', segment: 'retail' })
    const { json } = await world().ask('POST', '/v1/orders', { body: freshOrder(), token: old.token })
    const { token } = await keys.rotate(old.id, 0)
    expect((await world().ask('GET', `/v1/orders/${json.commitment}`, { token })).status).to.equal(200)
    await world().refused('UNAUTHENTICATED', 'GET', '/v1/policy', { token: old.token })
  })
})
