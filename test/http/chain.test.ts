import { expect } from 'chai'
import { useWorld } from './world.ts'

const call = (method: string, params: unknown[] = [], id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})
const ACCOUNT = `0x${'11'.repeat(20)}`
const HASH = `0x${'22'.repeat(32)}`

describe('http: the chain, read through the service', () => {
  const world = useWorld({ limits: { chainCalls: 150 } })
  const rpc = (body: unknown) => world().ask('POST', '/v1/chain/rpc', { body })

  it('names chain and ledger', async () => {
    const { json } = await world().ask('GET', '/v1/chain')
    expect(json).to.have.all.keys('chainId', 'ledger', 'registry')
  })

  it('answers one call, and a list in its order with its ids; errors as the endpoint gave them', async () => {
    expect((await rpc(call('eth_chainId'))).json).to.deep.equal({ jsonrpc: '2.0', id: 1, result: '0x7a69' })
    const { json } = await rpc([
      call('eth_call', [{ to: ACCOUNT, data: '0x' }, 'latest'], 'x'),
      call('eth_chainId', [], 2),
    ])
    expect(json.map(({ id }: { id: unknown }) => id)).to.deep.equal(['x', 2])
    expect(json[0].error).to.deep.equal({ code: 3, message: 'execution reverted', data: '0x08c379a0' })
  })

  it('lets nothing through that writes, costs much or is not on the list', async () => {
    const logs = { address: ACCOUNT, topics: [], fromBlock: '0x0', toBlock: '0x270f' }
    expect((await rpc(call('eth_getLogs', [logs]))).status).to.equal(200)
    for (const [method, params] of [
      ['eth_sendRawTransaction', ['0x00']],
      ['eth_sendTransaction', [{ to: ACCOUNT }]],
      ['eth_accounts', []],
      ['debug_traceTransaction', [HASH]],
      ['anvil_setBalance', [ACCOUNT, '0x1']],
      ['eth_chainId', [1]],
      ['eth_getBlockByNumber', ['latest', true]],
      ['eth_call', [{ to: ACCOUNT, data: '0x', from: ACCOUNT }, 'latest']],
      ['eth_call', [{ to: ACCOUNT, data: '0x' }, 'latest', { [ACCOUNT]: { code: '0x00' } }]],
      ['eth_getLogs', [{ ...logs, toBlock: '0x2710' }]],
      ['eth_getLogs', [{ topics: [], fromBlock: '0x0', toBlock: '0x1' }]],
    ] as const)
      await world().refused('REQUEST_INVALID', 'POST', '/v1/chain/rpc', { body: call(method, [...params]) })
    const one = call('eth_chainId')
    await world().refused('REQUEST_INVALID', 'POST', '/v1/chain/rpc', { body: new Array(101).fill(one) })
    await world().refused('REQUEST_INVALID', 'POST', '/v1/chain/rpc', { body: [] })
  })

  it('counts calls, not requests', async () => {
    const { token } = await world().keys.create({ name: 'reader', segment: 'retail' })
    const body = new Array(100).fill(call('eth_chainId'))
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await world().ask('POST', '/v1/chain/rpc', { token, body })).status),
    )
    expect(statuses.sort()).to.deep.equal([200, 429, 429])
  })
})
