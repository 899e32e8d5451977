import { expect } from 'chai'
import type { Policy } from '../../src/policy/policy.ts'
import { policyFixture } from '../helpers/fixtures.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { expectRevert } from './revert.ts'
import { Stage } from './stage.ts'

/** Six shards, so that counters end in the middle of a word and served work fills exactly one; shards 1 and 5 report. */
function reportingPolicy(): Policy {
  const policy = policyFixture(6)
  return { ...policy, shards: policy.shards.map((shard, j) => ({ ...shard, reporting: j === 1 || j === 5 })) }
}

describe('served work on the ledger', () => {
  let test: TestChain
  let stage: Stage

  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
    stage = await Stage.withDoubles(test, { shape: { shards: 6, slots: 8 }, policy: reportingPolicy() })
    await stage.submit(await stage.batch(4, { counters: [0n, 700n, 0n, 0n, 0n, 2n ** 40n - 1n] }))
  })
  after(() => test?.stop())

  it('is what the counters rose by, and the elapsed time of shards that do not report', async () => {
    const next = await stage.batch(4, { counters: [0n, 900n, 0n, 0n, 0n, 2n ** 40n] })
    expect(next.statement.served).to.deep.equal([1_000_000n, 200n, 1_000_000n, 1_000_000n, 1_000_000n, 1n])
    expect(await stage.tryOut(next.submission)).to.equal('0x')
  })

  it('is 0 when a reporting shard sent no report', async () => {
    const next = await stage.batch(4)
    expect(next.statement.served[1]).to.equal(0n)
    expect(await stage.tryOut(next.submission)).to.equal('0x')
  })

  it('cannot be negative', async () => {
    const { submission } = await stage.batch(1)
    const counters = submission.counters.with(0, 699n << 64n)
    await expectRevert(stage.tryOut({ ...submission, counters }), 'ServedOutOfRange', [1n])
  })

  it('cannot reach 2^40', async () => {
    const { submission } = await stage.batch(1)
    const counters = submission.counters.with(1, (2n ** 41n - 1n) << 64n)
    await expectRevert(stage.tryOut({ ...submission, counters }), 'ServedOutOfRange', [5n])
  })

  it('takes no counters above the last shard', async () => {
    const { submission } = await stage.batch(1)
    const counters = submission.counters.with(1, (submission.counters[1] ?? 0n) | (1n << 128n))
    await expectRevert(stage.tryOut({ ...submission, counters }), 'StrayBits')
  })

  it('starts from counter 0 in every epoch', () =>
    test.undoing(async () => {
      await stage.openEpoch(stage.head.nextIndex)
      const next = await stage.batch(2, { counters: [0n, 5n, 0n, 0n, 0n, 0n] })
      expect(next.statement.served[1]).to.equal(5n)
      await stage.submit(next)
      expect(await stage.ledger.getFunction('latestEpoch')()).to.equal(2n)
    }))
})
