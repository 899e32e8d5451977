import { expect } from 'chai'
import type { Discharge } from '../../src/chain/duty-writer.ts'
import type { PostedOrder } from '../../src/chain/system-reader.ts'
import type { OverdueNotice } from '../../src/chain/system-schema.ts'
import { commitmentOf, type Order, SEGMENTS, SIDES } from '../../src/order/order.ts'
import type { DutyWrites, SystemReads } from '../../src/service/duty-role.ts'
import type { DutyEvent } from '../../src/service/events.ts'
import type { FairleadService } from '../../src/service/service.ts'
import { headHash } from '../../src/statement/record.ts'
import { gated, RETAIL, reached, retail, useServices } from './harness.ts'

/** The inbox and what else stands around a ledger, as far as the duties look; takes every discharge at its word. */
class TestSystem implements SystemReads, DutyWrites {
  readonly queue: PostedOrder[] = []
  readonly waiting = new Set<bigint>()
  readonly discharged: Discharge[] = []
  readonly notices: OverdueNotice[] = []
  covered = 64n
  refusing = false

  post(order: Order, postedAtS = 0): bigint {
    const commitment = commitmentOf(order)
    const [side, segment] = [SIDES.indexOf(order.side), SEGMENTS.indexOf(order.segment)]
    const { size, details } = order
    const number = BigInt(this.queue.length)
    this.queue.push({ number, commitment, trader: '0x', size, side, segment, details, postedAtS })
    this.waiting.add(commitment)
    return commitment
  }
  bond = async () => ({ stake: this.covered, covered: this.covered, minimum: 32n, burned: 0n })
  due = async () => {
    const left = this.queue.filter(({ commitment }) => this.waiting.has(commitment))
    const from = left[0]?.number ?? BigInt(this.queue.length)
    // Groups of two.
    return { from, to: from + 2n, left: BigInt(left.length), dueAt: 0n }
  }
  waits = async (commitment: bigint) => this.waiting.has(commitment)
  postedOrders = async () => this.queue
  overdueNotices = async () => this.notices
  demands = async () => []
  signedReports = async () => []
  async showReport(): Promise<void> {}
  async dischargeMany(discharges: readonly Discharge[]): Promise<void> {
    if (this.refusing) throw new Error('no')
    for (const each of discharges) {
      const { slot, commitments } = each.inclusion
      this.waiting.delete(commitments[slot % 4] ?? 0n)
      this.discharged.push(each)
    }
  }
}

