import { connect } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { type Listening, type ListenOptions, listen } from '../../src/http/listen.ts'
import { Problem } from '../../src/http/schema/problem.ts'
import { catchError } from '../helpers/catch-error.ts'

describe('http: the server', () => {
  const open: Listening[] = []
  const app = express()
  let arrived: () => void = () => {}
  let finish: () => void = () => {}
  app.get('/slow', (_req, res) => {
    finish = () => void res.send('done')
    arrived()
  })
  app.get('/', (_req, res) => void res.send('here'))
  const start = async (options: Partial<ListenOptions> = {}): Promise<Listening> => {
    const listening = await listen(app, { port: 0, ...options })
    open.push(listening)
    return listening
  }
  afterEach(() => Promise.all(open.splice(0).map((listening) => listening.close(0))))

  it('says that a port is taken, and which', async () => {
    const { port } = await start()
    const error = await catchError(() => start({ port }))
    expect(error.code).to.equal('PORT_IN_USE')
    expect(error.details).to.deep.equal({ host: '127.0.0.1', port })
    expect(error.message).to.include(String(port))
  })

  it('says that an address is not of this machine', async () => {
    expect((await catchError(() => start({ host: '192.0.2.1' }))).code).to.equal('HOST_UNAVAILABLE')
  })

  it('listens on this machine only unless told', async () => {
    const { url } = await start()
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(url)).text()).to.equal('here')
  })

  it('finishes the answer under way before it closes', async () => {
    const listening = await start()
    const here = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const answer = fetch(`${listening.url}/slow`)
    await here
    const closed = listening.close()
    finish()
    expect(await (await answer).text()).to.equal('done')
    await closed
  })

  it('cuts off what does not end in time', async () => {
    const listening = await start()
    const here = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const answer = fetch(`${listening.url}/slow`).then(
      () => 'answered',
      () => 'cut off',
    )
    await here
    await listening.close(10)
    expect(await answer).to.equal('cut off')
  })

  // Short for those alone that must run into them: a busy machine may take longer to read the others.
  const short = { headersMs: 40, requestMs: 80, checkMs: 10 }
  const broken: [string, string, string][] = [
    ['headers that never end', 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ', 'REQUEST_TIMEOUT'],
    ['a body that never ends', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12', 'REQUEST_TIMEOUT'],
    ['what is not HTTP', 'hello\r\n\r\n', 'REQUEST_MALFORMED'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12',
      'REQUEST_MALFORMED',
    ],
    [
      'a length beside chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'REQUEST_MALFORMED',
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 'HEADERS_TOO_LARGE'],
  ]
  for (const [what, bytes, code] of broken) {
    it(`answers ${what} with ${code} and hangs up`, async () => {
      const holding = express()
      // Reads the body, as the API does, and never answers on its own.
      holding.use((req) => void req.resume())
      const listening = await listen(holding, { port: 0, ...(code === 'REQUEST_TIMEOUT' && { limits: short }) })
      open.push(listening)
      const [head, body] = (await exchange(listening.port, bytes)).split('\r\n\r\n')
      const problem = Problem.parse(JSON.parse(body ?? ''))
      expect(problem.code).to.equal(code)
      expect(head)
        .to.match(new RegExp(`^HTTP/1.1 ${problem.status} `))
        .and.to.include('application/problem+json')
        .and.to.include('X-Content-Type-Options: nosniff')
        .and.to.include(`X-Request-Id: ${problem.requestId}`)
    })
  }

  it('hangs up on a client that never reads', async () => {
    const endless = express()
    const gone = new Promise<void>((resolve) => {
      endless.get('/', (_req, res) => {
        res.on('close', resolve)
        res.write(Buffer.alloc(64 * 1024 * 1024))
      })
    })
    const listening = await listen(endless, { port: 0, limits: { idleMs: 50 } })
    open.push(listening)
    const socket = connect(listening.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await gone
    socket.destroy()
  })
})

/** Sends bytes and reads until the other side hangs up. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
    socket.write(bytes)
  })
}
