import { expect } from 'chai'
import { genesisHead } from '../../src/service/chain-agreement.ts'
import { resendLost } from '../../src/service/resend-lost.ts'
import { acceptedHead } from '../../src/service/store/counters.ts'
import { headHash } from '../../src/statement/record.ts'
import { catchError } from '../helpers/catch-error.ts'
import { proved, RETAIL, reached, retail, useServices } from './harness.ts'

const SHARDS = 4

describe('a development chain that lost its last blocks', () => {
  const { database, start, stop } = useServices({ slots: 3 })

  /** Three accepted batches, the first of them final, and a chain that has none of them any more. */
  async function lost(maxBatchesPerTransaction = 1) {
    const { service, chain } = await start({ limits: { maxBatchesPerTransaction } })
    chain.holding = true
    await service.submitOrders([0, 1, 2].map(retail), RETAIL)
    await reached(service, 0n, 'sent')
    await service.submitOrders([3, 4, 5, 6, 7, 8].map(retail), RETAIL)
    for (const index of [1n, 2n]) await proved(service, index)
    chain.holding = false
    chain.mine()
    await reached(service, 2n, 'accepted')
    chain.block += maxBatchesPerTransaction === 1 ? 1 : 2
    await reached(service, 0n, 'final')
    await stop(service)
    const { db } = database()
    const bytes = await db.selectFrom('submission').select('raw').orderBy('batch').execute()
    chain.headHash = headHash(genesisHead(SHARDS))
    chain.reorg(0)
    chain.broadcasts.length = 0
    return { chain, bytes: bytes.map(({ raw }) => raw), parts: { db, reader: chain, writer: chain, shards: SHARDS } }
  }

  it('is given its batches again, byte for byte and in order, final ones too', async () => {
    const { chain, bytes, parts } = await lost()
    expect(await resendLost(parts)).to.equal(3)
    expect(chain.broadcasts).to.deep.equal(bytes)
  })

  it('is given batches that went together in the transaction that they shared', async () => {
    const { chain, bytes, parts } = await lost(4)
    expect(await resendLost(parts)).to.equal(3)
    expect(new Set(chain.broadcasts)).to.deep.equal(new Set(bytes.filter((raw) => raw !== null)))
    expect(new Set(chain.broadcasts).size).to.equal(2)
  })

  it('is left alone when it has them', async () => {
    const { chain, parts } = await lost()
    const head = await acceptedHead(parts.db)
    chain.headHash = head ? headHash(head) : ''
    expect(await resendLost(parts)).to.equal(0)
    expect(chain.broadcasts).to.deep.equal([])
  })

  it('is an alarm when it refuses one', async () => {
    const { chain, parts } = await lost()
    chain.reverting = true
    const error = await catchError(() => resendLost(parts))
    expect(error).to.deep.include({ code: 'CHAIN_MISMATCH', details: { batch: 0n } })
  })
})
