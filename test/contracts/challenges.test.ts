import { expect } from 'chai'
import { parseEther } from 'ethers'
import { at } from '../../src/base/at.ts'
import { packItems } from '../../src/base/pack.ts'
import { headWords } from '../../src/chain/evidence.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { feeWords, openMask } from '../../src/statement/statement.ts'
import { orderFixture, policyFixture } from '../helpers/fixtures.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { inclusionOf } from './inclusion.ts'
import { expectRevert } from './revert.ts'
import type { StagedBatch } from './staged-batch.ts'
import { System } from './system.ts'

const CIRCUIT = 'two-choice-4-8'
const ETHER = parseEther('1')

/** Receipts as the TypeScript signer makes them, batches with real proofs. */
describe('challenges over real proofs', () => {
  let test: TestChain
  let prover: SnarkjsProver
  let system: System
  /** Of 5 orders and of 3; the third one repeats two orders of the first. */
  let first: StagedBatch
  let second: StagedBatch
  let third: StagedBatch

  before(async function () {
    this.timeout(300_000)
    prover = new SnarkjsProver()
    const [chain, artifacts] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
    const policy = policyFixture(4)
    const shards = policy.shards.map((shard, j) => ({ ...shard, reporting: j === 2 }))
    system = await System.deploy(test, prover, artifacts, { ...policy, shards })
    const { stage } = system
    first = await stage.submitted(5)
    second = await stage.batch(3, { counters: [0n, 0n, 4000n, 0n] })
    await stage.submit(second)
    third = await stage.batch([orderFixture(0), orderFixture(1), orderFixture(90)])
    await stage.submit(third)
    await system.finalize(first, second, third)
  })
  after(async () => {
    await prover?.close()
    await test?.stop()
  })

  /** Runs one challenge that has to succeed, and expects half of an ether for the challenger and half burned. */
  const slashes = (method: string, ...args: unknown[]) =>
    test.undoing(async () => {
      const { address } = system.challenger
      const before = await system.ask<bigint>('bond', 'stake')
      await system.send('receiptChallenges', system.challenger, method, args)
      expect(await system.ask('bond', 'stake')).to.equal(before - ETHER)
      expect(await system.ask('bond', 'burned')).to.equal(ETHER / 2n)
      expect(await system.ask('bond', 'creditOf', address)).to.equal(ETHER / 2n)
      await expectRevert(system.tryOut('receiptChallenges', method, ...args), 'AlreadySlashed')
      const held = await test.provider.getBalance('0x00000000000000000000000000000000000000D1')
      await system.send('bond', system.challenger, 'collect', ['0x00000000000000000000000000000000000000D1'])
      expect(await test.provider.getBalance('0x00000000000000000000000000000000000000D1')).to.equal(held + ETHER / 2n)
    })

  describe('a receipt that the batch contradicts', () => {
    const head = () => headWords(first.next)

    it('is slashed for another commitment, assignment or an earlier time', async () => {
      const changes = [{ commitment: 99n }, { assignment: 255 - 200 }, { time: first.statement.time - 1n }]
      for (const change of changes) {
        const receipt = system.receipt(first, 1, change)
        await slashes('proveContradiction', ...system.signed(receipt), head(), inclusionOf(first, 1))
      }
    })

    it('is no receipt that the batch keeps, sealed ones included', async () => {
      for (let slot = 0; slot < 5; slot++) {
        for (const change of [{}, { assignment: 255 }, { time: first.statement.time + 5n }]) {
          const args = [...system.signed(system.receipt(first, slot, change)), head(), inclusionOf(first, slot)]
          await expectRevert(system.tryOut('receiptChallenges', 'proveContradiction', ...args), 'NoFault')
        }
      }
    })

    it('is slashed for a slot past the count, and for none before it', async () => {
      const opened = [system.opened(second), system.opened(first)]
      await slashes('proveSlotMissing', ...system.signed(system.receipt(second, 0, { slot: 3 })), ...opened)
      const kept = system.signed(system.receipt(second, 2))
      await expectRevert(system.tryOut('receiptChallenges', 'proveSlotMissing', ...kept, ...opened), 'NoFault')
    })

    it('must be signed by the epoch’s signer', async () => {
      const receipt = system.receipt(first, 1, { commitment: 99n })
      const args = [...system.signed(receipt, system.shardKey), head(), inclusionOf(first, 1)]
      await expectRevert(system.tryOut('receiptChallenges', 'proveContradiction', ...args), 'SignatureRefused')
    })
  })

  it('two receipts for one place are slashed, two for two orders are not', async () => {
    const kept = system.signed(system.receipt(first, 0))
    await slashes('proveEquivocation', ...kept, ...system.signed(system.receipt(first, 0, { commitment: 98n })))
    const other = system.signed(system.receipt(first, 1))
    await expectRevert(system.tryOut('receiptChallenges', 'proveEquivocation', ...kept, ...other), 'NoFault')
  })

  it('a commitment accepted twice is slashed, one that was accepted once is not', async () => {
    expect(first.statement.assignments[0]).to.not.equal(0)
    await slashes('proveDuplicate', inclusionOf(first, 0), inclusionOf(third, 0))
    const once = [inclusionOf(first, 2), inclusionOf(third, 2)]
    await expectRevert(system.tryOut('receiptChallenges', 'proveDuplicate', ...once), 'NoFault')
  })

  it('a batch that does not come is slashed once the window has passed', () =>
    test.undoing(async () => {
      const receipt = system.receipt(first, 0, { batch: 5n, time: (await system.nowUs()) - 500_000_000n })
      const notice = system.signed(receipt)
      await expectRevert(system.tryOut('receiptChallenges', 'noticeOverdue', ...notice), 'NotOverdue')
      await test.wait(200)
      await system.send('receiptChallenges', system.challenger, 'noticeOverdue', notice)
      const notices = await system.reader.overdueNotices(await system.allBlocks())
      expect(notices.map(({ epoch, batch }) => [epoch, batch])).to.deep.equal([[system.stage.epoch, 5n]])
      const prove = [system.stage.epoch, 5n, 3n]
      await expectRevert(system.tryOut('receiptChallenges', 'proveOverdue', ...prove), 'WindowOpen')
      await system.pass(301)
      await system.send('receiptChallenges', system.challenger, 'proveOverdue', prove)
      const [stake, burned] = [parseEther('99'), ETHER / 2n]
      expect(await system.reader.bond()).to.deep.equal({ stake, covered: stake, minimum: parseEther('10'), burned })
      expect(await system.reader.credit(system.challenger.address)).to.equal(burned)
    }))

  it('a shard that settles pays the fee in force, gets feeMin back, and is tallied from the batch’s calldata', () =>
    test.undoing(async () => {
      // Shard 2 reports, and its settlement contract is the account that signs.
      const settlement = test.account(6)
      const batch = [first, second, third].find(({ statement }) => statement.assignments.includes(3))
      if (!batch) throw new Error('no order of shard 2')
      const { fees, open, time, assignments, commitments, batchIndex } = batch.statement
      const slot = assignments.indexOf(3)
      const terms = {
        fees: feeWords(fees),
        openMask: openMask(open),
        time,
        count: commitments.length,
        beneficiary: batch.submission.beneficiary,
      }
      const unit = await system.ask<bigint>('reputation', 'unit')
      const fee = at(fees, 2)
      const settle = [inclusionOf(batch, slot), terms] as const
      await expectRevert(system.tryOut('reputation', 'settle', ...settle, { value: fee * unit }), 'NotTheShard')
      const insurance = await system.ask<string>('reputation', 'insurance')
      const before = await system.ask<bigint>('reputation', 'creditOf', insurance)
      await system.send('reputation', settlement, 'settle', settle, fee * unit)
      expect(await system.ask('reputation', 'creditOf', settlement.address)).to.equal(unit)
      expect(await system.ask('reputation', 'creditOf', insurance)).to.equal(before + (fee - 1n) * unit)

      const { stage } = system
      const { head, states, blind, epoch, seed } = stage
      await expectRevert(system.tryOut('reputation', 'close', epoch), 'NotNextEpoch')
      await stage.openEpoch(head.nextIndex)
      await stage.submit(await stage.batch(0, { time: await system.nowUs() }))
      await system.send('reputation', system.challenger, 'close', [epoch])
      const { record } = inclusionOf(batch, 0)
      const packed = packItems(assignments.map(BigInt), 8, 31)
      // A short epoch is tallied whole: its samples are its batches.
      const args = [epoch, batchIndex, record, terms, commitments, packed]
      await expectRevert(
        system.tryOut('reputation', 'tally', ...args.with(4, [...commitments].reverse())),
        'BatchMismatch',
      )
      await system.send('reputation', system.challenger, 'tally', args)
      await expectRevert(system.tryOut('reputation', 'conclude', epoch), 'TallyIncomplete')
      Object.assign(stage, { head, states, blind, epoch, seed })
    })).timeout(60_000)

  describe('served work', () => {
    const BOND = parseEther('0.05')
    const demand = () => [1n, system.opened(second), system.opened(first), 2]
    const report = (change = {}) =>
      system.report({ epoch: system.stage.epoch, shard: 2, counter: 4000n, time: second.statement.time, ...change })

    it('with a report costs whoever asks', () =>
      test.undoing(async () => {
        await system.send('reportChallenges', system.challenger, 'demandReport', demand(), BOND)
        const asked = await system.reader.demands(await system.allBlocks())
        const { epoch } = system.stage
        const { time: batchTime } = second.statement
        expect(asked).to.have.length(1)
        expect(asked[0]).to.include({ index: 1n, shard: 2, epoch, counter: 4000n, batchTime })
        const late = [1n, 2, ...report({ time: second.statement.time + 1n })]
        await expectRevert(system.tryOut('reportChallenges', 'showReport', ...late), 'ReportRefused')
        await system.send('reportChallenges', test.account(3), 'showReport', [1n, 2, ...report()])
        expect(await system.ask('reportChallenges', 'creditOf', test.account(0).address)).to.equal(BOND)
        await system.pass(301)
        await expectRevert(system.tryOut('reportChallenges', 'concludeDemand', 1n, 2), 'NotAsked')
        expect(await system.ask('bond', 'stake')).to.equal(parseEther('100'))
      }))

    it('without one is slashed', () =>
      test.undoing(async () => {
        await system.send('reportChallenges', system.challenger, 'demandReport', demand(), BOND)
        await system.pass(301)
        await system.send('reportChallenges', test.account(3), 'concludeDemand', [1n, 2])
        const { address } = system.challenger
        expect(await system.ask('bond', 'creditOf', address)).to.equal(ETHER / 2n)
        expect(await system.ask('reportChallenges', 'creditOf', address)).to.equal(BOND)
      }))

    it('that a posted report is more than, and no batch applies, is slashed', () =>
      test.undoing(async () => {
        const posted = report({ counter: 9000n, time: 1n })
        await system.send('reportChallenges', test.account(3), 'postReport', [...posted])
        const [known] = await system.reader.postedReports(await system.allBlocks())
        expect(known).to.include({ epoch: system.stage.epoch, shard: 2, counter: 9000n })
        await system.pass(301)
        const { head, states, blind } = system.stage
        const late = await system.stage.batch(1, { time: await system.nowUs() })
        await system.stage.submit(late)
        await system.finalize(late)
        const args = [3n, system.opened(late), system.opened(third), 2, 9000n]
        await system.send('reportChallenges', system.challenger, 'proveIgnored', args)
        expect(await system.ask('bond', 'stake')).to.equal(parseEther('99'))
        Object.assign(system.stage, { head, states, blind })
      }))
  })
})
