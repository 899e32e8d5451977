import { connect } from 'node:net'
import { expect } from 'chai'
import { MemoryService } from './memory-service.ts'
import { openStream } from './stream.ts'
import { freshOrder, useWorld, World } from './world.ts'

describe('http: streams of events', () => {
  const world = useWorld({ streamTimes: { heartbeatMs: 5, drainMs: 50 } })
  const place = async (token = world().retail) => {
    const { json } = await world().ask('POST', '/v1/orders', { body: freshOrder(), token })
    return json
  }
  const other = async () => (await world().keys.create({ name: 'other', segment: 'retail' })).token

  it('tells batches to everybody and receipts to who sent the order', async () => {
    const [mine, theirs, operator] = await Promise.all([
      openStream(world(), '/v1/events'),
      openStream(world(), '/v1/events', { token: await other() }),
      openStream(world(), '/v1/events', { token: world().operator }),
    ])
    expect(mine.headers.get('Cache-Control')).to.equal('no-store')
    const { receipt, commitment } = await place()
    world().service.close()
    for (const stream of [mine, operator]) {
      expect(await stream.next()).to.deep.include({ event: 'batch' })
      expect((await stream.next()).data).to.deep.equal({ receipts: [receipt] })
      expect((await stream.next()).data).to.include({ state: 'closed', index: receipt.batch, count: 1 })
    }
    const [first, second] = [await theirs.next(), await theirs.next()]
    expect([first.data.state, second.data.state]).to.deep.equal(['open', 'closed'])
    expect(JSON.stringify([first, second])).not.to.include(commitment)
    for (const stream of [mine, theirs, operator]) stream.close()
  })

  it('needs orders:read for receipts', async () => {
    const { token } = await world().keys.create({
      name: 'watcher',
      segment: 'retail',
      scopes: ['batches:read', 'orders:write'],
    })
    const stream = await openStream(world(), '/v1/events', { token })
    await place(token)
    world().service.close()
    expect([(await stream.next()).event, (await stream.next()).event]).to.deep.equal(['batch', 'batch'])
    stream.close()
  })

  it('goes on after the last event that a reader has, without a loss or a double', async () => {
    const first = await openStream(world(), '/v1/events')
    await place()
    const [opened, receipts] = [await first.next(), await first.next()]
    first.close()
    await place()
    world().service.close()
    const ids = [opened.id, receipts.id]
    const again = await openStream(world(), '/v1/events', { from: receipts.id })
    for (let i = 0; i < 2; i++) ids.push((await again.next()).id)
    again.close()
    expect(ids.map((id) => Number(id) - Number(ids[0]))).to.deep.equal([0, 1, 2, 3])
    const all = await openStream(world(), '/v1/events', { from: 0n })
    expect((await all.next()).id).to.equal('1')
    all.close()
  })

  it('says when events are gone, and when an id is from elsewhere', async () => {
    const { service } = world()
    service.pruned = 3n
    const late = await openStream(world(), '/v1/events', { from: 1n })
    expect(await late.next()).to.deep.equal({ id: '3', event: 'gap', data: { upTo: '3' } })
    expect((await late.next()).id).to.equal('4')
    late.close()
    service.pruned = 0n
    const foreign = await openStream(world(), '/v1/events', { from: 10n ** 15n })
    expect((await foreign.next()).event).to.equal('gap')
    foreign.close()
  })

  it('refuses a last event that is no id', async () => {
    for (const id of ['', 'x', '-1', '1.5', `${2n ** 64n}`, '1, 2']) {
      const headers = { 'Last-Event-ID': id }
      const { json } = await world().refused('REQUEST_INVALID', 'GET', '/v1/events', { headers })
      expect(json.errors[0]).to.include({ in: 'header', pointer: '/Last-Event-ID' })
    }
  })

  it('follows one proof from how far it is to its end, and tells who comes back to stay away', async () => {
    const { receipt } = await place()
    world().service.close()
    const { json: job } = await world().ask('POST', '/v1/proofs', { body: { batch: receipt.batch } })
    const path = `/v1/proofs/${job.id}/events`
    const stream = await openStream(world(), path)
    expect((await stream.next()).data).to.deep.equal(job)
    world().service.moveJob(job.id, { state: 'running', attempts: 1 })
    expect((await stream.next()).data).to.include({ state: 'running', attempts: 1 })
    world().service.moveJob(job.id, { state: 'done', proveMs: 2 })
    const last = await stream.next()
    expect([last.data.state, await stream.next()]).to.deep.equal(['done', undefined])
    const missed = await openStream(world(), path, { from: BigInt(last.id) - 1n })
    expect([(await missed.next()).data.state, await missed.next()]).to.deep.equal(['done', undefined])
    const { status } = await world().ask('GET', path, { headers: { 'Last-Event-ID': last.id } })
    expect(status).to.equal(204)
    await world().refused('PROOF_JOB_NOT_FOUND', 'GET', '/v1/proofs/none/events')
  })

  it('shows signs of life between events, which keep the connection from counting as idle', async () => {
    const small = await World.open(new MemoryService(), { streamTimes: { heartbeatMs: 20 }, server: { idleMs: 100 } })
    const headers = { Authorization: `Bearer ${small.retail}` }
    const response = await fetch(new URL('/v1/events', small.listening.url), { headers })
    const begun = performance.now()
    let beats = 0
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      beats += text.split(':\n\n').length - 1
      if (beats > 4 && performance.now() - begun > 300) break
    }
    expect(beats).to.be.greaterThan(4)
    await small.listening.close(0)
  })

  it('ends with its key', async () => {
    const { id, token } = await world().keys.create({ name: 'leaver', segment: 'retail' })
    const stream = await openStream(world(), '/v1/events', { token })
    await world().keys.revoke(id)
    expect(await stream.next()).to.equal(undefined)
  })

  it('lets a key have so many streams, and counts those that are closed no more', async () => {
    const small = await World.open(new MemoryService(), { limits: { streamsPerKey: 2, streams: 3 } })
    const streams = [await openStream(small, '/v1/events'), await openStream(small, '/v1/events')]
    await small.refused('TOO_MANY_STREAMS', 'GET', '/v1/events')
    const third = await openStream(small, '/v1/events', { token: small.operator })
    await small.refused('TOO_MANY_STREAMS', 'GET', '/v1/events', { token: small.operator })
    streams[0]?.close()
    for (;;) {
      const { text } = await small.ask('GET', '/metrics', { token: null })
      if (text.includes('fairlead_http_streams 2')) break
    }
    const again = await openStream(small, '/v1/events')
    await small.listening.close()
    for (const stream of [streams[1], third, again]) expect(await stream?.next()).to.equal(undefined)
  })

  it('cuts a reader off that does not read, without piling up what it should', async () => {
    let made = 0
    const receipt = { epoch: 1n, batch: 1n, slot: 0, commitment: 1n, assignment: 1, time: 1n, signature: '0x' }
    // 32 KB an event.
    const MANY = new Array<typeof receipt>(350).fill(receipt)
    class Chatty extends MemoryService {
      override async *watch() {
        for (let id = 1n; ; id++) {
          made++
          yield { id, kind: 'receipts' as const, receipts: MANY }
          await new Promise(setImmediate)
        }
      }
    }
    const chatty = await World.open(new Chatty(), { streamTimes: { drainMs: 50 } })
    const socket = connect(chatty.listening.port, '127.0.0.1')
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => {}))
    socket.pause()
    socket.write(`GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${chatty.retail}\r\n\r\n`)
    for (;;) {
      const { text } = await chatty.ask('GET', '/metrics', { token: null })
      if (made > 0 && text.includes('fairlead_http_streams 0')) break
    }
    socket.resume()
    await closed
    // What the kernel holds for both ends, and no more.
    expect(made).to.be.below(2_000)
    await chatty.listening.close(0)
  })

  it('answers HEAD with the type alone', async () => {
    const { status, headers } = await world().ask('HEAD', '/v1/events')
    expect([status, headers.get('Content-Type')]).to.deep.equal([200, 'text/event-stream'])
  })
})
