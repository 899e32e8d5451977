import { expect } from 'chai'
import fc from 'fast-check'
import { countDraws } from '../../src/cli/flow/draws.ts'
import { DEFAULT_RULES, type FlowOrder, orderOfRow } from '../../src/cli/flow/orders.ts'
import { type OrderTaker, replay } from '../../src/cli/flow/replay.ts'
import { awaitAcceptance } from '../../src/cli/flow/settlement.ts'
import { settled } from '../../src/cli/flow/tally.ts'
import type { OrderBody, OrderResult, Submission } from '../../src/cli/service-client.ts'
import { catchError } from '../helpers/catch-error.ts'

const flow = (count: number, sizes: (i: number) => number = () => 100): FlowOrder[] =>
  Array.from({ length: count }, (_, i) => orderOfRow({ timestamp_ms: i, side: 'buy', size: sizes(i) }, DEFAULT_RULES))

const placed = (status: 'accepted' | 'deferred' | 'sealed', batch = 0, commitment = '1'): OrderResult => ({
  status,
  commitment,
  receipt: {
    epoch: '1',
    batch: String(batch),
    slot: 0,
    commitment,
    assignment: { accepted: 1, deferred: 0, sealed: 255 }[status],
    time: '1',
    signature: `0x${'00'.repeat(65)}`,
  },
})
const refused = (
  code: 'ORDER_TOO_LARGE' | 'BACK_PRESSURE' | 'ORDER_ALREADY_ACCEPTED' | 'REQUEST_INVALID',
): OrderResult => ({
  status: 'refused',
  commitment: '1',
  refusal: { code, detail: '', retryAfterMs: 1 },
})

