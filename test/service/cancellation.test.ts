import { expect } from 'chai'
import { Limits } from '../../src/service/config.ts'
import { catchError } from '../helpers/catch-error.ts'
import { gated, RETAIL, reached, retail, TestProver, useServices } from './harness.ts'

const three = [retail(0), retail(1), retail(2)]

describe('cancelling a proof', () => {
  const { database, start, stop } = useServices({ slots: 3 })
  type Started = Awaited<ReturnType<typeof start>>
  const when = ({ service }: Started, state: string) =>
    new Promise<void>((resolve) => service.events.on('proof', (event) => event.state === state && resolve()))
  /** A service whose prover works on batch 0 for ever. */
  const proving = async () => {
    const started = await start()
    started.prover.paused = true
    const running = when(started, 'running')
    await started.service.submitOrders(three, RETAIL)
    await running
    const job = await started.service.requestProof(0n)
    return { ...started, job }
  }

  it('stops the prover, leaves the batch closed, and tells it in the events', async () => {
    const { service, job, prover, ...rest } = await proving()
    const stopped = when({ service, prover, ...rest }, 'cancelled')
    const cancelled = await service.cancelProof(job.id)
    expect(cancelled).to.include({ id: job.id, state: 'cancelled' })
    await stopped
    expect(await service.proofJob(job.id)).to.include({ state: 'cancelled' })
    expect(await service.batch(0n)).to.include({ state: 'closed' })
    expect(await service.cancelProof(job.id)).to.deep.equal(cancelled)
    const { failures } = await database().db.selectFrom('batch').select('failures').executeTakeFirstOrThrow()
    expect(failures).to.equal(0)
    const seen = []
    for await (const event of (await service.watchProof(job.id, 0n, new AbortController().signal))?.events ?? [])
      if (event.kind === 'proof') seen.push(event.job.state)
    expect(seen).to.deep.equal(['queued', 'running', 'cancelled'])
  })

  it('is undone by asking again: a new job, which the same prover takes', async () => {
    const { service, job, prover } = await proving()
    await service.cancelProof(job.id)
    prover.paused = false
    const asked = await Promise.all([service.requestProof(0n), service.requestProof(0n), service.requestProof(0n)])
    expect(new Set(asked.map(({ id }) => id)).size).to.equal(1)
    expect(asked[0]?.id).not.to.equal(job.id)
    await reached(service, 0n, 'accepted')
    expect(await service.requestProof(0n)).to.include({ state: 'done', id: asked[0]?.id })
    expect(await service.proofJob(job.id)).to.equal(undefined)
    expect(await service.cancelProof(job.id)).to.equal(undefined)
  })

  it('comes too late for a proof that is there, and is nothing for a job that is not', async () => {
    const { service } = await start()
    await service.submitOrders(three, RETAIL)
    await reached(service, 0n, 'accepted')
    const { id } = await service.requestProof(0n)
    expect((await catchError(() => service.cancelProof(id))).code).to.equal('PROOF_JOB_OVER')
    expect(await service.cancelProof('none')).to.equal(undefined)
    expect(await service.cancelProof('00000000-0000-4000-8000-000000000000')).to.equal(undefined)
  })

  it('takes a job from the queue before any prover has it, across a restart', async () => {
    const { service, job } = await proving()
    await service.submitOrders([retail(3), retail(4), retail(5)], RETAIL)
    const waiting = await service.requestProof(1n)
    expect(await service.cancelProof(waiting.id)).to.include({ state: 'cancelled', attempts: 0 })
    await stop(service)
    const again = await start()
    await reached(again.service, 0n, 'accepted')
    expect(await again.service.proofJob(job.id)).to.include({ state: 'done' })
    expect(await again.service.proofJob(waiting.id)).to.include({ state: 'cancelled', attempts: 0 })
    await again.service.requestProof(1n)
    await reached(again.service, 1n, 'accepted')
  })

  it('does not take a proof that comes after it', async () => {
    let finish: () => void = () => {}
    const deaf = new (class extends TestProver {
      override async prove(...[circuit, inputs]: Parameters<TestProver['prove']>) {
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        return super.prove(circuit, inputs)
      }
    })()
    const started = await start({ change: { prover: deaf } })
    const { service } = started
    const running = when(started, 'running')
    await service.submitOrders(three, RETAIL)
    await running
    const { id } = await service.requestProof(0n)
    await service.cancelProof(id)
    const over = when(started, 'cancelled')
    finish()
    await over
    expect(await service.proofJob(id)).to.include({ state: 'cancelled' })
    expect(await service.batch(0n))
      .to.include({ state: 'closed' })
      .and.not.to.have.property('proof')
  })

  it('stops receipts when nobody asks again', async () => {
    const { service, job, clock } = await proving()
    await service.cancelProof(job.id)
    clock.advance(201_000)
    await gated(service, 'overdue')
    const [outcome] = await service.submitOrders([retail(9)], RETAIL)
    expect(outcome).to.have.nested.property('refusal.code', 'BACK_PRESSURE')
  })

  it('reaches a prover in another process', async function () {
    if (database().kind !== 'postgres') this.skip()
    const router = await start({
      change: {
        config: { roles: ['router', 'submitter'], limits: Limits.parse({ chainLookMs: 20 }) },
        exclusive: false,
      },
    })
    const remote = await start({
      change: { config: { roles: ['prover'], limits: Limits.parse({ chainLookMs: 20 }) }, exclusive: false },
    })
    remote.prover.paused = true
    const running = when(remote, 'running')
    await router.service.submitOrders(three, RETAIL)
    await running
    const { id } = await router.service.requestProof(0n)
    const stopped = when(remote, 'cancelled')
    await router.service.cancelProof(id)
    await stopped
    remote.prover.paused = false
    await router.service.requestProof(0n)
    await reached(router.service, 0n, 'accepted')
  })
})
