import { expect } from 'chai'
import { ENDPOINTS } from '../../src/http/endpoints/all.ts'
import { freshOrder, useWorld } from './world.ts'

describe('http: ETags', () => {
  const world = useWorld()
  let commitment: string
  let job: string
  before(async () => {
    commitment = (await world().ask('POST', '/v1/orders', { body: freshOrder() })).json.commitment
    world().service.close()
    job = (await world().ask('POST', '/v1/proofs', { body: { batch: '0' } })).json.id
    await world().ask('POST', '/v1/orders', { body: freshOrder() })
    world().service.close()
    world().service.move(1n, 'accepted')
  })
  const concrete = (path: string) =>
    path
      .replace('{commitment}', commitment)
      .replace('{index}/bundle', '1/bundle')
      .replace('{index}', '0')
      .replace('{id}', job)

  it('are there wherever a caller polls', () => {
    const polled = ENDPOINTS.filter(({ method, access, streams }) => method === 'get' && access === 'key' && !streams)
    expect(polled.filter(({ revalidated }) => !revalidated)).to.deep.equal([])
  })

  for (const { path } of ENDPOINTS.filter(({ revalidated }) => revalidated)) {
    it(`GET ${path} answers 304 to who has it`, async () => {
      const first = await world().ask('GET', concrete(path))
      const etag = first.headers.get('ETag') ?? ''
      expect(etag).to.match(/^"[\w-]{27}"$/)
      expect(first.headers.get('Cache-Control')).to.equal('private, no-cache')
      expect(first.headers.get('Vary')).to.equal('Authorization')
      for (const value of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const { status, text, headers } = await world().ask('GET', concrete(path), {
          headers: { 'If-None-Match': value },
        })
        expect({ status, text, etag: headers.get('ETag') }, value).to.deep.equal({ status: 304, text: '', etag })
      }
      for (const value of ['"other"', etag.replaceAll('"', ''), 'W/"x', '']) {
        const { status, text } = await world().ask('GET', concrete(path), { headers: { 'If-None-Match': value } })
        expect({ status, text }, value).to.deep.equal({ status: 200, text: first.text })
      }
    })
  }

  it('change with what they stand for', async () => {
    const tag = async () => (await world().ask('GET', '/v1/batches/0')).headers.get('ETag')
    const closed = await tag()
    world().service.move(0n, 'accepted')
    const accepted = await tag()
    expect(accepted).not.to.equal(closed)
    world().service.move(0n, 'final')
    const { headers } = await world().ask('GET', '/v1/batches/0')
    expect(headers.get('Cache-Control')).to.equal('private, max-age=31536000, immutable')
  })

  it('are not on failures', async () => {
    const { headers } = await world().refused('ORDER_NOT_FOUND', 'GET', '/v1/orders/5', {
      headers: { 'If-None-Match': '*' },
    })
    expect([headers.get('ETag'), headers.get('Cache-Control')]).to.deep.equal([null, 'no-store'])
  })
})

describe('http: other origins', () => {
  const world = useWorld({ corsOrigins: ['https://explorer.example'] })
  const closed = useWorld()
  const preflight = {
    Origin: 'https://explorer.example',
    'Access-Control-Request-Method': 'DELETE',
    'Access-Control-Request-Headers': 'authorization',
  }

  it('may ask when they are on the list, before they have a key', async () => {
    const { status, headers } = await world().ask('OPTIONS', '/v1/proofs/1', { token: null, headers: preflight })
    expect(status).to.equal(204)
    expect(headers.get('Access-Control-Allow-Origin')).to.equal('https://explorer.example')
    expect(headers.get('Access-Control-Allow-Headers')).to.include('Last-Event-ID').and.include('If-None-Match')
    expect(headers.get('Access-Control-Allow-Methods')).to.include('DELETE')
    expect(headers.get('Access-Control-Allow-Credentials')).to.equal(null)
    const answer = await world().ask('GET', '/v1/policy', { headers: { Origin: 'https://explorer.example' } })
    expect(answer.headers.get('Access-Control-Expose-Headers')).to.include('ETag').and.include('RateLimit')
    expect(answer.headers.get('Vary')).to.include('Origin').and.include('Authorization')
    const refused = await world().refused('UNAUTHENTICATED', 'GET', '/v1/policy', {
      token: null,
      headers: { Origin: 'https://explorer.example' },
    })
    expect(refused.headers.get('Access-Control-Allow-Origin')).to.equal('https://explorer.example')
  })

  it('may not otherwise', async () => {
    for (const origin of [
      'https://evil.example',
      'https://explorer.example.evil.example',
      'null',
      'http://explorer.example',
    ]) {
      const { headers } = await world().ask('GET', '/v1/policy', { headers: { Origin: origin } })
      expect(headers.get('Access-Control-Allow-Origin'), origin).to.equal(null)
    }
    const { headers } = await closed().ask('GET', '/healthz', { headers: { Origin: 'https://explorer.example' } })
    expect(headers.get('Access-Control-Allow-Origin')).to.equal(null)
    await closed().refused('UNAUTHENTICATED', 'OPTIONS', '/v1/policy', { token: null, headers: preflight })
  })
})
