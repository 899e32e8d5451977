import { expect } from 'chai'
import type { ClientEvent, FairleadClient } from '../../src/client/client.ts'
import { catchError } from '../helpers/catch-error.ts'
import { MemoryService } from '../http/memory-service.ts'
import { useWorld, World } from '../http/world.ts'
import { accept, clientOf, fresh } from './setting.ts'

const label = (event: ClientEvent): string => (event.kind === 'batch' ? event.batch.state : event.kind)

describe('client: events', () => {
  const world = useWorld({ streamTimes: { retryMs: 10, heartbeatMs: 20 } })
  const place = async (client: FairleadClient) => client.place(await fresh(client))
  /** Reads `count` events. */
  const take = async (events: AsyncIterable<ClientEvent>, count: number): Promise<ClientEvent[]> => {
    const seen: ClientEvent[] = []
    for await (const event of events) if (seen.push(event) === count) break
    return seen
  }

  it('tell batches and own receipts, checked', async () => {
    const client = clientOf(world())
    const from = await world().service.newestEvent()
    const { receipt } = await place(client)
    await accept(world())
    const seen = await take(client.events({ lastEventId: from }), 4)
    expect(seen.map(label)).to.deep.equal(['open', 'receipts', 'closed', 'accepted'])
    expect(seen[1]).to.deep.include({ receipts: [receipt] })
    expect(seen.map(({ id }) => id - from)).to.deep.equal([1n, 2n, 3n, 4n])
  })

  it('start from now, also when the connection breaks before the first', async () => {
    let opened = 0
    let broken: () => void = () => {}
    const stalled = new Promise<void>((resolve) => {
      broken = resolve
    })
    const fetching: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      if (!String(input).endsWith('/v1/events') || opened++ > 0) return response
      await response.body?.cancel()
      await stalled
      return new Response('retry: 10\n\n', { headers: response.headers })
    }
    const client = clientOf(world(), { fetch: fetching })
    const seen = take(client.events(), 1)
    while (opened === 0) await new Promise(setImmediate)
    const before = await world().service.newestEvent()
    await accept(world())
    await place(clientOf(world()))
    broken()
    expect((await seen)[0]?.id).to.be.oneOf([before + 1n, before])
    expect(opened).to.be.greaterThan(1)
  })

  it('go on without a loss or a double when connections break anywhere', async () => {
    const client = clientOf(world())
    const from = await world().service.newestEvent()
    for (let i = 0; i < 6; i++) {
      await place(client)
      if (i % 2 === 1) await accept(world())
    }
    const last = await world().service.newestEvent()
    let cuts = 0
    const cutting: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      if (!String(input).endsWith('/events')) return response
      // Each connection breaks a little later than the one before, in the middle of a frame too.
      const limit = 150 + 97 * cuts++
      let sent = 0
      const cut = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          const part = chunk.subarray(0, limit - sent)
          sent += part.length
          controller.enqueue(part)
          if (sent >= limit) controller.error(new Error('cut'))
        },
      })
      return new Response(response.body?.pipeThrough(cut) ?? null, { headers: response.headers })
    }
    const seen = await take(clientOf(world(), { fetch: cutting }).events({ lastEventId: from }), Number(last - from))
    expect(seen.map(({ id }) => id - from)).to.deep.equal(seen.map((_, i) => BigInt(i + 1)))
    expect(cuts).to.be.greaterThan(2)
  })

  it('say what is gone', async () => {
    const { service } = world()
    service.pruned = 2n
    const [gap, next] = await take(clientOf(world()).events({ lastEventId: 0n }), 2)
    service.pruned = 0n
    expect([gap, next?.id]).to.deep.equal([{ id: 2n, kind: 'gap' }, 3n])
  })

  it('end with their signal, a forged receipt, a key that may not, and a service that is gone', async () => {
    const client = clientOf(world())
    const all = async (events: AsyncIterable<ClientEvent>) => {
      for await (const _ of events);
    }
    const aborted = () => all(client.events({ signal: AbortSignal.timeout(30) }))
    expect((await catchError(aborted)).code).to.equal('ABORTED')
    await place(client)
    const forging: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      const bend = new TransformStream<string, string>({
        transform: (text, controller) => controller.enqueue(text.replaceAll('"slot":0', '"slot":1')),
      })
      const body = response.body
        ?.pipeThrough(new TextDecoderStream())
        .pipeThrough(bend)
        .pipeThrough(new TextEncoderStream())
      return String(input).endsWith('/events') ? new Response(body ?? null, { headers: response.headers }) : response
    }
    const forged = () => all(clientOf(world(), { fetch: forging }).events({ lastEventId: 0n }))
    expect((await catchError(forged)).code).to.equal('RECEIPT_FORGED')
    const { token } = await world().keys.create({ name: 'sender', segment: 'retail', scopes: ['orders:write'] })
    expect((await catchError(() => all(clientOf(world(), { key: token }).events()))).code).to.equal('SCOPE_MISSING')
    const small = await World.open(new MemoryService())
    const reading = catchError(() => all(clientOf(small).events()))
    for (;;) if ((await small.ask('GET', '/metrics', { token: null })).text.includes('fairlead_http_streams 1')) break
    await small.listening.close()
    expect((await reading).code).to.equal('SERVICE_UNREACHABLE')
  })

  it('of a proof end with it', async () => {
    const client = clientOf(world())
    const { receipt } = await place(client)
    world().service.close()
    const { id } = await world().service.requestProof(receipt.batch)
    const seen: string[] = []
    for await (const { state } of client.proofEvents(id)) {
      seen.push(state)
      if (state === 'queued') world().service.moveJob(id, { state: 'running', attempts: 1 })
      if (state === 'running') await world().service.cancelProof(id)
    }
    expect(seen).to.deep.equal(['queued', 'running', 'cancelled'])
    const none = async () => {
      for await (const _ of client.proofEvents('none'));
    }
    expect((await catchError(none)).code).to.equal('PROOF_JOB_NOT_FOUND')
  })
})

describe('client: polling', () => {
  const world = useWorld()

  it('asks whether what it has still holds', async () => {
    const statuses: number[] = []
    const watching: typeof fetch = async (input, init) => {
      const response = await fetch(input, init)
      statuses.push(response.status)
      return response
    }
    const client = clientOf(world(), { fetch: watching })
    const first = await client.status()
    expect(await client.status()).to.deep.equal(first)
    await client.place(await fresh(client))
    const later = await client.status()
    expect(later.receipts).to.equal(first.receipts + 1)
    expect(await client.status()).to.deep.equal(later)
    expect(statuses.filter((status) => status === 304)).to.have.length(2)
  })

  it('waits as long as the service asks when it asks too often', async () => {
    const { token } = await world().keys.create({ name: 'eager', segment: 'retail', rate: 2 })
    const client = clientOf(world(), { key: token, trust: { from: 'service' } })
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.status()))
    expect(answers).to.have.length(5)
  })
})
