import { expect } from 'chai'
import { Contract } from 'ethers'
import { ROUTING_LEDGER_ABI } from '../../src/chain/abi.ts'
import { LedgerReader } from '../../src/chain/reader.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { receiptDigest } from '../../src/order/receipt.ts'
import { sealDigest } from '../../src/order/seal-signature.ts'
import { resetStates } from '../../src/route/state.ts'
import { headHash, sealHash, sealSeed } from '../../src/statement/record.ts'
import { element } from '../helpers/fixtures.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { expectRevert } from './revert.ts'
import { Stage } from './stage.ts'
import { SEED_DELAY } from './staged-batch.ts'

describe('RoutingLedger, the way out', () => {
  let test: TestChain
  let stage: Stage
  let inbox: Contract

  beforeEach(async function () {
    this.timeout(120_000)
    test ??= await startTestChain()
    stage = await Stage.withDoubles(test)
    inbox = new Contract(stage.deployment.ledger, ROUTING_LEDGER_ABI, test.account(3))
    await stage.submitted(3)
  })
  after(() => test?.stop())

  const call = (name: string, ...args: unknown[]) => stage.ledger.getFunction(name)(...args)
  const abandon = async () => (await stage.operatorLedger.getFunction('abandonEpoch')(stage.head.nextIndex)).wait()

  it('an abandoned epoch takes no batch, and the next goes on from the last state', async () => {
    const late = await stage.batch(2)
    await abandon()
    await expectRevert(stage.tryOut(late.submission), 'EpochNotOpen', [1n])
    expect(await call('isVoid', 1n, 1n)).to.equal(true)
    expect(await call('isVoid', 1n, 0n)).to.equal(false)
    expect(await call('epochAt', 1n)).to.equal(0n)
    await expectRevert(
      stage.operatorLedger.getFunction('announceEpoch').staticCall(stage.announcement(2n)),
      'FirstBatchInvalid',
      [2n],
    )
    await stage.openEpoch(1n)
    await stage.submitted(2)
    expect(await call('epochAt', 1n)).to.equal(2n)
    expect(await call('epochAt', 0n)).to.equal(1n)
    expect(await call('head')).to.equal(headHash(stage.head))
  })

  it('or from the public reset state, when its opening is lost', async () => {
    await expectRevert(
      stage.operatorLedger.getFunction('announceEpoch').staticCall(stage.announcement(1n, { fromReset: true })),
      'ResetRefused',
    )
    await abandon()
    await stage.openEpoch(1n, { fromReset: true })
    Object.assign(stage, { states: resetStates(4), blind: 0n })
    await stage.submitted(4)
    await stage.submitted(1)
    expect(await call('head')).to.equal(headHash(stage.head))
  })

  it('a frozen ledger takes no batch until its epoch is abandoned', async () => {
    const batch = await stage.batch(2)
    await expectRevert(stage.ledger.getFunction('freeze').staticCall(), 'NotInbox')
    await (await inbox.getFunction('freeze')()).wait()
    await expectRevert(stage.tryOut(batch.submission), 'LedgerFrozen')
    expect(await call('frozen')).to.equal(true)
    expect(await call('head')).to.equal(headHash(stage.head))
    await abandon()
    expect(await call('frozen')).to.equal(false)
    await stage.openEpoch(1n)
    await stage.submitted(2)
  })

  it('anybody abandons with a receipt whose batch is overdue', async () => {
    const block = await test.provider.getBlock('latest')
    const time = BigInt(block?.timestamp ?? 0) * 1_000_000n
    const receipt = { epoch: 1n, batch: 1n, slot: 0, commitment: element(1), assignment: 1, time }
    const { r, yParityAndS } = stage.signer.sign(receiptDigest(domainSeparator(stage.deployment), receipt))
    const overdue = stage.ledger.getFunction('abandonOverdue')
    await expectRevert(overdue.staticCall(1n, receipt, r, yParityAndS), 'NotOverdue')
    await test.wait(602)
    await expectRevert(overdue.staticCall(2n, receipt, r, yParityAndS), 'NotNextIndex', [2n])
    await expectRevert(overdue.staticCall(1n, { ...receipt, slot: 1 }, r, yParityAndS), 'ReceiptSignatureInvalid')
    await expectRevert(overdue.staticCall(1n, { ...receipt, batch: 0n }, r, yParityAndS), 'BatchAcceptedAlready', [0n])
    await expectRevert(overdue.staticCall(1n, { ...receipt, epoch: 2n }, r, yParityAndS), 'ReceiptOutdated', [2n])
    await (await overdue(1n, receipt, r, yParityAndS)).wait()
    await expectRevert(overdue.staticCall(1n, receipt, r, yParityAndS), 'ReceiptOutdated', [1n])
  })

  it('a sealed batch is delivered with the seed of a later block, and read so', async () => {
    await abandon()
    await stage.openEpoch(1n, { sealedMode: true })
    const draft = await stage.batch(5)
    const hash = sealHash(draft.statement, draft.next.counters)
    await expectRevert(stage.tryOut(draft.submission), 'SealMismatch')
    const { r, yParityAndS } = stage.signer.sign(sealDigest(domainSeparator(stage.deployment), stage.epoch, 1n, hash))
    await (await call('sealBatch', 1n, hash, r, yParityAndS)).wait()
    const { seedBlock } = await call('sealOf', stage.epoch, 1n)
    await test.mine(SEED_DELAY)
    const block = await test.provider.getBlock(Number(seedBlock))
    const blockHash = block?.hash ?? ''
    const seed = sealSeed(stage.deployment, stage.epoch, 1n, blockHash)
    stage.seed = seed
    const batch = await stage.batch(5)
    expect(batch.statement.commitments).to.deep.equal(draft.statement.commitments)
    await stage.submit(batch)
    const reader = await LedgerReader.connect({ rpcUrl: test.chain.url, ledger: stage.deployment.ledger })
    try {
      const told = { seed, blockHash, sealHash: hash, chainHash: blockHash }
      expect((await reader.batch(1n))?.seal).to.deep.equal(told)
      expect((await reader.batch(0n))?.seal).to.equal(undefined)
    } finally {
      reader.close()
    }
  })
})
