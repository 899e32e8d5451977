import { expect } from 'chai'
import { at } from '../../../src/base/at.ts'
import { LedgerReader } from '../../../src/chain/reader.ts'
import { createClient } from '../../../src/client/client.ts'
import { fairlead } from '../../cli/terminal.ts'
import { World } from '../../e2e/world.ts'
import { element } from '../../helpers/fixtures.ts'

describe('a ledger in sealed mode', () => {
  let world: World
  before(async function () {
    this.timeout(180_000)
    world = await World.empty({ sealed: true })
  })
  after(() => world?.stop())

  /** Asks the chain itself. */
  const rpc = async (method: string, ...params: unknown[]): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const { error } = (await (await fetch(world.rpc, { method: 'POST', headers, body })).json()) as { error?: object }
    expect(error).to.equal(undefined)
  }
  /** Resolves when the chain has the seals of all batches up to one, and their seeds are final. */
  async function final(index: bigint): Promise<void> {
    while (!(await seal(index))) await new Promise((resolve) => events().once('block', resolve))
    await rpc('anvil_mine', '0xa')
  }
  const events = () => world.serving.local.service.events
  const seal = async (index: bigint): Promise<boolean> => {
    const reader = await LedgerReader.connect({ rpcUrl: world.rpc, ledger: world.ledger })
    try {
      return (await reader.seal(await reader.latestEpoch(), index)) !== undefined
    } finally {
      reader.close()
    }
  }
  const audit = async () => JSON.parse((await fairlead(['audit', ...world.chainArgs, '--json'])).stdout)
  const epoch = (...args: string[]) =>
    fairlead(['epoch', ...args, '--data-dir', world.dataDir, '--rpc', world.rpc, '--json'])

  it('says so, and gives places at once', async () => {
    expect(JSON.parse((await epoch('show')).stdout)).to.include({ epoch: '1', mode: 'sealed' })
    expect((await world.serving.local.service.policy()).sealedMode).to.equal(true)
    const results = await world.send('retail', world.orders(16, 300))
    expect(new Set(results.map(({ status }) => status))).to.deep.equal(new Set(['sealed']))
    for (const { receipt } of world.placed) expect(receipt.assignment).to.equal(255)
  })

  it('draws what is final, and keeps every receipt, by the chain’s word', async () => {
    await final(1n)
    await world.settled()
    const { ok, batches, failures } = await audit()
    expect(failures).to.deep.equal([])
    expect([ok, batches]).to.deep.equal([true, 2])
    for (const { commitment } of [at(world.placed, 0), at(world.placed, 15)]) {
      const [entry] = (await world.order(commitment)).entries
      if (!entry) return expect.fail('there is no entry')
      const { statement } = await world.bundle(entry.receipt.batch)
      expect(entry.outcome).to.equal(statement?.assignments[entry.receipt.slot])
      const file = await world.write('receipt.json', JSON.stringify(entry.receipt))
      const held = await fairlead(['audit', 'receipt', file, ...world.chainArgs])
      expect([held.exitCode, held.stderr]).to.deep.equal([0, ''])
    }
  })

  it('gives each batch a bundle that is good against an anchor', async () => {
    const ran = await fairlead(['audit', await world.bundleFile(1n), '--anchor', await world.anchorFile()])
    expect([ran.exitCode, ran.stderr]).to.deep.equal([0, ''])
  })

  it('goes on when service and chain are started again between a seal and its draw', async function () {
    this.timeout(60_000)
    await world.send('retail', world.orders(8, 20))
    while (!(await seal(2n))) await new Promise((resolve) => events().once('block', resolve))
    await world.restart()
    await rpc('anvil_mine', '0xa')
    await world.settled()
    expect((await audit()).failures).to.deep.equal([])
  })

  it('seals again what a reorg took out, and serves a client that waits', async () => {
    const { http, keys } = world.serving
    const trust = { from: 'chain', rpcUrl: world.rpc, ledger: world.ledger } as const
    const client = createClient({ url: http.url, key: keys.retail, trust })
    try {
      const order = await client.makeOrder({ size: 7, side: 'buy', details: element(5) })
      const placed = await client.place(order)
      expect(placed.status).to.equal('sealed')
      while (!(await seal(3n))) await new Promise((resolve) => events().once('block', resolve))
      await rpc('anvil_reorg', 2, [])
      await final(3n)
      const { outcome = 255, batchState } = await client.waitFor(order.commitment, { timeoutMs: 30_000 })
      const { shard = -1 } = await client.checkInclusion(placed.receipt)
      expect([batchState, shard]).to.deep.equal(['accepted', outcome - 1])
      expect((await client.place(order)).repeated).to.equal(true)
    } finally {
      await client.close()
    }
    expect((await audit()).failures).to.deep.equal([])
  })

  it('tells who waits at the command line what the draw came to', async () => {
    const { http } = world.serving
    const words = ['order', '--size', '9', '--side', 'sell', '--wait', '--json']
    const waiting = fairlead([...words, '--url', http.url, '--data-dir', world.dataDir])
    await final(4n)
    const { status, good, fate } = JSON.parse((await waiting).stdout)
    const { statement } = await world.bundle(4n)
    expect([status, good]).to.deep.equal(['sealed', true])
    expect(fate).to.deep.equal({ state: 'accepted', batch: '4', shard: (statement?.assignments[0] ?? 0) - 1 })
  })

  it('ends with an epoch in instant mode on the same ledger', async function () {
    this.timeout(60_000)
    await world.send('retail', world.orders(8, 20))
    expect((await epoch('abandon', '--yes')).exitCode).to.equal(0)
    expect(JSON.parse((await epoch('next', '--instant')).stdout)).to.include({ epoch: '2', mode: 'instant' })
    await world.restart()
    const placed = await world.sendOne('retail', world.orders(1, 20)[0])
    expect(placed.status).to.equal('accepted')
    await world.settled()
    const { ok, epochs, failures } = await audit()
    expect(failures).to.deep.equal([])
    expect([ok, epochs]).to.deep.equal([true, 2])
  })
})
