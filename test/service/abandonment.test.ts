import { expect } from 'chai'
import { resetStates, stateHash } from '../../src/route/state.ts'
import { gated, proved, RETAIL, reached, retail, useServices, verdicts } from './harness.ts'
import { OPEN_END } from './test-chain.ts'

const FIRST = [0, 1, 2].map(retail)
const SECOND = [3, 4, 5].map(retail)

describe('an abandoned epoch', () => {
  const { database, start, stop } = useServices({ slots: 3 })

  /** Batch 0 is accepted and batch 1 sent when somebody ends the epoch between them. */
  async function abandoned() {
    const started = await start()
    const { service, chain } = started
    await service.submitOrders(FIRST, RETAIL)
    await reached(service, 0n, 'accepted')
    chain.holding = true
    const [placed] = await service.submitOrders(SECOND, RETAIL)
    await reached(service, 1n, 'sent')
    chain.ends.set(1n, { ...OPEN_END, end: 1n, abandoned: true })
    chain.block++
    await gated(service, 'abandoned')
    const receipt = placed?.status === 'refused' ? undefined : placed?.receipt
    return { ...started, receipt }
  }

  it('gives no more receipts, and sends nothing', async () => {
    const { service, chain } = await abandoned()
    expect(verdicts(await service.submitOrders([retail(8)], RETAIL))).to.deep.equal(['BACK_PRESSURE'])
    const sent = chain.broadcasts.length
    chain.block++
    expect((await service.batch(1n))?.state).to.equal('sent')
    expect(chain.broadcasts.length).to.equal(sent)
  })

  it('makes what was not accepted void once that is final, and leaves the rest alone', async () => {
    const { service, chain, receipt } = await abandoned()
    chain.block += 3
    await reached(service, 1n, 'abandoned')
    const [entry] = (await service.orderStatus(receipt?.commitment ?? 0n))?.entries ?? []
    expect(entry).to.deep.include({ receipt, batchState: 'abandoned' })
    await reached(service, 0n, 'final')
    const rows = await database().db.selectFrom('entry').select(['batch', 'void', 'details']).orderBy('batch').execute()
    expect(rows.map(({ batch, void: gone }) => [batch, gone])).to.deep.equal([
      ...Array(3).fill(['0', false]),
      ...Array(3).fill(['1', true]),
    ])
    expect(rows.filter(({ details }) => details !== null)).to.deep.equal([])
    expect(await database().db.selectFrom('submission').select('batch').execute()).to.deep.equal([{ batch: '0' }])
    expect((await service.status()).lastAcceptedBatch).to.equal(0n)
  })

  it('is taken back by a reorg, and its batches go on', async () => {
    const { service, chain } = await abandoned()
    chain.ends.clear()
    chain.block++
    await gated(service, 'abandoned', false)
    chain.holding = false
    chain.mine()
    await reached(service, 1n, 'accepted')
    expect(verdicts(await service.submitOrders([retail(8)], RETAIL))).to.deep.equal(['accepted'])
  })

  for (const fromReset of [true, false]) {
    it(`is followed by the next one, from ${fromReset ? 'the reset state' : 'the last accepted state'}, at the same index`, async () => {
      const one = await abandoned()
      const before = await one.service.batch(0n)
      // Killed before it could make anything void.
      await stop(one.service)
      const { service } = await start({ epoch: 2n, fromReset, endBefore: 1n })
      expect((await service.batch(1n))?.state).to.equal('abandoned')
      // The void receipts' orders may come again.
      const outcomes = await service.submitOrders(SECOND, RETAIL)
      expect(outcomes.map(({ status }) => status)).to.not.include('refused')
      await proved(service, 1n)
      await reached(service, 1n, 'accepted')
      const batch = await service.batch(1n)
      expect(batch).to.include({ epoch: 2n, index: 1n })
      const expected = fromReset ? stateHash(0n, resetStates(4)) : before?.statement?.stateAfter
      expect(batch?.statement?.stateBefore).to.equal(expected)
      const entries = (await service.orderStatus(one.receipt?.commitment ?? 0n))?.entries ?? []
      expect(entries.map(({ batchState, receipt }) => [receipt.epoch, batchState])).to.deep.equal([
        [1n, 'abandoned'],
        [2n, 'accepted'],
      ])
      expect((await service.batches({ limit: 9 })).map(({ epoch, index }) => [epoch, index])).to.have.deep.members([
        [1n, 0n],
        [1n, 1n],
        [2n, 1n],
      ])
    })
  }

  it('that is frozen takes no batches and gives no receipts', async () => {
    const { service, chain } = await start()
    chain.ends.set(1n, { ...OPEN_END, frozen: true })
    chain.block++
    await gated(service, 'frozen')
    expect(verdicts(await service.submitOrders(FIRST.slice(1), RETAIL))).to.deep.equal([
      'BACK_PRESSURE',
      'BACK_PRESSURE',
    ])
  })

  it('that only ends gives its last receipts before its end', async () => {
    const { service, chain } = await start({ limits: { batchMaxAgeMs: 10_000 } })
    await service.submitOrders([retail(0)], RETAIL)
    chain.ends.set(1n, { ...OPEN_END, end: 1n })
    const looked = new Promise((resolve) => service.events.once('block', resolve))
    chain.block++
    await looked
    const outcomes = await service.submitOrders([1, 2, 3, 4].map(retail), RETAIL)
    expect(outcomes.slice(0, 2).map(({ status }) => status)).to.not.include('refused')
    await gated(service, 'ended')
    await reached(service, 0n, 'accepted')
    expect(await service.batch(1n)).to.equal(undefined)
  })
})
