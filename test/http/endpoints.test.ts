import { expect } from 'chai'
import { freshOrder, useWorld } from './world.ts'

describe('http: batches, proofs, policy and state of the service', () => {
  const world = useWorld()
  before(async () => {
    // Five batches: closed, accepted, closed, closed, open.
    for (let i = 0; i < 5; i++) {
      await world().ask('POST', '/v1/orders', { body: freshOrder() })
      if (i < 4) world().service.close()
    }
    world().service.move(1n, 'accepted')
  })

  it('pages through batches, newest first, without a gap', async () => {
    const seen: string[] = []
    let next: string | undefined = '/v1/batches?limit=2'
    while (next !== undefined) {
      const { json } = await world().ask('GET', next)
      seen.push(...json.batches.map(({ index }: { index: string }) => index))
      next = json.next
    }
    expect(seen).to.deep.equal(['4', '3', '2', '1', '0'])
  })

  it('refuses pages that no one could mean', async () => {
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=1e2',
      'limit=2&limit=3',
      'before=-1',
      'before=2%5E64',
      'after=3',
    ]) {
      const { json } = await world().refused('REQUEST_INVALID', 'GET', `/v1/batches?${query}`)
      expect(json.errors[0].in).to.equal('query')
    }
  })

  it('shows of a batch what there is', async () => {
    const open = await world().ask('GET', '/v1/batches/4')
    expect(open.json).to.include({ state: 'open', count: 1 }).and.not.to.have.property('statement')
    const accepted = await world().ask('GET', '/v1/batches/1')
    expect(accepted.json.statement.batchIndex).to.equal('1')
    expect(accepted.json.proof.words).to.have.length(8)
    await world().refused('BATCH_NOT_FOUND', 'GET', '/v1/batches/5')
    await world().refused('REQUEST_INVALID', 'GET', '/v1/batches/latest')
  })

  it('gives the bundle of an accepted batch, which says nothing that changes', async () => {
    const { json: bundle } = await world().ask('GET', '/v1/batches/1/bundle')
    const { state, ...view } = (await world().ask('GET', '/v1/batches/1')).json
    expect(state).to.equal('accepted')
    expect(bundle).to.deep.equal(view)
    await world().refused('BATCH_NOT_ACCEPTED', 'GET', '/v1/batches/4/bundle')
    await world().refused('BATCH_NOT_ACCEPTED', 'GET', '/v1/batches/2/bundle')
    await world().refused('BATCH_NOT_FOUND', 'GET', '/v1/batches/5/bundle')
    await world().refused('REQUEST_INVALID', 'GET', '/v1/batches/latest/bundle')
  })

  it('takes a proof request once and shows the job', async () => {
    const { status, json, headers } = await world().ask('POST', '/v1/proofs', { body: { batch: '2' } })
    expect(status).to.equal(202)
    const again = await world().ask('POST', '/v1/proofs', { body: { batch: '2' } })
    expect(again.json).to.deep.equal(json)
    const job = await world().ask('GET', headers.get('Location') ?? '')
    expect(job.json).to.deep.equal(json)
  })

  it('refuses proofs of batches that are open, missing or misnamed', async () => {
    await world().refused('BATCH_NOT_CLOSED', 'POST', '/v1/proofs', { body: { batch: '4' } })
    await world().refused('BATCH_NOT_FOUND', 'POST', '/v1/proofs', { body: { batch: '5' } })
    await world().refused('REQUEST_INVALID', 'POST', '/v1/proofs', { body: { batch: 2 } })
    await world().refused('REQUEST_INVALID', 'POST', '/v1/proofs')
    await world().refused('PROOF_JOB_NOT_FOUND', 'GET', '/v1/proofs/nothing')
    await world().refused('REQUEST_INVALID', 'GET', `/v1/proofs/${'x'.repeat(65)}`)
  })

  it('publishes policy, shards and counts', async () => {
    const policy = await world().ask('GET', '/v1/policy')
    expect(policy.json.policy.shards).to.have.length(4)
    const shards = await world().ask('GET', '/v1/shards')
    expect(shards.json.shards.map(({ shard }: { shard: number }) => shard)).to.deep.equal([0, 1, 2, 3])
    const status = await world().ask('GET', '/v1/status')
    expect(status.json.receipts).to.equal(5)
  })

  it('tells health apart from readiness', async () => {
    const { service } = world()
    const ready = await world().ask('GET', '/readyz', { token: null })
    expect(ready.json.status).to.equal('ready')
    service.checks = [...service.checks, { name: 'prover', ok: false, message: 'starts' }]
    const { json } = await world().refused('NOT_READY', 'GET', '/readyz', { token: null })
    expect(json.checks).to.deep.equal(service.checks)
    service.checks = service.checks.slice(0, 1)
    const { status } = await world().ask('GET', '/healthz', { token: null })
    expect(status).to.equal(200)
  })

  it('measures requests by route and never by path', async () => {
    await world().ask('GET', '/v1/batches/3')
    await world().refused('ROUTE_NOT_FOUND', 'GET', '/v1/elsewhere')
    const { status, text } = await world().ask('GET', '/metrics', { token: null })
    expect(status).to.equal(200)
    expect(text).to.include('route="/v1/batches/:index",status="200"')
    expect(text).to.include('route="none",status="404"')
    expect(text).not.to.include('elsewhere')
  })

  it('answers HEAD like GET, without the body', async () => {
    const { status, text } = await world().ask('HEAD', '/v1/policy')
    expect({ status, text }).to.deep.equal({ status: 200, text: '' })
  })
})
