import { expect } from 'chai'
import { makeAnchor } from '../../src/audit/anchor.ts'
import { checkAnchor } from '../../src/audit/anchor-checks.ts'
import { auditLedger } from '../../src/audit/audit.ts'
import { auditBundle } from '../../src/audit/bundle.ts'
import { parseJson } from '../../src/audit/json-text.ts'
import { makeBundle } from '../../src/audit/make-bundle.ts'
import { rebuild } from '../../src/audit/rebuild.ts'
import { report } from '../../src/audit/report.ts'
import { at } from '../../src/base/at.ts'
import { jsonText } from '../../src/base/json.ts'
import { packItems } from '../../src/base/pack.ts'
import { LedgerReader } from '../../src/chain/reader.ts'
import type { ChainEpoch } from '../../src/chain/records.ts'
import { readAnchorFromChain } from '../../src/cli/audit/make-anchor.ts'
import { multipliedWords } from '../../src/policy/multiplied.ts'
import { shardPolicyOf } from '../../src/policy/policy.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { feeWords, openMask } from '../../src/statement/statement.ts'
import { fairlead } from '../cli/terminal.ts'
import { catchError } from '../helpers/catch-error.ts'
import { policyFixture } from '../helpers/fixtures.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { inclusionOf } from './inclusion.ts'
import { expectRevert } from './revert.ts'
import type { StagedBatch } from './staged-batch.ts'
import { System } from './system.ts'

const CIRCUIT = 'two-choice-4-8'
/** Settles nothing. */
const LAZY = 3
const SAMPLES = 8

