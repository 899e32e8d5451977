/** An RPC endpoint that passes on what a real one says, bent as a test wants it: the liar that an auditor may be pointed at. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

const Request = z.looseObject({ id: z.unknown(), method: z.string(), params: z.array(z.unknown()).default([]) })
/** One call, as the client asked it. */
export type RpcRequest = z.infer<typeof Request>
const Answer = z.looseObject({ id: z.unknown(), result: z.unknown().optional() })

/** How an endpoint lies. */
export interface Lie {
  /** What to ask the real endpoint instead. */
  readonly ask?: (request: RpcRequest) => RpcRequest
  /** What to say instead. @param request as the client asked it. */
  readonly say: (result: unknown, request: RpcRequest) => unknown
}

export interface LyingRpc {
  readonly url: string
  /** From now on; without a lie the endpoint is honest. */
  tell(lie?: Lie): void
  close(): Promise<void>
}

/** Starts the proxy on a free port. @param target address of the real endpoint, which may change over restarts. */
export async function startLyingRpc(target: () => string): Promise<LyingRpc> {
  let lie: Lie = { say: (result) => result }
  const passOn = async (body: string): Promise<string> => {
    const parsed = z.union([z.array(Request), Request]).parse(JSON.parse(body))
    const requests = Array.isArray(parsed) ? parsed : [parsed]
    const { ask = (request) => request, say } = lie
    const headers = { 'content-type': 'application/json' }
    const answered = await fetch(target(), { method: 'POST', headers, body: JSON.stringify(requests.map(ask)) })
    const answers = z.array(Answer).parse(await answered.json())
    const bent = requests.map((request) => {
      const answer = answers.find(({ id }) => id === request.id)
      return answer && 'result' in answer ? { ...answer, result: say(answer.result, request) } : answer
    })
    return JSON.stringify(Array.isArray(parsed) ? bent : bent[0])
  }
  const server = createServer((request, response) => {
    // Pages may ask too, as they may of most endpoints.
    response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', '*')
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    text(request)
      .then(passOn)
      .then(
        (answer) => response.setHeader('content-type', 'application/json').end(answer),
        () => response.writeHead(502).end(),
      )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server's address is never a text.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    tell(next = { say: (result) => result }) {
      lie = next
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
