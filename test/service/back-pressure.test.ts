import { expect } from 'chai'
import type { OrderOutcome } from '../../src/service/api.ts'
import { gated, RETAIL, reached, retail, useServices, verdicts } from './harness.ts'

describe('back-pressure', () => {
  const { database, start, stop } = useServices()

  const expectStopped = (outcomes: readonly OrderOutcome[]): void => {
    expect(verdicts(outcomes)).to.deep.equal(outcomes.map(() => 'BACK_PRESSURE'))
    for (const outcome of outcomes)
      expect(outcome).to.have.nested.property('refusal.retryAfterMs').that.is.greaterThan(0)
  }

  it('stops when too many batches wait for proofs, and goes on when they have them', async () => {
    const { service, prover } = await start({ slots: 1, limits: { maxUnproven: 2 } })
    prover.paused = true
    await service.submitOrders([retail(0), retail(1), retail(2)], RETAIL)
    expectStopped(await service.submitOrders([retail(3)], RETAIL))
    expect((await service.readiness()).find(({ ok }) => !ok)?.name).to.equal('unproven')
  })

  it('stops when the oldest batch is older than a third of the deadline', async () => {
    const { service, chain, clock } = await start({ slots: 1 })
    chain.holding = true
    await service.submitOrders([retail(0)], RETAIL)
    clock.advance(201_000)
    await gated(service, 'overdue')
    expectStopped(await service.submitOrders([retail(1)], RETAIL))
    chain.holding = false
    chain.mine()
    await reached(service, 0n, 'accepted')
    await gated(service, 'overdue', false)
    expect(verdicts(await service.submitOrders([retail(1)], RETAIL))).to.deep.equal(['accepted'])
  })

  it('stops when the chain is not seen, and goes on when it is', async () => {
    const { service, chain } = await start()
    chain.unreachable = true
    await gated(service, 'chain')
    expectStopped(await service.submitOrders([retail(0)], RETAIL))
    chain.unreachable = false
    await gated(service, 'chain', false)
    expect(verdicts(await service.submitOrders([retail(0)], RETAIL))).to.deep.equal(['accepted'])
  })

  it('stops when the lease is lost', async () => {
    const { service } = await start({ limits: { leaseMs: 300 } })
    await database().db.updateTable('lane').set({ term: '99' }).execute()
    await gated(service, 'lease')
    expectStopped(await service.submitOrders([retail(0)], RETAIL))
  })

  it('stops when too many orders wait', async () => {
    const { service } = await start({ limits: { maxWaiting: 3 } })
    const outcomes = await service.submitOrders(
      Array.from({ length: 5 }, (_, i) => retail(i)),
      RETAIL,
    )
    expect(verdicts(outcomes).slice(3)).to.deep.equal(['BACK_PRESSURE', 'BACK_PRESSURE'])
    expect(verdicts(outcomes).slice(0, 3)).to.deep.equal(['accepted', 'accepted', 'accepted'])
  })

  it('stops while it stops, and answers what was asked before', async () => {
    const { service } = await start()
    const before = service.submitOrders([retail(0)], RETAIL)
    await before
    const stopping = stop(service)
    expectStopped(await service.submitOrders([retail(1)], RETAIL))
    await stopping
    expect(verdicts(await before)).to.deep.equal(['accepted'])
  })
})
