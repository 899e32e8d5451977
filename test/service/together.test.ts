import { expect } from 'chai'
import { at } from '../../src/base/at.ts'
import type { FairleadService } from '../../src/service/service.ts'
import { gated, proved, RETAIL, reached, retail, useServices } from './harness.ts'

/** Batches by the transactions that carried them. */
const groups = (broadcasts: readonly string[]): string[] => broadcasts.map((raw) => raw.split(':')[1] ?? '')

describe('batches that wait together', () => {
  const { database, start, stop } = useServices({ slots: 3 })

  const orders = (batches: number) => Array.from({ length: 3 * batches }, (_, i) => retail(i))

  /** A service whose batches pile up behind the first, which the chain holds back. */
  async function piled(batches: number, setup: Parameters<typeof start>[0] = {}) {
    const started = await start(setup)
    started.chain.holding = true
    await started.service.submitOrders(orders(1), RETAIL)
    await reached(started.service, 0n, 'sent')
    await started.service.submitOrders(orders(batches).slice(3), RETAIL)
    for (let i = 1n; i < batches; i++) await proved(started.service, i)
    return started
  }

  const release = (chain: { holding: boolean; mine(): void }): void => {
    chain.holding = false
    chain.mine()
  }
  const gasOf = async (service: FairleadService): Promise<bigint[]> =>
    (await service.batches({ limit: 9 })).reverse().map(({ gasUsed = 0n }) => gasUsed)

  it('share a transaction, four at most, and its gas', async () => {
    const { service, chain } = await piled(7)
    release(chain)
    await reached(service, 6n, 'accepted')
    expect(groups(chain.broadcasts)).to.deep.equal(['0', '1+2+3+4', '5+6'])
    expect(await gasOf(service)).to.deep.equal([300_000n, ...Array(4).fill(75_000n), 150_000n, 150_000n])
    expect((await service.shards()).reduce((sum, { assigned }) => sum + assigned, 0)).to.equal(21)
    const hashes = (await service.batches({ limit: 9 })).map(({ transaction }) => transaction)
    expect(new Set(hashes).size).to.equal(3)
    chain.block += 3
    await reached(service, 6n, 'final')
  })

  it('go as many as the limit says', async () => {
    const { service, chain } = await piled(5, { limits: { maxBatchesPerTransaction: 2 } })
    release(chain)
    await reached(service, 4n, 'accepted')
    expect(groups(chain.broadcasts)).to.deep.equal(['0', '1+2', '3+4'])
  })

  it('do not wait for one that has no proof', async () => {
    const { service, chain, prover } = await piled(3)
    prover.paused = true
    await service.submitOrders(orders(4).slice(9), RETAIL)
    release(chain)
    await reached(service, 2n, 'accepted')
    expect(groups(chain.broadcasts)).to.deep.equal(['0', '1+2'])
  })

  it('are sent again as the same bytes after a restart', async () => {
    const one = await piled(3)
    release(one.chain)
    one.chain.holding = true
    await reached(one.service, 2n, 'sent')
    await stop(one.service)
    const { chain, service } = await start()
    await reached(service, 2n, 'accepted')
    expect(chain.broadcasts.length).to.be.at.least(1)
    expect(new Set(chain.broadcasts)).to.deep.equal(new Set([one.chain.broadcasts.at(-1)]))
  })

  it('are sent again as the same bytes after a reorg, and counted once', async () => {
    const { service, chain } = await piled(4)
    release(chain)
    await reached(service, 3n, 'accepted')
    const sent = [...chain.broadcasts]
    const again = new Promise((resolve) =>
      service.events.on('batch', ({ index, state }) => index === 3n && state === 'sent' && resolve(state)),
    )
    chain.reorg(0)
    await again
    await reached(service, 3n, 'accepted')
    expect(new Set(chain.broadcasts)).to.deep.equal(new Set(sent))
    expect((await service.shards()).reduce((sum, { assigned }) => sum + assigned, 0)).to.equal(12)
  })

  it('go one by one after a refusal, until the one is found that the ledger refuses', async () => {
    const { service, chain } = await piled(5)
    chain.refusing.add(3n)
    release(chain)
    await reached(service, 3n, 'quarantined')
    expect(groups(chain.broadcasts)).to.deep.equal(['0', '1', '2'])
    expect((await service.batch(2n))?.state).to.equal('accepted')
    expect((await service.batch(4n))?.state).to.equal('proven')
    await gated(service, 'quarantine')
    chain.refusing.clear()
    await service.retryBatch(3n)
    await reached(service, 4n, 'accepted')
  })

  it('all lose a transaction that reverted, and are sent anew', async () => {
    const { service, chain } = await piled(3)
    chain.reverting = true
    release(chain)
    const back = new Promise((resolve) =>
      service.events.on('batch', ({ index, state }) => index === 0n && state === 'proven' && resolve(state)),
    )
    await back
    chain.reverting = false
    await reached(service, 2n, 'accepted')
    const rows = await database().db.selectFrom('submission').select(['batch', 'raw']).orderBy('batch').execute()
    expect(rows.map(({ raw }) => groups([raw ?? ''])[0])).to.deep.equal(['0', '1+2', ''])
  })

  it('are followed when somebody else has sent them, and sent anew when a reorg takes that away', async () => {
    const { service, chain } = await piled(2)
    const { statementHash = '' } = (await service.batch(0n)) ?? {}
    const place = { blockNumber: 1, blockHash: '0x', beneficiary: '0x', epoch: 1n, index: 0n }
    const transaction = chain.mineForeign()
    chain.foreign.set(0n, { ...place, statementHash, transaction })
    chain.reverting = true
    service.events.once('batch', () => {
      chain.reverting = false
    })
    release(chain)
    await reached(service, 1n, 'accepted')
    expect(at(await service.batches({ limit: 2 }), 1).transaction).to.equal(transaction)
    chain.foreign.clear()
    chain.reorg(0)
    for (;;) {
      const changed = new Promise((resolve) => service.events.once('batch', resolve))
      const states = await service.batches({ limit: 2 })
      if (states.every(({ state }) => state === 'accepted') && at(states, 1).transaction !== transaction) break
      await changed
    }
    expect(groups(chain.broadcasts).slice(-2)).to.deep.equal(['0', '1'])
  })

  it('are offered for more when prices have risen, in the same place', async () => {
    const { service, chain } = await piled(1, { limits: { repriceAfterMs: 50 } })
    const { transaction } = (await service.batches({ limit: 1 }))[0] ?? {}
    chain.dear = true
    const replaced = async () => (await service.batches({ limit: 1 }))[0]?.transaction !== transaction
    while (!(await replaced())) await new Promise(setImmediate)
    chain.dear = false
    release(chain)
    await reached(service, 0n, 'accepted')
    const nonces = chain.broadcasts.map((raw) => raw.split(':')[2])
    expect(new Set(groups(chain.broadcasts))).to.deep.equal(new Set(['0']))
    expect(new Set(nonces).size).to.equal(1)
    expect(new Set(chain.broadcasts).size).to.be.at.least(2)
  })

  it('are followed by the first offer where that was mined after all', async () => {
    const { service, chain } = await piled(1, { limits: { repriceAfterMs: 50 } })
    const { transaction = '' } = (await service.batches({ limit: 1 }))[0] ?? {}
    const { statementHash = '' } = (await service.batch(0n)) ?? {}
    const place = { blockNumber: 1, blockHash: '0x', beneficiary: '0x', epoch: 1n, index: 0n }
    // Nobody tells the service: it is about to offer more when the nonce turns out to be taken.
    chain.overtaken = true
    chain.foreign.set(0n, { ...place, statementHash, transaction })
    chain.dear = true
    service.events.once('batch', () => release(chain))
    await reached(service, 0n, 'accepted')
    expect((await service.batches({ limit: 1 }))[0]?.transaction).to.equal(transaction)
    expect(chain.broadcasts.length).to.equal(1)
  })
})
