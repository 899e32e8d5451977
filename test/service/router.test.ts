import { expect } from 'chai'
import fc from 'fast-check'
import { keccakWords } from '../../src/base/keccak.ts'
import { signerOf } from '../../src/order/domain.ts'
import { commitmentOf } from '../../src/order/order.ts'
import { contradiction, receiptDigest } from '../../src/order/receipt.ts'
import type { OrderOutcome, SignedReceipt } from '../../src/service/api.ts'
import { witnessOf } from '../../src/service/batch-closing.ts'
import { EpochSigner } from '../../src/service/receipt-signer.ts'
import { batchAt, entriesOf } from '../../src/service/store/lane-reads.ts'
import { routeBatch } from '../../src/witness/witness.ts'
import { orderFixture } from '../helpers/fixtures.ts'
import {
  callerOf,
  emptyDatabase,
  openingOf,
  RETAIL,
  reached,
  retail,
  SIGNER_KEY,
  type testContext,
  useServices,
  verdicts,
} from './harness.ts'

const receiptsOf = (outcomes: readonly OrderOutcome[]): SignedReceipt[] =>
  outcomes.flatMap((outcome) => (outcome.status === 'refused' ? [] : [outcome.receipt]))

describe('router', () => {
  const { database, start, stop } = useServices()

  it('gives each order a receipt that the epoch signer signed', async () => {
    const { service, context } = await start()
    const outcomes = await service.submitOrders([retail(0), retail(1)], RETAIL)
    const { address } = new EpochSigner(SIGNER_KEY, context.separator)
    const receipts = receiptsOf(outcomes)
    expect(receipts.map(({ batch, slot }) => [batch, slot])).to.deep.equal([
      [0n, 0],
      [0n, 1],
    ])
    for (const { signature, ...receipt } of receipts)
      expect(signerOf(receiptDigest(context.separator, receipt), signature)).to.equal(address)
    expect(receipts.map(({ commitment }) => commitment)).to.deep.equal([retail(0), retail(1)].map(commitmentOf))
  })

  it('tells callers when their receipts cannot be signed, and shows them to whoever asks again', async () => {
    let broken = true
    const { service } = await start({
      change: {
        signReceipts: async (rows) => {
          if (broken) throw new Error('no key')
          return new EpochSigner(SIGNER_KEY, keccakWords([1n])).receipts(rows)
        },
      },
    })
    const [outcome] = await service.submitOrders([retail(0)], RETAIL)
    expect(outcome).to.deep.include({ status: 'refused' })
    expect(verdicts(outcome ? [outcome] : [])).to.deep.equal(['BACK_PRESSURE'])
    broken = false
    const [again] = await service.submitOrders([retail(0)], RETAIL)
    expect(verdicts(again ? [again] : [])).to.deep.equal(['ORDER_ALREADY_ACCEPTED'])
    expect(again?.status === 'refused' && again.refusal.receipt?.commitment).to.equal(commitmentOf(retail(0)))
  })

  it('closes a full batch, opens the next, and keeps every receipt in both', async () => {
    const { service, context } = await start({ slots: 4 })
    const outcomes = await service.submitOrders(
      Array.from({ length: 9 }, (_, i) => retail(i)),
      RETAIL,
    )
    expect(receiptsOf(outcomes).map(({ batch }) => Number(batch))).to.deep.equal([0, 0, 0, 0, 1, 1, 1, 1, 2])
    for (const index of [0n, 1n]) {
      const statement = (await service.batch(index))?.statement
      if (!statement) return expect.fail(`batch ${index} has no statement`)
      const batch = { ...statement, epoch: context.epoch, index }
      for (const receipt of receiptsOf(outcomes).filter((r) => r.batch === index))
        expect(contradiction(receipt, batch)).to.equal(undefined)
    }
  })

  it('closes a batch of age that is not full', async () => {
    const { service } = await start({ limits: { batchMaxAgeMs: 30 } })
    await service.submitOrders([retail(0)], RETAIL)
    await reached(service, 0n, 'proven')
    expect((await service.batch(0n))?.statement?.commitments).to.have.length(1)
  })

  it('refuses at the door what could never be assigned', async () => {
    const { service, context } = await start()
    const tooLarge = { ...retail(0), size: context.largestSize.retail + 1 }
    const other = { ...retail(1), segment: 'institutional' } as const
    const outcomes = await service.submitOrders([tooLarge, other, retail(2)], RETAIL)
    expect(verdicts(outcomes)).to.deep.equal(['ORDER_TOO_LARGE', 'SEGMENT_MISMATCH', 'accepted'])
    expect(outcomes[0]).to.have.nested.property('refusal.largestSize', context.largestSize.retail)
  })

  it('accepts an order once: sent again it is shown the receipt that stands', async () => {
    const { service } = await start({ slots: 2 })
    const [first] = receiptsOf(await service.submitOrders([retail(0), retail(1)], RETAIL))
    const again = await service.submitOrders([retail(2), retail(0), retail(2)], RETAIL)
    expect(verdicts(again)).to.deep.equal(['accepted', 'ORDER_ALREADY_ACCEPTED', 'ORDER_ALREADY_ACCEPTED'])
    expect(again[1]).to.have.deep.nested.property('refusal.receipt', first)
  })

  it('takes a deferred order again in a later batch, but not in the same', async () => {
    const { service, context } = await start({ slots: 8, limits: { batchMaxAgeMs: 10_000 } })
    const size = context.largestSize.retail
    // Each fills its shard on its own: after four, nothing fits.
    const flood = Array.from({ length: 7 }, (_, i) => ({ ...retail(i), size }))
    const outcomes = await service.submitOrders(flood, RETAIL)
    const at = outcomes.findIndex(({ status }) => status === 'deferred')
    const order = flood[at]
    if (!order) return expect.fail('nothing was deferred')
    expect(verdicts(await service.submitOrders([order], RETAIL))).to.deep.equal(['ORDER_ALREADY_IN_BATCH'])
    await service.submitOrders([retail(100)], RETAIL)
    const [later] = receiptsOf(await service.submitOrders([order], RETAIL))
    expect(later?.batch).to.equal(1n)
    expect((await service.orderStatus(commitmentOf(order)))?.entries).to.have.length(2)
  })

  it('continues an open batch after a restart as if there had been none', async () => {
    const orders = Array.from({ length: 8 }, (_, i) => retail(i))
    const one = await start({ limits: { batchMaxAgeMs: 10_000 } })
    const before = receiptsOf(await one.service.submitOrders(orders.slice(0, 5), RETAIL))
    await stop(one.service)
    const two = await start({ limits: { batchMaxAgeMs: 10_000 } })
    const repeated = await two.service.submitOrders(orders.slice(0, 5), RETAIL)
    const standing = repeated.map((outcome) => (outcome.status === 'refused' ? outcome.refusal.receipt : undefined))
    expect(standing).to.deep.equal(before)
    const after = receiptsOf(await two.service.submitOrders(orders.slice(5), RETAIL))
    expect(after.map(({ batch, slot }) => [batch, slot])).to.deep.equal([5, 6, 7].map((slot) => [0n, slot]))
    const assignments = (await two.service.batch(0n))?.statement?.assignments
    expect(assignments).to.deep.equal([...before, ...after].map(({ assignment }) => assignment))
  })

  it('keeps what it promised, however calls are interleaved', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 7 }),
        async (calls, slots) => {
          await emptyDatabase(database())
          const { service, context } = await start({ slots, limits: { maxUnproven: 10_000 } })
          const outcomes = await Promise.all(
            calls.map((indices) => {
              const orders = indices.map(orderFixture)
              const [first] = orders
              return first ? service.submitOrders(orders, callerOf(first)) : []
            }),
          )
          await checkPromises(context, outcomes.flatMap(receiptsOf))
          await stop(service)
        },
      ),
      { numRuns: 15 },
    )
  })

  /** Every receipt is a row, every row's batch routes to what its receipts say, no commitment was accepted twice. */
  async function checkPromises(
    context: ReturnType<typeof testContext>,
    receipts: readonly SignedReceipt[],
  ): Promise<void> {
    const accepted = receipts.filter(({ assignment }) => assignment > 0).map(({ commitment }) => commitment)
    expect(new Set(accepted).size).to.equal(accepted.length)
    const indices = [...new Set(receipts.map(({ batch }) => batch))]
    let rows = 0
    for (const index of indices) {
      const batch = await batchAt(database().db, index)
      if (!batch) return expect.fail(`no batch ${index}`)
      const entries = await entriesOf(database().db, [index])
      const { statement } = routeBatch(witnessOf(context, openingOf(batch), entries, batch.closing?.blindAfter ?? 0n))
      const said = { ...statement, epoch: context.epoch, index }
      for (const receipt of receipts.filter((r) => r.batch === index))
        expect(contradiction(receipt, said)).to.equal(undefined)
      if (batch.closing) expect(statement.stateAfter).to.equal(batch.closing.stateAfter)
      rows += entries.length
    }
    expect(rows).to.equal(receipts.length)
  }

  it('writes nothing once another router took the lane', async () => {
    const { service } = await start()
    await database().db.updateTable('lane').set({ term: '99' }).execute()
    expect(verdicts(await service.submitOrders([retail(0)], RETAIL))).to.deep.equal(['BACK_PRESSURE'])
    expect(await entriesOf(database().db, [0n])).to.deep.equal([])
  })

  it('quarantines a batch whose rows do not give what was promised, and stops', async () => {
    const { service } = await start({ slots: 3, limits: { batchMaxAgeMs: 10_000 } })
    await service.submitOrders([retail(0), retail(1)], RETAIL)
    await database().db.updateTable('entry').set({ size: 77_777n }).where('slot', '=', 1).execute()
    expect(verdicts(await service.submitOrders([retail(2)], RETAIL))).to.deep.equal(['BACK_PRESSURE'])
    expect((await service.batch(0n))?.state).to.equal('quarantined')
    expect(verdicts(await service.submitOrders([retail(3)], RETAIL))).to.deep.equal(['BACK_PRESSURE'])
  })

  it('refuses a second accepted row for a commitment in the database itself', async () => {
    const { service } = await start({ slots: 2, limits: { batchMaxAgeMs: 10_000 } })
    await service.submitOrders([retail(0), retail(1), retail(2)], RETAIL)
    const twice = database()
      .db.updateTable('entry')
      .set({ commitment: commitmentOf(retail(0)), assignment: 1 })
      .where('batch', '=', '1')
    const error = await twice.execute().catch((e: { code: string }) => e.code)
    expect(error).to.equal('23505')
  })
})
