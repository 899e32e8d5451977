/** The client of the route bench, in a process of its own: makes the calls that it is told to over connections that stay open. */
import { Agent, request } from 'node:http'
import { orderFixture } from '../test/helpers/fixtures.ts'
import { type Timed, timed } from './timed.ts'

/** Calls to make; orders are the fixtures from `first` on. */
export interface ClientTask {
  readonly url: string
  readonly token: string
  readonly first: number
  readonly calls: number
  readonly ordersACall: number
  readonly atOnce: number
}
export type ClientResult = Timed

const agent = new Agent({ keepAlive: true })

process.on('message', async ({ url, token, first, calls, ordersACall, atOnce }: ClientTask) => {
  const bodies = Array.from({ length: calls }, (_, call) => bodyOf(first + call * ordersACall, ordersACall))
  const result: ClientResult = await timed(
    bodies.map((body) => () => post(url, token, body, ordersACall)),
    atOnce,
  )
  process.send?.(result)
})

function bodyOf(first: number, count: number): string {
  const orders = Array.from({ length: count }, (_, i) => {
    const { size, side, details } = orderFixture(first + i)
    return { size, side, details: `${details}` }
  })
  return JSON.stringify(count === 1 ? orders[0] : { orders })
}

/** @returns how many receipts came. */
function post(url: string, token: string, body: string, orders: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const asked = request(`${url}/v1/orders`, { method: 'POST', agent, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => {
        text += part
      })
      answer.once('end', () => {
        const { results = [] }: { results?: { status: string }[] } = JSON.parse(text)
        const single = (answer.statusCode ?? 500) < 300 ? 1 : 0
        resolve(orders === 1 ? single : results.filter(({ status }) => status !== 'refused').length)
      })
    })
    asked.once('error', reject)
    asked.end(body)
  })
}
