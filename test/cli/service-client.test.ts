import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { expect } from 'chai'
import { ServiceClient } from '../../src/cli/service-client.ts'
import { catchError } from '../helpers/catch-error.ts'

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const problem = (status: number, code: string, facts = {}): Answer => ({
  status,
  body: { type: '', title: '', status, detail: 'why', instance: '', code, requestId: '', ...facts },
})
const ORDER = { size: 1, side: 'buy', segment: 'institutional', details: '1' } as const

describe('ServiceClient', () => {
  let server: Server
  let answer: Answer = { status: 200, body: {} }
  let asked: IncomingMessage | undefined
  const client = (signal = new AbortController().signal): ServiceClient => {
    // A TCP server's address is never a text.
    const { port } = server.address() as { port: number }
    return new ServiceClient(`http://127.0.0.1:${port}`, { retail: 'r', institutional: 'i' }, signal)
  }
  before(async () => {
    server = createServer((request, response) => {
      asked = request
      request.resume()
      response.writeHead(answer.status, answer.headers).end(JSON.stringify(answer.body))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })

  it("sends orders under their segment's key", async () => {
    answer = {
      status: 200,
      body: { results: [{ status: 'refused', refusal: { code: 'ORDER_TOO_LARGE', detail: '' } }] },
    }
    expect(await client().submit('institutional', [ORDER])).to.have.property('results')
    expect(asked?.headers.authorization).to.equal('Bearer i')
  })

  it('obeys Retry-After, and the finer time of the problem', async () => {
    answer = { ...problem(503, 'BACK_PRESSURE'), headers: { 'retry-after': '3' } }
    expect(await client().submit('retail', [ORDER])).to.deep.equal({ retryAfterMs: 3000 })
    answer = { ...problem(503, 'BACK_PRESSURE', { retryAfterMs: 700 }), headers: { 'retry-after': '1' } }
    expect(await client().submit('retail', [ORDER])).to.deep.equal({ retryAfterMs: 700 })
    answer = { ...problem(503, 'NOT_READY'), headers: { 'retry-after': 'soon' } }
    expect(await client().submit('retail', [ORDER])).to.deep.equal({ retryAfterMs: 100 })
  })

  it('passes a refusal on with its code', async () => {
    answer = problem(401, 'UNAUTHENTICATED')
    const error = await catchError(() => client().submitOne(ORDER))
    expect([error.code, error.details.problem]).to.deep.equal(['SERVICE_REFUSED', 'UNAUTHENTICATED'])
  })

  it('does not take anything else for a Fairlead service', async () => {
    for (const other of [
      { status: 200, body: { results: [] } },
      { status: 200, body: 'hello' },
      { status: 404, body: {} },
    ]) {
      answer = other
      expect((await catchError(() => client().submit('retail', [ORDER]))).code).to.equal('SERVICE_UNREACHABLE')
    }
  })

  it('tells Ctrl-C from a service that is gone', async () => {
    expect((await catchError(() => client(AbortSignal.abort()).status())).code).to.equal('INTERRUPTED')
    const nowhere = new ServiceClient('http://127.0.0.1:1', {}, new AbortController().signal)
    expect((await catchError(() => nowhere.status())).code).to.equal('SERVICE_UNREACHABLE')
  })
})
