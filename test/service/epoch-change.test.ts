import { expect } from 'chai'
import { ServiceError } from '../../src/service/errors.ts'
import type { FairleadService } from '../../src/service/service.ts'
import { catchError } from '../helpers/catch-error.ts'
import { gated, RETAIL, reached, retail, useServices, verdicts } from './harness.ts'
import { OPEN_END, type TestChain } from './test-chain.ts'

describe('a change of epoch', () => {
  const { database, start, stop } = useServices({ slots: 3, limits: { batchMaxAgeMs: 10_000 } })

  /** Batch 0 is accepted, and batch 1 open with one order. */
  async function running() {
    const started = await start()
    await started.service.submitOrders([0, 1, 2].map(retail), RETAIL)
    await reached(started.service, 0n, 'accepted')
    await started.service.submitOrders([retail(3)], RETAIL)
    return started
  }

  /** Blocks come until the service has said that its epoch is over. */
  async function over(service: FairleadService, chain: TestChain): Promise<void> {
    let is = false
    void service.over.then(() => (is = true))
    while (!is) {
      const looked = new Promise((resolve) => service.events.once('block', resolve))
      chain.block++
      await looked
    }
  }

  it('gives receipts up to the end, and none past it', async () => {
    const { service } = await running()
    expect(await service.changeEpoch()).to.deep.equal({ epoch: 1n, end: 2n, nextSealed: false })
    const outcomes = await service.submitOrders([4, 5, 6, 7].map(retail), RETAIL)
    expect(outcomes.slice(0, 2).map(({ status }) => status)).to.not.include('refused')
    expect(verdicts(outcomes.slice(2))).to.deep.equal(['BACK_PRESSURE', 'BACK_PRESSURE'])
    await reached(service, 1n, 'accepted')
    expect(await service.batch(2n)).to.equal(undefined)
  })

  it('is announced from there and opened, and over when the last batch is accepted and the seed final', async () => {
    const { service, chain } = await running()
    chain.holding = true
    await service.changeEpoch(true)
    await service.submitOrders([4, 5].map(retail), RETAIL)
    await reached(service, 1n, 'sent')
    let isOver = false
    void service.over.then(() => (isOver = true))
    while (!chain.announced[0]?.opened || chain.block < chain.announced[0].seedBlock + 9) {
      const looked = new Promise((resolve) => service.events.once('block', resolve))
      chain.block++
      await looked
    }
    expect(isOver).to.equal(false)
    expect(chain.announced.map(({ announcement }) => announcement)).to.deep.equal([
      {
        firstBatch: 2n,
        keyCommit: 1n,
        signer: chain.announced[0]?.announcement.signer,
        policyHash: `0x${'5'.repeat(64)}`,
        verifiers: chain.announced[0]?.announcement.verifiers,
        sealedMode: true,
      },
    ])
    chain.holding = false
    chain.mine()
    await over(service, chain)
  })

  it('does not wait longer than the seed takes to be final', async () => {
    const { service, chain } = await running()
    await service.submitOrders([4, 5].map(retail), RETAIL)
    await reached(service, 1n, 'accepted')
    await service.changeEpoch()
    await gated(service, 'ended')
    await over(service, chain)
    expect(chain.block).to.be.at.least((chain.announced[0]?.seedBlock ?? 0) + 3)
  })

  it('is offered again when its announcement was lost, in the same bytes', async () => {
    const { service, chain } = await start({ limits: { repriceAfterMs: 20, batchMaxAgeMs: 10_000 } })
    await service.submitOrders([0, 1, 2].map(retail), RETAIL)
    await reached(service, 0n, 'accepted')
    chain.losing = true
    await service.changeEpoch()
    while (chain.offered.length < 3) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(new Set(chain.offered).size).to.equal(1)
    chain.losing = false
    await over(service, chain)
    expect(chain.announced.length).to.equal(1)
  })

  it('holds across a restart before the ledger was told', async () => {
    const one = await running()
    one.chain.refusal = undefined
    await one.service.changeEpoch()
    await stop(one.service)
    one.chain.announced.splice(0)
    one.chain.ends.clear()
    const { service } = await start({ chain: one.chain })
    const outcomes = await service.submitOrders([4, 5, 6].map(retail), RETAIL)
    expect(verdicts(outcomes.slice(2))).to.deep.equal(['BACK_PRESSURE'])
    await over(service, one.chain)
    expect(one.chain.announced.map(({ announcement }) => announcement.firstBatch)).to.deep.equal([2n])
  })

  it('is decided once', async () => {
    const { service } = await running()
    const first = await service.changeEpoch(true)
    await service.submitOrders([4, 5].map(retail), RETAIL)
    await gated(service, 'ended')
    expect(await service.changeEpoch(false)).to.deep.equal(first)
  })

  it('is decided by nobody who lost the lane', async () => {
    const { service } = await running()
    await database().db.updateTable('lane').set({ term: '99' }).execute()
    expect((await catchError(() => service.changeEpoch())).code).to.equal('LEASE_LOST')
    expect(await database().db.selectFrom('epoch').select('end_batch').execute()).to.deep.equal([{ end_batch: null }])
  })

  it('is refused, and nothing decided, where the ledger would not take it', async () => {
    const { service, chain } = await running()
    chain.refusal = 'EpochWaiting'
    const error = await catchError(() => service.changeEpoch())
    expect(error).to.be.instanceOf(ServiceError)
    expect([error.code, error.details]).to.deep.equal(['EPOCH_CHANGE_REFUSED', { epoch: 1n, error: 'EpochWaiting' }])
    expect(verdicts(await service.submitOrders([4, 5, 6, 7].map(retail), RETAIL))).to.not.include('BACK_PRESSURE')
  })

  it('goes on where somebody else announced it for a batch ahead', async () => {
    const { service, chain } = await running()
    chain.ends.set(1n, { ...OPEN_END, end: 3n })
    chain.block++
    await service.submitOrders([4, 5, 6].map(retail), RETAIL)
    await reached(service, 1n, 'accepted')
    expect((await service.batch(2n))?.state).to.equal('open')
  })

  it('follows an abandonment once that is final and the operator has opened the next epoch', async () => {
    const { service, chain } = await running()
    chain.ends.set(1n, { ...OPEN_END, end: 1n, abandoned: true })
    chain.block++
    await gated(service, 'abandoned')
    chain.block += 3
    await reached(service, 1n, 'abandoned')
    chain.announced.push({
      announcement: { firstBatch: 1n, keyCommit: 1n, signer: '', policyHash: '', verifiers: [] },
      seedBlock: chain.block,
      opened: true,
    })
    await over(service, chain)
  })

  it('begins the next epoch where the last one ended, from its state', async () => {
    const one = await running()
    await one.service.changeEpoch()
    await one.service.submitOrders([4, 5].map(retail), RETAIL)
    await over(one.service, one.chain)
    const before = await one.service.batch(1n)
    await stop(one.service)
    const { service } = await start({ epoch: 2n })
    await service.submitOrders([6, 7, 8].map(retail), RETAIL)
    await reached(service, 2n, 'accepted')
    const batch = await service.batch(2n)
    expect([batch?.epoch, batch?.statement?.stateBefore]).to.deep.equal([2n, before?.statement?.stateAfter])
  })
})