/** A shard settles too little in one epoch, and has less weight two epochs later: on chain, in the proofs, and for whoever audits. */
describe('reputation over real proofs', () => {
  let test: TestChain
  let prover: SnarkjsProver
  let system: System
  let reader: LedgerReader
  const epochs: StagedBatch[][] = []

  before(async function () {
    this.timeout(600_000)
    prover = new SnarkjsProver()
    const [chain, artifacts] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
    // Reports that never come: backlogs stay, and every fee rises with every batch.
    const policy = policyFixture(4, 'two-choice', { reporting: true, target: 0n })
    const unit = '0.0000001'
    system = await System.deploy(test, prover, artifacts, policy, { reputation: { unit, samples: SAMPLES } })
    const { stage, book } = system
    reader = await LedgerReader.connect({ rpcUrl: test.chain.url, ledger: book.contracts.ledger })
    await run(new Array(SAMPLES).fill(6))
    for (const batch of at(epochs, 0)) await settleAllBut(batch)
    await stage.openEpoch(stage.head.nextIndex)
    // One more than samples: its sample is drawn.
    await run([...new Array(SAMPLES).fill(1), 4])
  })
  after(async () => {
    reader?.close()
    await prover?.close()
    await test?.stop()
  })

  /** Batches of so many orders, of the running epoch. */
  async function run(counts: readonly number[]): Promise<void> {
    const { stage } = system
    const batches = await stage.batches(counts)
    for (let from = 0; from < batches.length; from += 4) await stage.submitAll(batches.slice(from, from + 4))
    epochs.push(batches)
  }

  const termsOf = ({ statement, submission }: StagedBatch) => ({
    fees: feeWords(statement.fees),
    openMask: openMask(statement.open),
    time: statement.time,
    count: statement.commitments.length,
    beneficiary: submission.beneficiary,
  })

  async function settleAllBut(batch: StagedBatch): Promise<void> {
    const unit = await system.ask<bigint>('reputation', 'unit')
    for (const [slot, byte] of batch.statement.assignments.entries()) {
      if (byte === 0 || byte - 1 === LAZY) continue
      const fee = at(batch.statement.fees, byte - 1)
      await system.send('reputation', test.account(6), 'settle', [inclusionOf(batch, slot), termsOf(batch)], fee * unit)
    }
  }

  const sampleArgs = (batch: StagedBatch) => {
    const { commitments, assignments } = batch.statement
    return [inclusionOf(batch, 0).record, termsOf(batch), commitments, packItems(assignments.map(BigInt), 8, 31)]
  }
  const tally = async (epoch: number, sample: number): Promise<void> => {
    const index = await system.ask<bigint>('reputation', 'sampleOf', epoch, sample)
    const batch = epochs.flat().find(({ statement }) => statement.batchIndex === index) ?? expect.fail()
    await system.send('reputation', system.challenger, 'tally', [epoch, sample, ...sampleArgs(batch)])
  }

  /** What anybody says on the command line to have ended epochs concluded. */
  const concluded = async () => {
    const place = ['--rpc', test.chain.url, '--ledger', system.book.contracts.ledger]
    const env = { FAIRLEAD_CHALLENGER_KEY: test.key(7) }
    const { exitCode, stdout, stderr } = await fairlead(['reputation', 'conclude', ...place, '--json'], env)
    return { exitCode, stderr, ...JSON.parse(stdout) }
  }

  /** Failed checks of an audit of the chain, with epochs as they are or bent. */
  async function failures(bend: (epochs: ChainEpoch[]) => ChainEpoch[] = (all) => all): Promise<string[]> {
    const records = await reader.records()
    const { failures } = await report(auditLedger({ ...records, epochs: bend([...records.epochs]) }))
    return [...new Set(failures.map(({ name }) => name))]
  }
  const third = (change: (epoch: ChainEpoch) => object) => (all: ChainEpoch[]) =>
    all.map((epoch) => (epoch.epoch === 3n ? { ...epoch, ...change(epoch) } : epoch))

  it('concludes an epoch from its tallied batches', async () => {
    const done = await concluded()
    expect(done).to.include({ exitCode: 0, closed: '1', concluded: '1', why: 'epoch 2 is not over' })
    const methods = ['close', ...Array(SAMPLES).fill('tally'), 'conclude']
    expect(done.calls.map(({ method }: { method: string }) => method)).to.deep.equal(methods)
    expect(await concluded()).to.deep.include({ exitCode: 0, calls: [] })
    const lowered = [256n, 256n, 256n, 248n]
    expect(Array.from(await system.ask<bigint[]>('reputation', 'multipliersFor', 3))).to.deep.equal(lowered)
    // The epoch that runs was fixed before.
    expect((await reader.epoch(2n)).multipliers).to.deep.equal([256n, 256n, 256n, 256n])
  })

  it('gives the third epoch lower words, under which its batches are proven', async function () {
    this.timeout(120_000)
    const { stage } = system
    await stage.openEpoch(stage.head.nextIndex)
    const epoch = await reader.epoch(3n)
    expect(epoch.multipliers).to.deep.equal([256n, 256n, 256n, 248n])
    expect(epoch.policyWords).to.deep.equal(multipliedWords(epoch.policy.words, epoch.multipliers))
    const [published, inForce] = [epoch.policy.words, epoch.policyWords].map((words) => shardPolicyOf(at(words, LAZY)))
    expect(published?.weights).to.deep.equal([4n, 2n])
    expect(inForce?.weights).to.deep.equal([3n, 1n])
    await run([5])
    expect(at(epochs, 2)[0]?.statement.policyWords).to.deep.equal(epoch.policyWords)
  })

  it('lets the auditor follow, and catch words that are multiplied otherwise', async function () {
    this.timeout(120_000)
    expect(await failures()).to.deep.equal([])
    expect(await failures(third(({ policy }) => ({ policyWords: policy.words })))).to.include('policy-words')
    const spared = [256n, 256n, 256n, 256n]
    const names = await failures(third(({ policy }) => ({ policyWords: policy.words, multipliers: spared })))
    expect(names).to.include.members(['epoch-announced', 'statement-hash'])
  })

  it('lets a bundle of the epoch be checked offline, and no anchor be made of other words', async () => {
    const last = await reader.batch(system.stage.head.nextIndex - 1n)
    const epoch = await reader.epoch(3n)
    if (!last) throw new Error('no last batch')
    const anchor = await readAnchorFromChain(reader, { first: last.index })
    expect(anchor.epochs.map(({ multipliers }) => multipliers)).to.deep.equal([[256n, 256n, 256n, 248n]])
    expect((await report(checkAnchor(anchor))).failures).to.deep.equal([])
    const before = at(epochs, 1).at(-1)?.next
    const rebuilt = before && rebuild({ shards: 4, slots: 8 }, epoch, before, last)
    if (!rebuilt || typeof rebuilt === 'string') throw new Error('V cannot be rebuilt')
    const bundle = parseJson(jsonText(makeBundle(reader.config, epoch, last, rebuilt)))
    expect((await report(auditBundle(bundle, { anchor }))).verdict).to.equal('good')
    const source = { config: reader.config, block: anchor.block, accepted: anchor.accepted, firstBatch: last.index }
    const doctored = { ...epoch, policyWords: epoch.policy.words }
    const make = async () => makeAnchor({ ...source, records: [last.record], epochs: [doctored] })
    expect((await catchError(make)).code).to.equal('ANCHOR_INVALID')
  })

  it('is told by `fairlead epoch show`', async () => {
    const place = ['--rpc', test.chain.url, '--ledger', system.book.contracts.ledger]
    const { stdout } = await fairlead(['epoch', 'show', ...place])
    expect(stdout).to.match(/^multipliers +256,256,256,248$/m)
    expect(JSON.parse((await fairlead(['epoch', 'show', ...place, '--json'])).stdout).multipliers).to.deep.equal([
      '256',
      '256',
      '256',
      '248',
    ])
  })

  describe('a sample whose block slips out of reach', () => {
    const close = async () => {
      await system.send('reputation', system.challenger, 'close', [2])
      return BigInt(await test.provider.getBlockNumber()) + 1n
    }
    /** What the contract would say in a later block. */
    const inBlock = (blockNumber: bigint, method: string, ...args: unknown[]) => {
      const { interface: abi } = system.contract('reputation')
      const call = { to: system.book.contracts.reputation, data: abi.encodeFunctionData(method, args) }
      return test.provider.send('eth_call', [call, 'latest', {}, { number: `0x${blockNumber.toString(16)}` }])
    }

    it('is drawn again by anybody, and only then', () =>
      test.undoing(async () => {
        const drawn = await close()
        await expectRevert(inBlock(drawn - 1n, 'redraw', 2), 'DrawInReach', [drawn])
        await expectRevert(inBlock(drawn, 'redraw', 2), 'DrawInReach', [drawn])
        await test.mine(300)
        await expectRevert(inBlock(drawn + 8_191n, 'redraw', 2), 'DrawInReach', [drawn])
        await inBlock(drawn + 8_191n, 'draw', 2)
        const late = drawn + 8_192n
        const tallyArgs = [2, 0, ...sampleArgs(at(at(epochs, 1), 0))]
        await expectRevert(inBlock(late, 'draw', 2), 'BlockOutOfReach', [drawn])
        await expectRevert(inBlock(late, 'tally', ...tallyArgs), 'BlockOutOfReach', [drawn])
        await inBlock(late, 'redraw', 2)
      }))

    it('stays what it is once one batch was tallied: who does not like it wins nothing by waiting', () =>
      test.undoing(async () => {
        const late = (await close()) + 20_000n
        await test.mine(2)
        const sample = (block: bigint) => Promise.all([0, 1, 2, 3].map((i) => inBlock(block, 'sampleOf', 2, i)))
        const before = await sample(BigInt(await test.provider.getBlockNumber()))
        await tally(2, 0)
        await expectRevert(inBlock(late, 'redraw', 2), 'NothingToDraw', [2n])
        expect(await sample(late)).to.deep.equal(before)
        for (let i = 1; i < SAMPLES; i++) await tally(2, i)
        await system.send('reputation', system.challenger, 'conclude', [2])
        await expectRevert(inBlock(late, 'redraw', 2), 'NothingToDraw', [2n])
      }))
  })
})
