import { expect } from 'chai'
import { at } from '../../src/base/at.ts'
import { signerOf } from '../../src/order/domain.ts'
import { commitmentOf, type Order } from '../../src/order/order.ts'
import { contradiction } from '../../src/order/receipt.ts'
import { sealDigest } from '../../src/order/seal-signature.ts'
import type { OrderOutcome, SignedReceipt } from '../../src/service/api.ts'
import { witnessOf } from '../../src/service/batch-closing.ts'
import { EpochSigner } from '../../src/service/receipt-signer.ts'
import type { FairleadService } from '../../src/service/service.ts'
import { batchAt, entriesOf } from '../../src/service/store/lane-reads.ts'
import { sealHash, sealSeed } from '../../src/statement/record.ts'
import { routeBatch } from '../../src/witness/witness.ts'
import { gated, openingOf, proved, RETAIL, reached, retail, SIGNER_KEY, useServices, verdicts } from './harness.ts'
import { OPEN_END, type TestChain } from './test-chain.ts'

const receiptsOf = (outcomes: readonly OrderOutcome[]): SignedReceipt[] =>
  outcomes.flatMap((outcome) => (outcome.status === 'refused' ? [] : [outcome.receipt]))
const orders = (count: number, from = 0): Order[] => Array.from({ length: count }, (_, i) => retail(from + i))

/** Blocks after which the seeds of all seals are final. */
const pass = (chain: TestChain): void => {
  chain.block += 5
}

