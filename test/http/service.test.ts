import { expect } from 'chai'
import { merklePath, rootFromPath } from '../../src/base/merkle.ts'
import { orderLeaves } from '../../src/statement/record.ts'
import { reached, startTestService } from '../service/harness.ts'
import { database, freshOrder, World } from './world.ts'

describe('http: over the service itself', () => {
  let world: World<Awaited<ReturnType<typeof startTestService>>['service']>
  let chain: Awaited<ReturnType<typeof startTestService>>['chain']
  before(async () => {
    const started = await startTestService(await database())
    chain = started.chain
    world = await World.open(started.service)
  })
  after(async () => {
    await world?.listening.close(0)
    await world?.service.stop()
  })

  it('takes orders and shows their batch as far as it comes, to the proof that the ledger accepted', async () => {
    const one = await world.ask('POST', '/v1/orders', { body: freshOrder(), headers: { 'Idempotency-Key': 'one' } })
    const again = await world.ask('POST', '/v1/orders', { body: freshOrder({ size: 0 }) })
    const rest = await world.ask('POST', '/v1/orders', { body: Array.from({ length: 7 }, () => freshOrder()) })
    expect([one.status, again.status, rest.status]).to.deep.equal([201, 422, 200])
    expect(rest.json.results.every(({ status }: { status: string }) => status === 'accepted')).to.equal(true)

    await reached(world.service, 0n, 'accepted')
    const bundle = await world.ask('GET', '/v1/batches/0')
    expect(bundle.json).to.include({ state: 'accepted', count: 8, deferred: 0 })
    expect(bundle.json.proof.words).to.have.length(8)
    const job = await world.ask('POST', '/v1/proofs', { body: { batch: '0' } })
    expect((await world.ask('GET', job.headers.get('Location') ?? '')).json.state).to.equal('done')

    const order = await world.ask('GET', one.headers.get('Location') ?? '')
    const [{ receipt, inclusion }] = order.json.entries
    const { commitments, assignments } = bundle.json.statement
    const leaves = orderLeaves({ commitments: commitments.map(BigInt), assignments })
    expect(inclusion.path).to.deep.equal(merklePath(leaves, receipt.slot >> 2))
    expect(rootFromPath(leaves[0] ?? '', 0, inclusion.path)).to.equal(bundle.json.orderRoot)
  })

  it('answers every other path in the shape that it documents', async () => {
    for (const path of ['/v1/batches', '/v1/policy', '/v1/shards', '/v1/status', '/readyz'])
      expect((await world.ask('GET', path)).status, path).to.equal(200)
    await world.refused('BATCH_NOT_FOUND', 'POST', '/v1/proofs', { body: { batch: '99' } })
    const [last, beyond] = [2n ** 63n - 1n, 2n ** 63n]
    await world.refused('BATCH_NOT_FOUND', 'GET', `/v1/batches/${last}`)
    await world.refused('BATCH_NOT_FOUND', 'POST', '/v1/proofs', { body: { batch: `${last}` } })
    expect((await world.ask('GET', `/v1/batches?before=${last}`)).status).to.equal(200)
    await world.refused('REQUEST_INVALID', 'GET', `/v1/batches/${beyond}`)
    await world.refused('REQUEST_INVALID', 'POST', '/v1/proofs', { body: { batch: `${beyond}` } })
    await world.refused('REQUEST_INVALID', 'GET', `/v1/batches?before=${beyond}`)
    await world.refused('PROOF_JOB_NOT_FOUND', 'GET', '/v1/proofs/none')
    await world.refused('ORDER_NOT_FOUND', 'GET', '/v1/orders/1')
    await world.refused('ORDER_TOO_LARGE', 'POST', '/v1/orders', { body: freshOrder({ size: 2 ** 32 - 1 }) })
    await world.refused('SEGMENT_MISMATCH', 'POST', '/v1/orders', { body: freshOrder({ segment: 'institutional' }) })
  })

  it('refuses the same order twice, with its receipt', async () => {
    const body = freshOrder()
    const first = await world.ask('POST', '/v1/orders', { body })
    const second = await world.refused('ORDER_ALREADY_ACCEPTED', 'POST', '/v1/orders', { body })
    expect(second.json.receipt).to.deep.equal(first.json.receipt)
  })

  it('promises nothing while the chain is not seen', async () => {
    const stopped = new Promise<void>((resolve) => {
      world.service.events.on('gate', ({ cause, stopped }) => {
        if (cause === 'chain' && stopped) resolve()
      })
    })
    chain.unreachable = true
    await stopped
    await world.refused('BACK_PRESSURE', 'POST', '/v1/orders', { body: freshOrder() })
    await world.refused('NOT_READY', 'GET', '/readyz', { token: null })
    expect((await world.ask('GET', '/v1/batches')).status).to.equal(200)
    chain.unreachable = false
  })
})
