import { expect } from 'chai'
import { ProverError } from '../../src/proof/error.ts'
import type { FairleadService } from '../../src/service/service.ts'
import { gated, RETAIL, reached, retail, TestWitness, useServices, verdicts } from './harness.ts'

describe('witness check', () => {
  const { database, start, stop } = useServices({ slots: 2 })
  const orders = (count: number) => Array.from({ length: count }, (_, i) => retail(i))
  const closedBatches = async (service: FairleadService) =>
    (await service.batches({ limit: 100 })).filter(({ state }) => state !== 'open').length

  it('quarantines a batch without a witness before its proof ends, and receipts stop', async () => {
    const witness = new TestWitness()
    witness.refuse.add(0n)
    const { service, prover } = await start({ change: { witness } })
    prover.paused = true
    await service.submitOrders(orders(2), RETAIL)
    await reached(service, 0n, 'quarantined')
    expect(verdicts(await service.submitOrders([retail(5)], RETAIL))).to.deep.equal(['BACK_PRESSURE'])
    expect((await service.readiness()).find(({ ok }) => !ok)?.name).to.equal('quarantine')
    const row = await database().db.selectFrom('batch').select(['reason', 'failures']).executeTakeFirstOrThrow()
    expect(row).to.deep.equal({ reason: 'WITNESS_UNSATISFIED', failures: 0 })
    expect(await service.requestProof(0n)).to.include({ state: 'failed', error: 'WITNESS_UNSATISFIED' })
  })

  it('lets few batches follow one that cannot be proven', async () => {
    const maxUnchecked = 3
    const witness = new TestWitness()
    witness.refuse.add(1n)
    witness.pause()
    const { service } = await start({ limits: { maxUnchecked }, change: { witness } })
    const waiting = service.submitOrders(orders(40), RETAIL)
    await gated(service, 'unchecked')
    expect(verdicts(await service.submitOrders([retail(99)], RETAIL))).to.deep.equal(['BACK_PRESSURE'])
    expect(await closedBatches(service)).to.equal(maxUnchecked)
    witness.resume()
    await reached(service, 1n, 'quarantined')
    const outcomes = verdicts(await waiting)
    const last = Math.max(...(await service.batches({ limit: 100 })).map(({ index }) => Number(index)))
    expect(last).to.be.at.most(1 + maxUnchecked)
    expect(outcomes.filter((verdict) => verdict !== 'BACK_PRESSURE')).to.have.length(2 * (last + 1))
  })

  it('checks batches in order, one at a time, and none twice', async () => {
    const { service, witness } = await start({ limits: { maxUnchecked: 2 } })
    expect(verdicts(await service.submitOrders(orders(20), RETAIL))).to.deep.equal(orders(20).map(() => 'accepted'))
    await reached(service, 9n, 'accepted')
    expect(witness.checked).to.deep.equal([...new Set(witness.checked)].sort((a, b) => Number(a - b)))
  })

  it('checks after a restart what closed and was never checked', async () => {
    const one = await start({ limits: { maxUnchecked: 3 } })
    one.prover.paused = true
    one.witness.pause()
    await one.service.submitOrders(orders(4), RETAIL)
    await stop(one.service)
    const witness = new TestWitness()
    witness.refuse.add(1n)
    const { service, prover } = await start({ change: { witness } })
    prover.paused = true
    await reached(service, 1n, 'quarantined')
    expect(witness.checked).to.deep.equal([0n, 1n])
  })

  it('checks again what a person released, and tries again what could not be told', async () => {
    const { service, witness, prover } = await start()
    prover.paused = true
    witness.refuse.add(0n)
    await service.submitOrders(orders(2), RETAIL)
    await reached(service, 0n, 'quarantined')
    witness.refuse.clear()
    witness.failWith = new ProverError('PROVER_CRASHED', 'gone')
    const checks = witness.checked.length
    await service.retryBatch(0n)
    while (witness.checked.length === checks) await new Promise((resolve) => setImmediate(resolve))
    expect((await service.batch(0n))?.state).to.equal('closed')
    witness.failWith = undefined
    const told = async () =>
      (await database().db.selectFrom('batch').select('checked').executeTakeFirstOrThrow()).checked
    while (!(await told())) await new Promise((resolve) => setImmediate(resolve))
    await gated(service, 'quarantine', false)
  })
})