/** Answers each request by a rule, and remembers what it was sent. */
class ScriptedService implements OrderTaker {
  readonly requests: (readonly OrderBody[])[] = []
  readonly #answer: (order: OrderBody, request: number) => OrderResult
  readonly #busy: (request: number) => boolean
  constructor(
    answer: (order: OrderBody, request: number) => OrderResult,
    busy: (request: number) => boolean = () => false,
  ) {
    this.#answer = answer
    this.#busy = busy
  }
  async submit(_segment: unknown, orders: readonly OrderBody[]): Promise<Submission> {
    const request = this.requests.push(orders) - 1
    if (this.#busy(request)) return { retryAfterMs: 1 }
    return { results: orders.map((order) => this.#answer(order, request)) }
  }
}

const options = { speed: 1e6, retryDeferred: 0, interrupted: new AbortController().signal }

describe('replay', () => {
  it('counts sealed orders by what their draws made of them, once they are accepted', async () => {
    const service = new ScriptedService(({ details }) => placed('sealed', 4, details))
    const sealed = new Set<string>()
    const tally = await replay(service, flow(3), { ...options, onSealed: (commitment) => sealed.add(commitment) })
    expect([tally.sealed, tally.accepted, settled(tally)]).to.deep.equal([3, 0, 3])
    const [first = '', second = ''] = sealed
    const batch = { statement: { commitments: [first, 'foreign', second], assignments: [2, 1, 0] } }
    const asked: bigint[] = []
    const batchOf = async (index: bigint) => {
      asked.push(index)
      return batch as never
    }
    await countDraws({ batch: batchOf }, tally, sealed)
    expect(asked).to.deep.equal([4n])
    const { accepted, deferred, sealed: left } = tally
    expect([accepted, deferred, left, settled(tally)]).to.deep.equal([1, 1, 1, 3])
  })

  it('accounts for every order once, whatever the answers', async () => {
    const kinds = [
      placed('accepted', 3),
      placed('deferred', 4),
      refused('ORDER_TOO_LARGE'),
      refused('BACK_PRESSURE'),
      refused('ORDER_ALREADY_ACCEPTED'),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.nat(40),
        fc.array(fc.nat(4), { minLength: 1 }),
        fc.array(fc.boolean()),
        async (count, picks, busy) => {
          let asked = 0
          // After a while the service has room, or nothing would ever end.
          const service = new ScriptedService(
            () =>
              asked > 200 ? placed('accepted') : (kinds[picks[asked++ % picks.length] ?? 0] ?? placed('accepted')),
            (request) => busy[request] ?? false,
          )
          const tally = await replay(service, flow(count), options)
          expect(tally.orders).to.equal(count)
          expect(settled(tally)).to.equal(count)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('sends orders of one segment together, at most 256 in a request', async () => {
    const service = new ScriptedService(() => placed('accepted'))
    const tally = await replay(
      service,
      flow(600, (i) => (i % 2 === 0 ? 100 : 20_000)),
      options,
    )
    expect(service.requests.map(({ length }) => length)).to.deep.equal([256, 44, 256, 44])
    for (const request of service.requests) expect(new Set(request.map(({ segment }) => segment)).size).to.equal(1)
    expect([tally.retail, tally.institutional]).to.deep.equal([300, 300])
  })

  it('waits when it is asked to, and sends the very same orders again', async () => {
    const service = new ScriptedService(
      () => placed('accepted'),
      (request) => request < 2,
    )
    const tally = await replay(service, flow(3), options)
    expect([tally.waits, tally.accepted]).to.deep.equal([2, 3])
    expect(service.requests[2]).to.deep.equal(service.requests[0])
  })

  it('sends a deferred order again as often as it is told, then counts it as deferred', async () => {
    const always = new ScriptedService(() => placed('deferred'))
    expect(await replay(always, flow(1), { ...options, retryDeferred: 1 })).to.include({
      deferred: 1,
      resent: 1,
      accepted: 0,
    })
    const once = new ScriptedService((_, request) => placed(request === 0 ? 'deferred' : 'accepted'))
    expect(await replay(once, flow(1), { ...options, retryDeferred: 1 })).to.include({
      deferred: 0,
      resent: 1,
      accepted: 1,
    })
  })

  it('keeps the range of batches', async () => {
    const service = new ScriptedService((_, request) => placed('accepted', 7 - request))
    const { firstBatch, lastBatch } = await replay(service, flow(300), options)
    expect([firstBatch, lastBatch]).to.deep.equal([6n, 7n])
  })

  it('ends at once when an order is malformed or Ctrl-C is pressed', async () => {
    const bad = new ScriptedService(() => refused('REQUEST_INVALID'))
    expect((await catchError(() => replay(bad, flow(1), options))).code).to.equal('SERVICE_REFUSED')
    const interrupted = AbortSignal.abort()
    const service = new ScriptedService(() => placed('accepted'))
    expect((await catchError(() => replay(service, flow(1), { ...options, interrupted }))).code).to.equal('INTERRUPTED')
    expect(service.requests).to.deep.equal([])
  })
})

describe('awaitAcceptance', () => {
  const head = { epoch: '1', nextIndex: '0', state: '0', time: '0', orderCounter: '0', counters: [] }
  const service = (...reached: (string | undefined)[]) => ({
    status: async () => {
      const lastAcceptedBatch = reached.length > 1 ? reached.shift() : reached[0]
      const counts = { receipts: 0, accepted: 0, deferred: 0, batchesOpenToSent: 0, head }
      return lastAcceptedBatch === undefined ? counts : { ...counts, lastAcceptedBatch }
    },
  })
  const { interrupted } = options

  it('waits for the last batch', async () => {
    const seen: number[] = []
    const done = await awaitAcceptance(service(undefined, '4', '6'), 4n, 6n, {
      stallMs: 5000,
      interrupted,
      onProgress: (accepted) => seen.push(accepted),
    })
    expect([done, seen]).to.deep.equal([true, [0, 1, 3]])
  })

  it('gives up when nothing moves', async () => {
    expect(await awaitAcceptance(service('4'), 4n, 6n, { stallMs: 1, interrupted })).to.equal(false)
  })
})
