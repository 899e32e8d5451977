import { expect } from 'chai'
import { assertChainAgrees, genesisHead } from '../../src/service/chain-agreement.ts'
import { Lease } from '../../src/service/lease.ts'
import type { Database } from '../../src/service/store/database.ts'
import { ensureEpoch } from '../../src/service/store/epochs.ts'
import { headHash } from '../../src/statement/record.ts'
import { catchError } from '../helpers/catch-error.ts'
import {
  emptyDatabase,
  openTestDatabase,
  RETAIL,
  reached,
  retail,
  startTestService,
  testContext,
  verdicts,
} from './harness.ts'

describe('one lane, one router, one chain', () => {
  let database: Database
  before(async () => {
    database = await openTestDatabase()
  })
  after(() => database.close())
  beforeEach(() => emptyDatabase(database))

  it('a second router does not get the lane while the first renews it', async () => {
    const [first, second] = [new Lease(database.db, 300), new Lease(database.db, 300)]
    await first.take(false)
    expect((await catchError(() => second.take(false))).code).to.equal('LEASE_LOST')
    expect(first.held).to.equal(true)
    await first.release()
    await second.take(false)
    expect(second.term).to.equal(2n)
    expect((await catchError(() => first.term)).code).to.equal('LEASE_LOST')
    await second.release()
  })

  it('the lane of a router that died is free when its lease ends, or at once on a locked data folder', async () => {
    const dead = new Lease(database.db, 60_000)
    await dead.take(false)
    const heir = new Lease(database.db, 60_000)
    await heir.take(true)
    await dead.renew()
    expect([dead.held, heir.held]).to.deep.equal([false, true])
    await Promise.all([dead.release(), heir.release()])
  })

  it('a burst that lasts longer than the lease does not lose it', async () => {
    const { service } = await startTestService(database, { slots: 64, limits: { leaseMs: 1500, maxUnproven: 1000 } })
    const begun = performance.now()
    const refused: string[] = []
    for (let i = 0; performance.now() - begun < 3000; i += 128) {
      const orders = Array.from({ length: 128 }, (_, j) => ({ ...retail(i + j), size: 1 }))
      refused.push(
        ...verdicts(await service.submitOrders(orders, RETAIL)).filter((verdict) => verdict === 'BACK_PRESSURE'),
      )
    }
    await service.stop()
    expect(refused).to.deep.equal([])
  })

  it('refuses a database that another ledger filled', async () => {
    const context = testContext()
    await ensureEpoch(database.db, context.domain, context)
    await ensureEpoch(database.db, context.domain, context)
    const elsewhere = { ...context.domain, chainId: 1n }
    expect((await catchError(() => ensureEpoch(database.db, elsewhere, context))).code).to.equal('CHAIN_MISMATCH')
    const reborn = { ...context, seed: 5n }
    expect((await catchError(() => ensureEpoch(database.db, context.domain, reborn))).code).to.equal('CHAIN_MISMATCH')
  })

  it('tells a chain that forgot from a database that did', async () => {
    const genesis = headHash(genesisHead(4))
    const at = (head: string) => ({ head: async () => head })
    await assertChainAgrees(database.db, at(genesis), 4)
    const { service, chain } = await startTestService(database, { slots: 1 })
    await service.submitOrders([retail(0), retail(1)], RETAIL)
    await reached(service, 1n, 'accepted')
    const { head } = await service.status()
    await assertChainAgrees(database.db, at(headHash(head)), 4)
    // A little behind is a reorg, which the watcher mends.
    await assertChainAgrees(database.db, at(genesis), 4)
    chain.block += 10
    await reached(service, 1n, 'final')
    await service.stop()
    expect((await catchError(() => assertChainAgrees(database.db, at(genesis), 4))).code).to.equal('CHAIN_MISMATCH')
    await emptyDatabase(database)
    const lost = await catchError(() => assertChainAgrees(database.db, at(headHash(head)), 4))
    expect(lost.code).to.equal('DATA_DIR_MISMATCH')
  })
})
