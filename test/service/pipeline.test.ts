import { expect } from 'chai'
import { sql } from 'kysely'
import { ProverError } from '../../src/proof/error.ts'
import { failAttempt } from '../../src/service/store/proofs.ts'
import { catchError } from '../helpers/catch-error.ts'
import { gated, RETAIL, reached, retail, useServices } from './harness.ts'

const three = [retail(0), retail(1), retail(2)]

describe('pipeline', () => {
  const { database, start, stop } = useServices({ slots: 3 })

  it('brings a full batch to final', async () => {
    const { service, chain, context } = await start()
    await service.submitOrders(three, RETAIL)
    await reached(service, 0n, 'accepted')
    const bundle = await service.batch(0n)
    expect(bundle).to.include({ state: 'accepted', count: 3, ledger: context.domain.ledger })
    expect(bundle?.proof?.words).to.deep.equal([1n, 2n, 2n, 1n, 4n, 3n, 5n, 6n])
    expect((await service.shards()).reduce((sum, { assigned }) => sum + assigned, 0)).to.equal(3)
    chain.block += 3
    await reached(service, 0n, 'final')
    expect(await service.status()).to.include({ receipts: 3, accepted: 3, deferred: 0, lastAcceptedBatch: 0n })
  })

  it('erases the orders of a final batch, and still knows their receipts', async () => {
    const { service, chain } = await start()
    const [first] = await service.submitOrders(three, RETAIL)
    await reached(service, 0n, 'accepted')
    const columns = ['size', 'side', 'segment', 'details'] as const
    const stored = () => database().db.selectFrom('entry').select(columns).execute()
    expect((await stored()).flatMap((row) => columns.filter((name) => row[name] === null))).to.deep.equal([])
    chain.block += 3
    await reached(service, 0n, 'final')
    expect((await stored()).flatMap((row) => columns.filter((name) => row[name] !== null))).to.deep.equal([])
    const receipt = first?.status === 'accepted' ? first.receipt : undefined
    const commitment = receipt?.commitment ?? 0n
    const status = await service.orderStatus(commitment)
    expect(status?.entries[0]).to.deep.include({ receipt, batchState: 'final' })
    expect(status?.entries[0]?.inclusion?.record).to.equal((await service.batch(0n))?.record)
    await stop(service)
    const again = await start()
    const [standing] = await again.service.submitOrders(three, RETAIL)
    expect(standing).to.have.deep.nested.property('refusal.receipt', receipt)
    const more = await again.service.submitOrders([retail(7), retail(8), retail(9)], RETAIL)
    expect(more.map(({ status }) => status)).to.deep.equal(['accepted', 'accepted', 'accepted'])
    await reached(again.service, 1n, 'proven')
  })

  it('sends batches in the order of their indices, one at a time where that is the limit', async () => {
    const { service, chain } = await start({ limits: { maxBatchesPerTransaction: 1 } })
    await service.submitOrders(
      Array.from({ length: 9 }, (_, i) => retail(i)),
      RETAIL,
    )
    await reached(service, 2n, 'accepted')
    expect(chain.broadcasts.map((raw) => raw.split(':')[1])).to.deep.equal(['0', '1', '2'])
  })

  it('sends the same bytes after a restart between storing and mining', async () => {
    const one = await start()
    one.chain.holding = true
    await one.service.submitOrders(three, RETAIL)
    await reached(one.service, 0n, 'sent')
    await stop(one.service)
    const { chain, service } = await start()
    await reached(service, 0n, 'accepted')
    expect(chain.broadcasts).to.deep.equal(one.chain.broadcasts.slice(0, 1))
  })

  it('sends the same bytes after a reorg, and takes back what it counted', async () => {
    const { service, chain } = await start()
    await service.submitOrders(three, RETAIL)
    await reached(service, 0n, 'accepted')
    const [first] = await service.batches({ limit: 1 })
    const again = new Promise((resolve) =>
      service.events.on('batch', ({ state }) => state === 'sent' && resolve(state)),
    )
    chain.reorg(0)
    await again
    await reached(service, 0n, 'accepted')
    expect(new Set(chain.broadcasts).size).to.equal(1)
    expect(chain.broadcasts.length).to.be.greaterThan(1)
    const [after] = await service.batches({ limit: 1 })
    expect(after?.transaction).to.equal(first?.transaction)
    expect(after?.gasUsed).to.equal(300_000n)
    expect((await service.shards()).reduce((sum, { assigned }) => sum + assigned, 0)).to.equal(3)
  })

  it('quarantines after three failed proofs, stops receipts, and goes on when a person says so', async () => {
    const { service, prover } = await start()
    prover.failWith = new ProverError('WITNESS_UNSATISFIED', 'no')
    await service.submitOrders(three, RETAIL)
    await reached(service, 0n, 'quarantined')
    expect(prover.inputs).to.have.length(3)
    expect(await service.requestProof(0n)).to.include({ state: 'failed', error: 'WITNESS_UNSATISFIED', attempts: 3 })
    await gated(service, 'quarantine')
    prover.failWith = undefined
    await service.retryBatch(0n)
    await reached(service, 0n, 'accepted')
    expect((await catchError(() => service.retryBatch(0n))).code).to.equal('BATCH_NOT_FOUND')
  })

  it('quarantines a batch whose proof does not verify, whoever stored it', async () => {
    const { service, chain } = await start({ change: { verify: async () => false } })
    await service.submitOrders(three, RETAIL)
    await reached(service, 0n, 'quarantined')
    expect((await service.batch(0n))?.signature).to.equal(undefined)
    expect(chain.broadcasts).to.deep.equal([])
  })

  it('makes a reverted transaction anew, and quarantines the third', async () => {
    const { service, chain } = await start()
    chain.reverting = true
    await service.submitOrders(three, RETAIL)
    await reached(service, 0n, 'quarantined')
    expect(new Set(chain.broadcasts).size).to.equal(3)
  })

  it('gives a job back when its prover stops, without counting a failure', async () => {
    const one = await start()
    one.prover.paused = true
    const proving = new Promise((resolve) => one.service.events.on('proof', resolve))
    await one.service.submitOrders(three, RETAIL)
    await proving
    await stop(one.service)
    const { service } = await start()
    await reached(service, 0n, 'accepted')
    expect(await service.requestProof(0n)).to.include({ state: 'done', attempts: 2 })
  })

  it('takes over a job whose prover was killed', async () => {
    const one = await start()
    one.prover.paused = true
    const proving = new Promise((resolve) => one.service.events.on('proof', resolve))
    await one.service.submitOrders(three, RETAIL)
    await proving
    const { attempts } = await one.service.requestProof(0n)
    await stop(one.service)
    // As a kill would have left it.
    await database().db.updateTable('proof').set({ state: 'running', attempt: attempts }).execute()
    await database().pool.query(`update pgboss.job set state = 'active'`)
    const { service } = await start()
    await reached(service, 0n, 'accepted')
  })

  it('takes over a job whose prover was killed before its attempt began', async () => {
    const one = await start()
    one.prover.paused = true
    const proving = new Promise((resolve) => one.service.events.on('proof', resolve))
    await one.service.submitOrders(three, RETAIL)
    await proving
    await stop(one.service)
    // As a kill between the two writes would have left it.
    await database().pool.query(`update pgboss.job set state = 'active'`)
    const { service } = await start()
    await reached(service, 0n, 'accepted')
  })

  it('quarantines in one transaction with the last failure: a kill between would leave a batch that nobody proves', async () => {
    const { db } = database()
    const { service, prover } = await start()
    prover.paused = true
    const proving = new Promise((resolve) => service.events.on('proof', resolve))
    await service.submitOrders(three, RETAIL)
    await proving
    const { id, attempts: attempt } = await service.requestProof(0n)
    await db.updateTable('batch').set({ failures: 2 }).execute()
    await sql`alter table batch add constraint killed check (state <> 'quarantined')`.execute(db)
    const refused = await failAttempt(db, { id, batch: 0n, attempt }, 'PROOF_FAILED').catch((error: Error) => error)
    expect(refused).to.be.instanceOf(Error)
    await sql`alter table batch drop constraint killed`.execute(db)
    expect(await service.requestProof(0n)).to.include({ state: 'running' })
    expect(await failAttempt(db, { id, batch: 0n, attempt }, 'PROOF_FAILED')).to.equal('quarantined')
    expect((await service.batch(0n))?.state).to.equal('quarantined')
  })

  it('names what it cannot prove', async () => {
    const { service } = await start({ limits: { batchMaxAgeMs: 10_000 } })
    expect((await catchError(() => service.requestProof(5n))).code).to.equal('BATCH_NOT_FOUND')
    await service.submitOrders([retail(0)], RETAIL)
    expect((await catchError(() => service.requestProof(0n))).code).to.equal('BATCH_NOT_CLOSED')
    expect(await service.proofJob('not-a-job')).to.equal(undefined)
  })
})