describe('sealed mode', () => {
  const { database, start, stop } = useServices({ slots: 3, sealed: true })

  /** Resolves when the chain has a batch's seal. */
  async function sealed(service: FairleadService, chain: TestChain, index: bigint): Promise<void> {
    while (!chain.seals.has(index)) await new Promise((resolve) => service.events.once('block', resolve))
  }
  /** Resolves when the service has looked at the seals some times more. */
  async function seen(service: FairleadService, chain: TestChain): Promise<void> {
    for (const enough = chain.sealLooks + 6; chain.sealLooks < enough; )
      await new Promise((resolve) => setImmediate(resolve, service.events.emit('block', { number: chain.block })))
  }
  const outcomesOf = async (service: FairleadService, order: Order) =>
    (await service.orderStatus(commitmentOf(order)))?.entries.map(({ receipt, outcome }) => [
      Number(receipt.batch),
      receipt.assignment,
      outcome,
    ])

  it('gives an order its place at once, and its shard with the draw', async () => {
    const { service, chain, context } = await start()
    const outcomes = await service.submitOrders(orders(3), RETAIL)
    expect(verdicts(outcomes)).to.deep.equal(['sealed', 'sealed', 'sealed'])
    const receipts = receiptsOf(outcomes)
    expect(receipts.map(({ batch, slot, assignment }) => [Number(batch), slot, assignment])).to.deep.equal([
      [0, 0, 255],
      [0, 1, 255],
      [0, 2, 255],
    ])
    await sealed(service, chain, 0n)
    expect((await service.batch(0n))?.state).to.equal('sealed')
    expect(await outcomesOf(service, retail(0))).to.deep.equal([[0, 255, undefined]])
    pass(chain)
    await reached(service, 0n, 'accepted')
    const batch = await batchAt(database().db, 0n)
    const { statement } = (await service.batch(0n)) ?? {}
    if (!batch || !statement) return expect.fail('there is no batch')
    const seal = at([...chain.seals.values()], 0)
    const block = await chain.blockAt(seal.seedBlock)
    expect(statement.seed).to.equal(sealSeed(context.domain, 1n, 0n, block?.hash ?? ''))
    expect(seal.sealHash).to.equal(sealHash(statement, batch.opening.counters))
    const entries = await entriesOf(database().db, [0n])
    const routed = routeBatch(witnessOf(context, openingOf(batch), entries, batch.closing?.blindAfter ?? 0n))
    expect(statement).to.deep.equal(routed.statement)
    expect(entries.map(({ outcome }) => outcome)).to.deep.equal(statement.assignments)
    for (const receipt of receipts)
      expect(contradiction(receipt, { ...statement, epoch: 1n, index: 0n })).to.equal(undefined)
    const status = await service.orderStatus(commitmentOf(retail(0)))
    expect(status?.entries[0]).to.deep.include({ receipt: receipts[0], outcome: statement.assignments[0] })
    expect(status?.entries[0]).to.have.property('inclusion')
  })

  it('signs what it seals as the epoch’s signer', async () => {
    const { service, chain, context } = await start()
    await service.submitOrders(orders(3), RETAIL)
    await sealed(service, chain, 0n)
    const [, index, hash = '', signature = ''] = at(chain.sealings, 0).split(':')
    const { address } = new EpochSigner(SIGNER_KEY, context.separator)
    expect(signerOf(sealDigest(context.separator, 1n, BigInt(index ?? ''), hash), signature)).to.equal(address)
  })

  it('goes on taking orders while batches wait, and draws them in order', async () => {
    const { service, chain } = await start()
    const receipts = receiptsOf(await service.submitOrders(orders(10), RETAIL))
    expect(receipts.map(({ batch }) => Number(batch))).to.deep.equal([0, 0, 0, 1, 1, 1, 2, 2, 2, 3])
    await sealed(service, chain, 2n)
    const closed: bigint[] = []
    service.events.on('batch', ({ index, state }) => state === 'closed' && closed.push(index))
    pass(chain)
    await reached(service, 2n, 'accepted')
    expect(closed.slice(0, 3)).to.deep.equal([0n, 1n, 2n])
    const statements = await Promise.all([0n, 1n, 2n].map(async (index) => (await service.batch(index))?.statement))
    for (const [i, statement] of statements.slice(1).entries()) {
      expect(statement?.stateBefore).to.equal(statements[i]?.stateAfter)
      expect(statement?.seed).to.not.equal(statements[i]?.seed)
      expect(statement?.orderCounter).to.equal((statements[i]?.orderCounter ?? 0n) + 3n)
    }
  })

  it('puts drawn batches that wait together into one transaction', async () => {
    const { service, chain } = await start()
    await service.submitOrders(orders(12), RETAIL)
    await sealed(service, chain, 3n)
    chain.holding = true
    pass(chain)
    await reached(service, 0n, 'sent')
    for (const index of [1n, 2n, 3n]) await proved(service, index)
    chain.holding = false
    chain.mine()
    await reached(service, 3n, 'accepted')
    expect(chain.broadcasts.map((raw) => raw.split(':')[1])).to.deep.equal(['0', '1+2+3'])
  })

  it('takes an order once: again only when its draw deferred it', async () => {
    const { service, chain, context } = await start()
    const size = context.largestSize.retail
    // Each fills its shard on its own, of which there are four: in the second batch some find no room.
    const flood = orders(6).map((order) => ({ ...order, size }))
    const first = await service.submitOrders(flood, RETAIL)
    const again = await service.submitOrders(flood.slice(0, 1), RETAIL)
    expect(verdicts(again)).to.deep.equal(['ORDER_ALREADY_IN_BATCH'])
    expect(again[0]).to.have.deep.nested.property('refusal.receipt', receiptsOf(first)[0])
    await sealed(service, chain, 1n)
    pass(chain)
    await reached(service, 1n, 'accepted')
    const assignments = (
      await Promise.all([0n, 1n].map(async (index) => (await service.batch(index))?.statement))
    ).flatMap((statement) => statement?.assignments ?? [])
    const [accepted, deferred] = [assignments.findIndex((byte) => byte > 0), assignments.indexOf(0)]
    expect(deferred).to.be.at.least(0)
    const resent = await service.submitOrders([at(flood, accepted), at(flood, deferred)], RETAIL)
    expect(verdicts(resent)).to.deep.equal(['ORDER_ALREADY_ACCEPTED', 'sealed'])
    expect(resent[0]).to.have.deep.nested.property('refusal.receipt', receiptsOf(first)[accepted])
    expect(await outcomesOf(service, at(flood, deferred))).to.deep.equal([
      [Math.floor(deferred / 3), 255, 0],
      [2, 255, undefined],
    ])
    const { receipts, accepted: taken, deferred: left } = await service.status()
    const none = assignments.filter((byte) => byte === 0).length
    expect([receipts, taken, left]).to.deep.equal([7, 6 - none, none])
  })

  it('seals a batch of age that is not full', async () => {
    const { service, chain } = await start({ limits: { batchMaxAgeMs: 30 } })
    await service.submitOrders(orders(1), RETAIL)
    await sealed(service, chain, 0n)
    pass(chain)
    await reached(service, 0n, 'accepted')
    expect((await service.batch(0n))?.statement?.commitments).to.have.length(1)
  })

  it('does not draw before the seed’s block is final', async () => {
    const { service, chain } = await start()
    await service.submitOrders(orders(3), RETAIL)
    await sealed(service, chain, 0n)
    const seedBlock = chain.seals.get(0n)?.seedBlock ?? 0
    chain.block = seedBlock + 2
    await seen(service, chain)
    expect((await service.batch(0n))?.state).to.equal('sealed')
    chain.block = seedBlock + 3
    await reached(service, 0n, 'accepted')
  })

  it('seals again, with the same bytes, what a reorg took out, and draws from the block that counts', async () => {
    const { service, chain, context } = await start()
    const receipts = receiptsOf(await service.submitOrders(orders(6), RETAIL))
    await sealed(service, chain, 1n)
    await seen(service, chain)
    const sent = [...chain.sealings]
    const old = (await chain.blockAt(chain.seals.get(0n)?.seedBlock ?? 0))?.hash
    chain.reorg(0)
    chain.block++
    await sealed(service, chain, 1n)
    expect(new Set(chain.sealings)).to.deep.equal(new Set(sent))
    expect(chain.sealings.length).to.be.greaterThan(sent.length)
    pass(chain)
    await reached(service, 1n, 'accepted')
    const { statement } = (await service.batch(0n)) ?? {}
    const block = await chain.blockAt(chain.seals.get(0n)?.seedBlock ?? 0)
    expect(block?.hash).to.not.equal(old)
    expect(statement?.seed).to.equal(sealSeed(context.domain, 1n, 0n, block?.hash ?? ''))
    for (const receipt of receipts.slice(0, 3))
      expect(statement && contradiction(receipt, { ...statement, epoch: 1n, index: 0n })).to.equal(undefined)
  })

  it('offers more for a seal that waits while prices rise', async () => {
    const { service, chain } = await start({ limits: { repriceAfterMs: 50 } })
    chain.holding = true
    chain.dear = true
    await service.submitOrders(orders(3), RETAIL)
    while (!chain.sealings.some((raw) => raw.endsWith(':dearer'))) await seen(service, chain)
    chain.holding = false
    chain.mine()
    await sealed(service, chain, 0n)
    pass(chain)
    await reached(service, 0n, 'accepted')
  })

  it('sends no seal that the chain has, whoever sent it', async () => {
    const one = await start()
    one.chain.holding = true
    await one.service.submitOrders(orders(3), RETAIL)
    while (one.chain.sealings.length === 0) await new Promise((resolve) => setImmediate(resolve))
    // It ends between the sending and the block.
    await stop(one.service)
    one.chain.holding = false
    one.chain.mine()
    pass(one.chain)
    const { service, chain } = await start({ chain: one.chain })
    await reached(service, 0n, 'accepted')
    expect(chain.sealings).to.have.length(1)
  })

  it('goes on after a restart wherever it was, with the same receipts', async () => {
    const one = await start({ limits: { batchMaxAgeMs: 10_000 } })
    const first = await one.service.submitOrders(orders(4), RETAIL)
    await stop(one.service)
    // Batch 0 is sealed, 1 open; the chain forgot everything.
    const two = await start({ limits: { batchMaxAgeMs: 10_000 } })
    const repeated = await two.service.submitOrders(orders(4), RETAIL)
    expect(verdicts(repeated)).to.deep.equal(Array(4).fill('ORDER_ALREADY_IN_BATCH'))
    expect(repeated.map((outcome) => outcome.status === 'refused' && outcome.refusal.receipt)).to.deep.equal(
      receiptsOf(first),
    )
    const second = await two.service.submitOrders(orders(2, 4), RETAIL)
    expect(receiptsOf(second).map(({ batch, slot }) => [Number(batch), slot])).to.deep.equal([
      [1, 1],
      [1, 2],
    ])
    await sealed(two.service, two.chain, 1n)
    two.prover.paused = true
    pass(two.chain)
    await reached(two.service, 1n, 'closed')
    await stop(two.service)
    // Drawn and not proven: nothing is drawn anew.
    const drawn = await batchAt(database().db, 1n)
    const { service } = await start({ chain: two.chain })
    await reached(service, 1n, 'accepted')
    expect((await batchAt(database().db, 1n))?.closing).to.deep.equal(drawn?.closing)
    for (const receipt of receiptsOf([...first, ...second])) {
      const statement = (await service.batch(receipt.batch))?.statement
      expect(statement && contradiction(receipt, { ...statement, epoch: 1n, index: receipt.batch })).to.equal(undefined)
    }
  })

  it('takes no more orders than may wait for their draws, and loses none', async () => {
    const { service, chain } = await start({ limits: { maxSealed: 2 } })
    chain.holding = true
    const outcomes = await service.submitOrders(orders(9), RETAIL)
    expect(verdicts(outcomes)).to.deep.equal([...Array(6).fill('sealed'), ...Array(3).fill('BACK_PRESSURE')])
    await gated(service, 'undrawn')
    chain.holding = false
    chain.mine()
    await sealed(service, chain, 1n)
    pass(chain)
    await gated(service, 'undrawn', false)
    expect(verdicts(await service.submitOrders(orders(3, 6), RETAIL))).to.deep.equal(Array(3).fill('sealed'))
    await reached(service, 1n, 'accepted')
  })

  it('stops when no seal gets through for a third of the deadline', async () => {
    const { service, chain, clock } = await start()
    chain.holding = true
    await service.submitOrders(orders(3), RETAIL)
    clock.advance(201_000)
    await gated(service, 'overdue')
    chain.holding = false
    chain.mine()
    await sealed(service, chain, 0n)
    pass(chain)
    await reached(service, 0n, 'accepted')
    await gated(service, 'overdue', false)
  })

  it('waits for a person when another seal of its own stands on chain', async () => {
    const { service, chain } = await start()
    chain.seals.set(0n, { sealHash: `0x${'ab'.repeat(32)}`, seedBlock: 2, sealedAtS: 0, blockNumber: 1 })
    await service.submitOrders(orders(3), RETAIL)
    await reached(service, 0n, 'quarantined')
    await gated(service, 'quarantine')
    chain.seals.delete(0n)
    await service.retryBatch(0n)
    await sealed(service, chain, 0n)
    pass(chain)
    await reached(service, 0n, 'accepted')
  })

  it('draws nothing from rows that are not what was sealed', async () => {
    const { service, chain } = await start()
    await service.submitOrders(orders(3), RETAIL)
    await sealed(service, chain, 0n)
    await database().db.updateTable('entry').set({ commitment: 5n }).where('slot', '=', 1).execute()
    pass(chain)
    await reached(service, 0n, 'quarantined')
    expect((await batchAt(database().db, 0n))?.closing).to.equal(undefined)
  })

  it('writes no draw under a lease that it lost', async () => {
    const { service, chain, lines } = await start()
    await service.submitOrders(orders(3), RETAIL)
    await sealed(service, chain, 0n)
    await database().db.updateTable('lane').set({ term: 99n }).execute()
    pass(chain)
    while (!lines.some((line) => line.includes('LEASE_LOST')))
      await new Promise((resolve) => setImmediate(resolve, service.events.emit('block', { number: chain.block })))
    expect((await service.batch(0n))?.state).to.equal('sealed')
    expect((await entriesOf(database().db, [0n])).map(({ outcome }) => outcome)).to.deep.equal(Array(3).fill(undefined))
  })

  it('is void like others when the epoch is abandoned, and its orders may come again in the next', async () => {
    const one = await start()
    await one.service.submitOrders(orders(4), RETAIL)
    await sealed(one.service, one.chain, 0n)
    one.chain.ends.set(1n, { ...OPEN_END, end: 0n, abandoned: true })
    one.chain.block += 1
    await gated(one.service, 'abandoned')
    one.chain.block += 5
    await reached(one.service, 0n, 'abandoned')
    expect((await one.service.batch(1n))?.state).to.equal('abandoned')
    await stop(one.service)
    const { service } = await start({ epoch: 2n, endBefore: 0n, sealed: false })
    expect(verdicts(await service.submitOrders(orders(3), RETAIL))).to.deep.equal(Array(3).fill('accepted'))
    await reached(service, 0n, 'accepted')
  })

  it('may follow instant mode on a ledger, and be followed by it', async () => {
    const setup = (epoch: bigint, sealed: boolean) => ({ epoch, sealed })
    const one = await start(setup(1n, false))
    await one.service.submitOrders(orders(3), RETAIL)
    await reached(one.service, 0n, 'accepted')
    await stop(one.service)
    const two = await start({ ...setup(2n, true), chain: one.chain })
    two.chain.firstSealed = 1n
    expect(verdicts(await two.service.submitOrders(orders(4, 2), RETAIL))).to.deep.equal([
      'ORDER_ALREADY_ACCEPTED',
      ...Array(3).fill('sealed'),
    ])
    await sealed(two.service, two.chain, 1n)
    pass(two.chain)
    await reached(two.service, 1n, 'accepted')
    await stop(two.service)
    const three = await start({ ...setup(3n, false), chain: two.chain })
    const [again, fresh] = await three.service.submitOrders([retail(3), ...orders(3, 20)], RETAIL)
    const { statement } = (await three.service.batch(1n)) ?? {}
    const byte = statement?.assignments[0] ?? 0
    expect(verdicts(again ? [again] : [])).to.deep.equal([byte > 0 ? 'ORDER_ALREADY_ACCEPTED' : 'accepted'])
    expect(fresh?.status).to.equal('accepted')
    await reached(three.service, 2n, 'accepted')
    const next = (await three.service.batch(2n))?.statement
    expect(next?.stateBefore).to.equal(statement?.stateAfter)
    expect([next?.seed, statement?.seed]).to.deep.equal([three.context.seed, statement?.seed])
  })

  it('does not begin an epoch from states that nobody has drawn', async () => {
    const one = await start()
    one.chain.holding = true
    await one.service.submitOrders(orders(3), RETAIL)
    await stop(one.service)
    for (const sealed of [false, true]) {
      const refused = await start({ epoch: 2n, sealed }).catch((error: { code: string }) => error.code)
      expect(refused).to.equal('NOT_READY')
    }
  })
})
