import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { expect } from 'chai'
import { z } from 'zod'
import { ChainWindow } from '../../src/service/chain-window.ts'
import { catchError } from '../helpers/catch-error.ts'

const Calls = z.array(z.object({ id: z.number(), method: z.string() }))
const PLACE = { chainId: 1n, ledger: '0x1', registry: '0x2', deadlineS: 9 }
const CALLS = ['eth_chainId', 'eth_blockNumber'].map((method) => ({ method, params: [] }))

describe('service: the window to the chain', () => {
  let server: Server
  let url = ''
  /** What the endpoint says to the calls that came. */
  let say: (calls: z.infer<typeof Calls>) => unknown = () => []

  before(async () => {
    server = createServer(async (request, response) => {
      response.end(JSON.stringify(say(Calls.parse(await json(request)))))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    // A TCP server's address is never a text.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-key`
  })
  after(() => server.close())

  it('answers in the order of the calls, whatever the endpoint’s', async () => {
    say = (calls) => calls.map(({ id, method }) => ({ jsonrpc: '2.0', id, result: method })).reverse()
    expect(await new ChainWindow(url, PLACE).ask(CALLS)).to.deep.equal([
      { result: 'eth_chainId' },
      { result: 'eth_blockNumber' },
    ])
  })

  it('tells an error as it came, and null as an answer', async () => {
    const error = { code: 3, message: 'execution reverted', data: '0x' }
    say = ([first, second]) => [
      { id: first?.id, error },
      { id: second?.id, result: null },
    ]
    expect(await new ChainWindow(url, PLACE).ask(CALLS)).to.deep.equal([{ error }, { result: null }])
  })

  it('is CHAIN_UNREACHABLE for everything else, without a word of where the endpoint is', async () => {
    const odd: (typeof say)[] = [
      () => [],
      () => ({}),
      ([first]) => [{ id: first?.id, result: '0x1' }],
      (calls) => calls.map(({ id }) => ({ id })),
    ]
    for (const answer of odd) {
      say = answer
      const error = await catchError(() => new ChainWindow(url, PLACE).ask(CALLS))
      expect(error.code).to.equal('CHAIN_UNREACHABLE')
      expect(error.message).not.to.include('secret')
    }
  })

  it('tells of the ledger what is its place, and no more', () => {
    expect(new ChainWindow(url, PLACE).place).to.deep.equal({ chainId: 1n, ledger: '0x1', registry: '0x2' })
  })
})