describe('forced orders', () => {
  const { start, stop } = useServices({ slots: 3 })
  let system: TestSystem
  beforeEach(() => {
    system = new TestSystem()
  })
  const around = () => ({ change: { around: { system, writer: system, fromBlock: 0 } } })

  /** Resolves with the first such event. */
  const duty = (service: FairleadService, wanted: DutyEvent['duty'], count = 1): Promise<DutyEvent> =>
    new Promise((resolve) => {
      let left = count
      service.events.on('duty', (event) => {
        if (event.duty === wanted && --left === 0) resolve(event)
      })
    })

  it('are taken in the queue’s order, and discharged once the chain has their batch', async () => {
    const { service, chain } = await start(around())
    const done = duty(service, 'forced-discharged', 5)
    const posted = [0, 1, 2, 3, 4].map((i) => system.post(retail(i)))
    chain.block++
    await done
    expect(system.waiting.size).to.equal(0)
    const proven = system.discharged.map(({ inclusion, head }) => {
      expect(headHash(head)).to.equal(inclusion.record.head)
      return inclusion.commitments[inclusion.slot % 4]
    })
    expect(proven).to.deep.equal(posted)
    expect((await service.status()).receipts).to.equal(5)
  })

  it('go ahead of those that wait, and are taken whatever their size', async () => {
    const { service, chain, context } = await start(around())
    const huge = { ...retail(0), size: 2 ** 32 - 1 }
    expect(huge.size).to.be.greaterThan(context.largestSize.retail)
    const done = duty(service, 'forced-discharged')
    const commitment = system.post(huge)
    chain.block++
    await done
    const [entry] = (await service.orderStatus(commitment))?.entries ?? []
    expect(entry?.receipt.assignment).to.equal(0)
    expect(entry?.batchState).to.equal('accepted')
  })

  it('that were accepted before are discharged by that', async () => {
    const { service, chain } = await start(around())
    const [first] = await service.submitOrders([0, 1, 2].map(retail), RETAIL)
    await reached(service, 0n, 'accepted')
    const done = duty(service, 'forced-discharged')
    system.post(retail(0), 2_000_000_000)
    chain.block++
    await done
    const slot = first?.status === 'accepted' ? first.receipt.slot : -1
    expect(system.discharged.map(({ inclusion }) => [inclusion.index, inclusion.slot])).to.deep.equal([[0n, slot]])
    expect((await service.status()).receipts).to.equal(3)
  })

  it('that were deferred before they were posted are taken again', async () => {
    const { service, chain, clock } = await start(around())
    const huge = { ...retail(0), size: 2 ** 32 - 1 }
    const one = duty(service, 'forced-discharged')
    system.post(huge)
    chain.block++
    await one
    system.queue.length = 0
    clock.advance(5_000)
    const postedAtS = Math.ceil(Number(clock.read()) / 1e6)
    clock.advance(5_000)
    const again = duty(service, 'forced-discharged')
    system.post(huge, postedAtS)
    chain.block++
    await again
    expect(system.discharged.map(({ inclusion }) => inclusion.index)).to.deep.equal([0n, 1n])
  })

  it('join a sealed batch, whatever their size, and are discharged with it', async () => {
    const { service, chain, context } = await start({ ...around(), sealed: true })
    const huge = { ...retail(0), size: 2 ** 32 - 1 }
    expect(huge.size).to.be.greaterThan(context.largestSize.retail)
    const taken = duty(service, 'forced-taken', 2)
    const commitments = [huge, retail(1)].map((order) => system.post(order))
    chain.block++
    await taken
    for (const commitment of commitments)
      expect((await service.orderStatus(commitment))?.entries[0]?.receipt.assignment).to.equal(255)
    expect(system.discharged).to.deep.equal([])
    const done = duty(service, 'forced-discharged', 2)
    while (!chain.seals.has(0n)) await new Promise((resolve) => service.events.once('block', resolve))
    chain.block += 5
    await done
    const outcomes = await Promise.all(
      commitments.map(async (commitment) =>
        (await service.orderStatus(commitment))?.entries.map((entry) => entry.outcome),
      ),
    )
    expect(outcomes[0]).to.deep.equal([0])
    expect(outcomes[1]?.[0]).to.be.greaterThan(0)
    expect((await service.status()).receipts).to.equal(2)
  })

  it('whose sealed entry is older than the posting are taken again when its draw deferred them', async () => {
    const { service, chain } = await start({ ...around(), sealed: true })
    const huge = { ...retail(0), size: 2 ** 32 - 1 }
    const first = duty(service, 'forced-taken')
    const commitment = system.post(huge)
    chain.block++
    await first
    // Posted anew, later than its batch: the draw decides whether that entry will do.
    system.queue.length = 0
    system.post(huge, 2_000_000_000)
    const again = duty(service, 'forced-taken')
    while (!chain.seals.has(0n)) await new Promise((resolve) => service.events.once('block', resolve))
    chain.block += 5
    await again
    const entries = (await service.orderStatus(commitment))?.entries ?? []
    expect(entries.map(({ receipt, outcome }) => [receipt.batch, outcome])).to.deep.equal([
      [0n, 0],
      [1n, undefined],
    ])
    expect(system.discharged).to.deep.equal([])
  })

  it('are not forgotten by a restart, a refused discharge or a reorg', async () => {
    const one = await start(around())
    system.refusing = true
    const taken = duty(one.service, 'forced-taken')
    system.post(retail(0))
    one.chain.block++
    await taken
    await reached(one.service, 0n, 'accepted')
    await stop(one.service)
    system.refusing = false
    const { service, chain } = await start(around())
    // This chain knows nothing of the batch: a reorg took it.
    const done = duty(service, 'forced-discharged')
    chain.block++
    await done
    expect(system.discharged.map(({ inclusion }) => inclusion.index)).to.deep.equal([0n])
    expect((await service.status()).receipts).to.equal(1)
  })

  it('wait while receipts are stopped, as they are while the stake is below the minimum', async () => {
    system.covered = 31n
    const { service, chain } = await start(around())
    await gated(service, 'uncovered')
    system.post(retail(0))
    chain.block++
    await new Promise((resolve) => service.events.once('block', resolve))
    expect((await service.status()).receipts).to.equal(0)
    const done = duty(service, 'forced-discharged')
    system.covered = 32n
    chain.block++
    await done
  })

  it('are not all that is asked: an overdue batch is sent again at once', async () => {
    const { service, chain } = await start(around())
    chain.holding = true
    await service.submitOrders([0, 1, 2].map(retail), RETAIL)
    await reached(service, 0n, 'sent')
    const sent = chain.broadcasts.length
    const noticed = duty(service, 'overdue-noticed')
    system.notices.push({ epoch: 1n, batch: 0n, untilTimeS: 0n, untilBlock: 0n })
    chain.holding = false
    chain.block++
    await noticed
    await reached(service, 0n, 'accepted')
    expect(chain.broadcasts.length).to.be.greaterThan(sent)
  })
})
