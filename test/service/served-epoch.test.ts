import { expect } from 'chai'
import { servedEpoch } from '../../src/service/served-epoch.ts'
import { catchError } from '../helpers/catch-error.ts'
import { RETAIL, reached, retail, useServices } from './harness.ts'
import { OPEN_END, TestChain } from './test-chain.ts'

const DEPTH = 3

describe('the epoch that a start serves', () => {
  const { database, start } = useServices({ slots: 3 })

  /** A ledger whose second epoch is announced for a batch, and opened perhaps. */
  function ledger({ opened = true, age = DEPTH } = {}): TestChain {
    const chain = new TestChain()
    chain.ends.set(1n, { ...OPEN_END, end: 1n })
    const announcement = { firstBatch: 1n, keyCommit: 1n, signer: '', policyHash: '', verifiers: [] }
    chain.announced.push({ announcement, seedBlock: 5, opened })
    chain.block = 5 + age
    return chain
  }
  const served = async (chain: TestChain) => (await servedEpoch(chain, database().db, DEPTH)).epoch

  it('is the latest once its seed is final, and the one before until then', async () => {
    expect(await served(new TestChain())).to.equal(1n)
    expect(await served(ledger())).to.equal(2n)
    expect(await served(ledger({ age: DEPTH - 1 }))).to.equal(1n)
    expect(await served(ledger({ opened: false }))).to.equal(1n)
  })

  it('is none while an epoch after an abandonment is not open', async () => {
    const chain = ledger({ opened: false })
    chain.ends.set(1n, { ...OPEN_END, end: 1n, abandoned: true })
    expect((await catchError(() => served(chain))).code).to.equal('NOT_READY')
    expect(await served(Object.assign(ledger({ age: 0 }), { ends: chain.ends }))).to.equal(2n)
  })

  it('is one that ended, while the ledger is yet to accept its batches', async () => {
    const { service, chain } = await start({ chain: Object.assign(new TestChain(), { holding: true }) })
    await service.submitOrders([0, 1, 2].map(retail), RETAIL)
    await reached(service, 0n, 'sent')
    expect(await served(ledger())).to.equal(1n)
    chain.holding = false
    chain.mine()
    await reached(service, 0n, 'accepted')
    expect(await served(ledger())).to.equal(2n)
  })

  it('is none of those that were abandoned', async () => {
    const { service } = await start({ chain: Object.assign(new TestChain(), { holding: true }) })
    await service.submitOrders([0, 1, 2].map(retail), RETAIL)
    await reached(service, 0n, 'sent')
    const chain = ledger()
    chain.ends.set(1n, { ...OPEN_END, end: 0n, abandoned: true })
    expect(await served(chain)).to.equal(2n)
  })
})
