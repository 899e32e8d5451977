import { expect } from 'chai'
import { jsonText } from '../../src/base/json.ts'
import { commitmentOf } from '../../src/order/order.ts'
import { ProverError } from '../../src/proof/error.ts'
import { createLog } from '../../src/service/log.ts'
import type { Database } from '../../src/service/store/database.ts'
import { element } from '../helpers/fixtures.ts'
import { emptyDatabase, openTestDatabase, RETAIL, reached, retail, SIGNER_KEY, startTestService } from './harness.ts'

describe('private data', () => {
  let database: Database
  before(async () => {
    database = await openTestDatabase()
    await emptyDatabase(database)
  })
  after(() => database.close())

  /** Sizes that no index, count or time would show by chance. */
  const orders = [61_231, 52_237, 71_243].map((size, i) => ({ ...retail(i), size }))
  const secrets = [...orders.flatMap(({ size, details }) => [`${size}`, `${details}`]), `${element(1)}`, SIGNER_KEY]
  const leaks = (text: string): string[] => secrets.filter((secret) => text.includes(secret))

  it('is in no log line, event, metric or answer, whatever goes wrong', async () => {
    const { service, prover, chain, lines } = await startTestService(database, { slots: 3 })
    const events: unknown[] = []
    for (const name of ['receipts', 'batch', 'proof', 'gate', 'block'] as const)
      service.events.on(name, (event: unknown) => void events.push(event))
    prover.failWith = new ProverError('WITNESS_UNSATISFIED', 'no')
    chain.reverting = true
    const outcomes = await service.submitOrders(orders, RETAIL)
    await reached(service, 0n, 'quarantined')
    prover.failWith = undefined
    await service.retryBatch(0n)
    await database.db.updateTable('entry').set({ size: 1n }).where('slot', '=', 7).execute()
    // A write that the database refuses, with the rows in its parameters.
    await database.db.updateTable('lane').set({ term: '99' }).execute()
    await service.submitOrders(orders, RETAIL)
    const [first] = orders
    const answers = [
      outcomes,
      await service.batch(0n),
      await service.batches({ limit: 10 }),
      first && (await service.orderStatus(commitmentOf(first))),
      await service.status(),
      await service.shards(),
      await service.policy(),
    ]
    await service.stop()
    expect(lines.length).to.be.greaterThan(2)
    expect(leaks(lines.join(''))).to.deep.equal([])
    expect(leaks(jsonText(events))).to.deep.equal([])
    expect(leaks(jsonText(answers))).to.deep.equal([])
    expect(leaks(await service.metrics.metrics())).to.deep.equal([])
  })

  it('is blotted out of a log line that should never have been written', () => {
    const lines: string[] = []
    const log = createLog('debug', { write: (line) => void lines.push(line) })
    const [order] = orders
    log.info({ order, nested: { details: `${order?.details}` }, size: order?.size }, 'oops')
    log.error({ err: Object.assign(new Error(`insert ${order?.details}`), { code: '23505' }) }, 'failed')
    expect(leaks(lines.join(''))).to.deep.equal([])
    expect(lines.join('')).to.include('23505')
  })
})
