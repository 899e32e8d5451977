import { expect } from 'chai'
import { ServiceProblem } from '../../src/client/client.ts'
import { commitmentOf } from '../../src/order/order.ts'
import { catchError } from '../helpers/catch-error.ts'
import { useWorld } from '../http/world.ts'
import { accept, bending, clientOf, fresh, QUICK, SIGNER, signed } from './setting.ts'

const ORDERS = /^\/v1\/orders$/

describe('client: placing orders', () => {
  const world = useWorld()
  afterEach(() => {
    world().service.backPressureMs = undefined
    world().service.failure = undefined
  })

  it('sends an order, checks its receipt and finds it on the chain', async () => {
    const client = clientOf(world())
    const order = await fresh(client)
    expect(order.commitment).to.equal(commitmentOf(order))
    const { status, receipt, repeated } = await client.place(order)
    expect([status, repeated, receipt.verifiedBy, receipt.commitment]).to.deep.equal([
      'accepted',
      false,
      'chain',
      order.commitment,
    ])
    await accept(world())
    expect((await client.waitFor(order.commitment)).receipt).to.deep.equal(receipt)
    for (const from of ['service', 'chain'] as const) {
      const found = await client.checkInclusion(receipt, { from })
      expect([found.index, found.slot, found.shard]).to.deep.equal([
        receipt.batch,
        receipt.slot,
        receipt.assignment - 1,
      ])
    }
  })

  it('gives every order of a list its own result, over several requests', async () => {
    const client = clientOf(world())
    const [good, again] = [await fresh(client), await fresh(client)]
    await client.place(again)
    const large = await fresh(client, 2 ** 32 - 1)
    const foreign = { ...(await fresh(client)), segment: 'institutional' } as const
    const placements = await client.placeMany([good, large, foreign, again])
    expect(placements.map(({ status }) => status)).to.deep.equal(['accepted', 'refused', 'refused', 'accepted'])
    const codes = placements.map((placement) => (placement.status === 'refused' ? placement.error.code : ''))
    expect(codes).to.deep.equal(['', 'ORDER_TOO_LARGE', 'SEGMENT_MISMATCH', ''])
    expect(placements.map((p) => p.status !== 'refused' && p.repeated)).to.deep.equal([false, false, false, true])
    const [, refused] = placements
    expect(refused?.status === 'refused' && refused.error.details).to.have.property('largestSize')
    const many = await Promise.all(Array.from({ length: 257 }, () => fresh(client)))
    const placed = await client.placeMany(many)
    expect(placed.map(({ commitment }) => commitment)).to.deep.equal(many.map(({ commitment }) => commitment))
    expect(placed.filter(({ status }) => status === 'refused')).to.deep.equal([])
  })

  it('places once what is sent again because its answer was dropped', async () => {
    const keys: (string | null)[] = []
    const dropping: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      if (!ORDERS.test(new URL(String(input)).pathname)) return response
      keys.push(new Headers(init?.headers).get('idempotency-key'))
      await response.arrayBuffer()
      if (keys.length < 3) throw new TypeError('the connection broke')
      return fetch(input, init)
    }
    const client = clientOf(world(), { fetch: dropping })
    const { receipts } = await client.status()
    const { repeated } = await client.place(await fresh(client))
    expect([keys.length, new Set(keys).size, repeated]).to.deep.equal([3, 1, false])
    expect((await client.status()).receipts).to.equal(receipts + 1)
  })

  it('answers with the receipt that stands when an order is placed again, by another client too', async () => {
    const order = await fresh(clientOf(world()))
    const { receipt } = await clientOf(world()).place(order)
    const again = await clientOf(world()).place(order)
    expect([again.repeated, again.receipt]).to.deep.equal([true, receipt])
  })

  it('waits as long as the service asks when it meets back-pressure', async () => {
    world().service.backPressureMs = 40
    let asked = 0
    const counting: typeof fetch = async (input, init) => {
      if (++asked === 2) world().service.backPressureMs = undefined
      return fetch(input, init)
    }
    const client = clientOf(world(), { fetch: counting })
    const order = await fresh(client)
    const before = performance.now()
    expect((await client.place(order)).status).to.equal('accepted')
    expect(asked).to.equal(2)
    expect(performance.now() - before).to.be.at.least(39)
  })

  it('sends only those again that met back-pressure', async () => {
    const sizes: number[] = []
    const pressing: typeof fetch = async (input, init) => {
      const orders = JSON.parse(String(init?.body))
      sizes.push(orders.length)
      const response = await fetch(input, init)
      if (sizes.length > 1) return response
      const { results } = await response.json()
      const refusal = { code: 'BACK_PRESSURE', detail: '', retryAfterMs: 1 }
      results[1] = { status: 'refused', commitment: results[1].commitment, refusal }
      return Response.json({ results })
    }
    const client = clientOf(world(), { fetch: pressing })
    const placements = await client.placeMany([await fresh(client), await fresh(client)])
    expect(sizes).to.deep.equal([2, 1])
    expect(placements.map(({ status }) => status)).to.deep.equal(['accepted', 'accepted'])
  })

  it('gives up on back-pressure after its tries, and at once when the wait is too long', async () => {
    world().service.backPressureMs = 1
    const client = clientOf(world(), { retries: 0 })
    const error = await catchError(async () => client.place(await fresh(client)))
    expect(error).to.be.instanceOf(ServiceProblem)
    expect([error.code, error instanceof ServiceProblem && error.status]).to.deep.equal(['BACK_PRESSURE', 503])
    world().service.backPressureMs = 3_600_000
    const patient = clientOf(world(), { retries: { ...QUICK, longestWaitMs: 1000 } })
    expect((await catchError(async () => patient.place(await fresh(patient)))).code).to.equal('BACK_PRESSURE')
  })

  it("keeps the service's codes", async () => {
    const stranger = clientOf(world(), { key: 'flk_none' })
    expect((await catchError(async () => stranger.place(await fresh(stranger)))).code).to.equal('UNAUTHENTICATED')
    const client = clientOf(world())
    expect((await catchError(() => client.order(5n))).code).to.equal('ORDER_NOT_FOUND')
    expect((await catchError(() => client.batch(10n ** 9n))).code).to.equal('BATCH_NOT_FOUND')
  })

  it('does not take anything else for a Fairlead service', async () => {
    const answering = (response: () => Response) => clientOf(world(), { fetch: async () => response() })
    const code = async (response: () => Response): Promise<string> =>
      (await catchError(() => answering(response).status())).code
    expect(await code(() => new Response('hello'))).to.equal('ANSWER_INVALID')
    expect(await code(() => Response.json({}))).to.equal('ANSWER_INVALID')
    expect(await code(() => new Response('', { status: 404 }))).to.equal('ANSWER_INVALID')
    expect(await code(() => new Response('', { status: 502 }))).to.equal('SERVICE_UNREACHABLE')
    const short = clientOf(world(), { fetch: bending(ORDERS, () => ({ results: [] })) })
    expect((await catchError(async () => short.place(await fresh(short)))).code).to.equal('ANSWER_INVALID')
  })

  it('reads policy, shards, status and batches', async () => {
    const client = clientOf(world())
    const [policy, shards] = [await client.policy(), await client.shards()]
    expect([policy.ledger, policy.policy.shards.length]).to.deep.equal([(await client.domain()).ledger, shards.length])
    const indices: bigint[] = []
    for await (const { index } of client.batches({ before: 30n })) indices.push(index)
    expect(indices).to.deep.equal(Array.from({ length: 30 }, (_, i) => BigInt(29 - i)))
  })

  it('trusts what it is told to trust, and says so', async () => {
    const pinned = clientOf(world(), {
      trust: { from: 'pinned', ...(await clientOf(world()).domain()), signers: [SIGNER] },
    })
    expect((await pinned.place(await fresh(pinned))).receipt.verifiedBy).to.equal('pinned')
    // The service in memory names another signer than the one that it signs with.
    const self = bending(/policy$/, (policy) => ({ ...policy, signer: SIGNER }))
    const trusting = clientOf(world(), { trust: { from: 'service' }, fetch: self })
    const { receipt } = await trusting.place(await fresh(trusting))
    expect(receipt.verifiedBy).to.equal('service')
    for (const client of [pinned, trusting])
      expect((await catchError(() => client.checkInclusion(receipt))).code).to.equal('CHAIN_NEEDED')
    expect(signed(receipt).signature).to.equal(receipt.signature)
  })

  it('refuses options that cannot work', async () => {
    const code = async (change: object): Promise<string> => (await catchError(() => clientOf(world(), change))).code
    expect(await code({ url: 'ftp://example.org' })).to.equal('OPTIONS_INVALID')
    expect(await code({ trust: { from: 'chain', rpcUrl: '', ledger: `${SIGNER}0` } })).to.equal('OPTIONS_INVALID')
    expect(await code({ segment: 'other' })).to.equal('OPTIONS_INVALID')
    expect(await code({ trust: { from: 'pinned', chainId: 1n, ledger: SIGNER, signers: [] } })).to.equal(
      'OPTIONS_INVALID',
    )
  })
})
