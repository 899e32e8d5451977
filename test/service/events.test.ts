import { expect } from 'chai'
import type { StreamEvent, Watching } from '../../src/service/api.ts'
import type { FairleadService } from '../../src/service/service.ts'
import { pruneEvents } from '../../src/service/store/event-rows.ts'
import { RETAIL, reached, retail, useServices } from './harness.ts'

const OTHER = { ...RETAIL, keyId: 'other' }
const three = [retail(0), retail(1), retail(2)]

/** Reads until `enough` has been seen, that event included. */
async function read(
  service: FairleadService,
  watching: Partial<Watching>,
  enough: (event: StreamEvent) => boolean,
): Promise<StreamEvent[]> {
  const stop = new AbortController()
  const seen: StreamEvent[] = []
  const after = await service.newestEvent()
  for await (const event of service.watch({ receiptsOf: 'everybody', after, ...watching }, stop.signal)) {
    seen.push(event)
    if (enough(event)) break
  }
  stop.abort()
  return seen
}

const isBatch =
  (index: bigint, state: string) =>
  (event: StreamEvent): boolean =>
    event.kind === 'batch' && event.batch.index === index && event.batch.state === state
const label = (event: StreamEvent): string =>
  event.kind === 'batch' ? event.batch.state : event.kind === 'proof' ? `proof ${event.job.state}` : event.kind

describe('stored events', () => {
  const { database, start, stop } = useServices({ slots: 3 })
  const head = async () => {
    const { rows } = await database().pool.query<{ last: string }>('select last from event_head')
    return BigInt(rows[0]?.last ?? 0)
  }

  it('tell a batch from its first order to the end, in the order of what happened', async () => {
    const { service, chain } = await start()
    const after = await head()
    const outcomes = await service.submitOrders(three, RETAIL)
    await reached(service, 0n, 'accepted')
    chain.block += 3
    const seen = await read(service, { after }, isBatch(0n, 'final'))
    expect(seen.map(label)).to.deep.equal([
      'open',
      'receipts',
      'proof queued',
      'closed',
      'proof running',
      'proof done',
      'proven',
      'sent',
      'accepted',
      'final',
    ])
    expect(seen.map(({ id }) => id - after)).to.deep.equal(seen.map((_, i) => BigInt(i + 1)))
    const [opened, receipts, , closed] = seen
    expect(opened).to.have.nested.property('batch.count', 0)
    expect(closed).to.deep.nested.include({ 'batch.count': 3, 'batch.epoch': 1n })
    expect(receipts).to.deep.include({
      receipts: outcomes.flatMap((outcome) => ('receipt' in outcome ? [outcome.receipt] : [])),
    })
  })

  it('show receipts to who sent the orders', async () => {
    const { service } = await start()
    const after = await head()
    await service.submitOrders(three.slice(0, 1), RETAIL)
    await service.submitOrders(three.slice(1), OTHER)
    const receipts = async (receiptsOf: Watching['receiptsOf']) =>
      (await read(service, { after, receiptsOf }, isBatch(0n, 'closed'))).flatMap((event) =>
        event.kind === 'receipts' ? event.receipts.map(({ slot }) => slot) : [],
      )
    expect(await receipts(RETAIL)).to.deep.equal([0])
    expect(await receipts(OTHER)).to.deep.equal([1, 2])
    expect(await receipts('nobody')).to.deep.equal([])
    expect(await receipts('everybody')).to.deep.equal([0, 1, 2])
  })

  it('go on after a restart where a reader stopped', async () => {
    const one = await start()
    const after = await head()
    await one.service.submitOrders(three, RETAIL)
    await reached(one.service, 0n, 'accepted')
    await stop(one.service)
    const { service } = await start()
    const all = await read(service, { after }, isBatch(0n, 'accepted'))
    const middle = all[4]?.id ?? 0n
    await service.submitOrders([retail(3), retail(4), retail(5)], RETAIL)
    const rest = await read(service, { after: middle }, isBatch(1n, 'accepted'))
    const ids = [...all.filter(({ id }) => id <= middle), ...rest].map(({ id }) => id - after)
    expect(ids).to.deep.equal(ids.map((_, i) => BigInt(i + 1)))
  })

  it('are the same for readers of every pace, while much happens', async () => {
    const { service } = await start()
    const after = await head()
    // Takes one event at a time, and the next one when all is over.
    const slow = service.watch({ after, receiptsOf: 'everybody' }, new AbortController().signal)[Symbol.asyncIterator]()
    const slowly = [slow.next()]
    const many = Array.from({ length: 30 }, (_, i) => retail(10 + i))
    await Promise.all(many.map((order) => service.submitOrders([order], RETAIL)))
    const fast = await read(service, { after }, isBatch(9n, 'accepted'))
    expect(fast.map(({ id }) => id - after)).to.deep.equal(fast.map((_, i) => BigInt(i + 1)))
    while (slowly.length < fast.length) slowly.push(slow.next())
    expect((await Promise.all(slowly)).map(({ value }) => value)).to.deep.equal(fast)
    await slow.return?.()
  })

  it('say what is gone', async () => {
    const { service } = await start()
    const after = await head()
    await service.submitOrders(three, RETAIL)
    await reached(service, 0n, 'accepted')
    await stop(service)
    await pruneEvents(database().db, 3)
    const again = await start()
    const seen = await read(again.service, { after }, isBatch(0n, 'accepted'))
    expect(seen[0]?.kind).to.equal('gap')
    expect(seen[1]?.id).to.equal((seen[0]?.id ?? 0n) + 1n)
    const [foreign] = await read(again.service, { after: 10n ** 12n }, () => true)
    expect(foreign?.kind).to.equal('gap')
    expect((foreign?.id ?? 0n) >= (seen.at(-1)?.id ?? 0n)).to.equal(true)
  })

  it('end when the service stops', async () => {
    const { service } = await start()
    const reading = read(service, {}, () => false)
    await stop(service)
    expect((await reading).every(({ kind }) => kind !== 'gap')).to.equal(true)
  })

  it('hold nothing of an order', async () => {
    const { service } = await start()
    const order = { ...retail(0), size: 477 }
    await service.submitOrders([order, retail(1), retail(2)], RETAIL)
    await reached(service, 0n, 'accepted')
    const { rows } = await database().pool.query('select kind, holder, slots, facts from event')
    expect(rows.length).to.be.greaterThan(5)
    expect(JSON.stringify(rows)).not.to.include(`${order.details}`).and.not.to.include('477')
  })
})
