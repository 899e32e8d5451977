import { expect } from 'chai'
import { ZeroAddress, ZeroHash } from 'ethers'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { keyCommitmentOf } from '../../src/policy/keys.ts'
import { policyHash } from '../../src/policy/policy.ts'
import { epochSeed } from '../../src/statement/record.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { expectRevert } from './revert.ts'
import { Stage } from './stage.ts'
import { SEED_DELAY } from './staged-batch.ts'

describe('epochs', () => {
  let test: TestChain
  let stage: Stage

  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
    stage = await Stage.withDoubles(test)
  })
  after(() => test?.stop())

  const announce = (change: object = {}, firstBatch = stage.head.nextIndex) =>
    stage.operatorLedger.getFunction('announceEpoch').staticCall({ ...stage.announcement(firstBatch), ...change })

  it('have the seed that the announced block gives', async () => {
    const { seed, seedBlock } = await stage.ledger.getFunction('epochOf')(1n)
    const block = await test.provider.getBlock(Number(seedBlock))
    expect(seed).to.equal(epochSeed(stage.deployment, 1n, block?.hash ?? ZeroHash))
  })

  it('are told in full', async () => {
    const epoch = await stage.ledger.getFunction('epochOf')(1n)
    expect(epoch.keyCommit).to.equal(keyCommitmentOf(stage.key))
    expect(epoch.signer).to.equal(test.account(1).address)
    expect(epoch.policyHash).to.equal(policyHash(stage.published()))
    expect(epoch.policyWords.toArray()).to.deep.equal(stage.policyWords().words)
    expect(epoch.verifiers.map((v: { verifier: string }) => v.verifier)).to.deep.equal(stage.verifiers)
    await expectRevert(stage.ledger.getFunction('epochOf')(2n), 'EpochUnknown', [2n])
    await expectRevert(stage.ledger.getFunction('epochOf')(0n), 'EpochUnknown', [0n])
  })

  it('cannot be announced while one waits for its first batch', () => expectRevert(announce(), 'EpochWaiting', [1n]))

  it('cannot be opened twice', () =>
    expectRevert(stage.ledger.getFunction('openEpoch').staticCall(), 'EpochAlreadyOpen', [1n]))

  it('start at batch 0 with the first', async () => {
    const bare = await Stage.bare(test)
    bare.verifiers.push(...stage.verifiers)
    await expectRevert(bare.ledger.getFunction('openEpoch').staticCall(), 'EpochUnknown', [0n])
    await expectRevert(
      bare.operatorLedger.getFunction('announceEpoch').staticCall(bare.announcement(1n)),
      'FirstBatchInvalid',
      [1n],
    )
    await expectRevert(
      bare.operatorLedger.getFunction('announceEpoch').staticCall(bare.announcement(0n)),
      'PolicyUnknown',
    )
  })

  describe('after an accepted batch', () => {
    before(async () => stage.submit(await stage.batch(2)))

    it('are the operator’s to announce', () =>
      expectRevert(stage.ledger.getFunction('announceEpoch').staticCall(stage.announcement(1n)), 'NotOperator', [
        stage.submitter.address,
      ]))
    it('cannot begin at an accepted batch', () => expectRevert(announce({}, 0n), 'FirstBatchInvalid', [0n]))
    it('need a key commitment', () => expectRevert(announce({ keyCommit: 0n }), 'KeyCommitInvalid', [0n]))
    it('need a key commitment in the field', () =>
      expectRevert(announce({ keyCommit: FIELD_MODULUS }), 'KeyCommitInvalid', [FIELD_MODULUS]))
    it('need a signer', () => expectRevert(announce({ signer: ZeroAddress }), 'SignerMissing'))
    it('need the active policy', () =>
      expectRevert(announce({ policyHash: ZeroHash }), 'PolicyNotActive', [ZeroHash, policyHash(stage.published())]))
    it('need a verifier', () => expectRevert(announce({ verifiers: [] }), 'VerifierCountInvalid', [0n]))
    it('need at most eight', () =>
      expectRevert(announce({ verifiers: new Array(9).fill(stage.verifiers[0]) }), 'VerifierCountInvalid', [9n]))

    it('refuse verifiers of other kinds, shapes and origins', async () => {
      const factory = stage.deployment.verifierFactory
      for (const [kind, shards] of [
        [1, 4],
        [0, 5],
      ] as const) {
        const verifier = await stage.double(factory, kind, shards, 8)
        await expectRevert(announce({ verifiers: [verifier] }), 'VerifierRefused', [verifier])
      }
      await expectRevert(announce({ verifiers: [factory] }), 'VerifierRefused', [factory])
    })

    it('take over at their first batch, by index alone', () =>
      test.undoing(async () => {
        await stage.announceEpoch(2n)
        const firstOfOld = await stage.batch(1)
        expect(await stage.tryOut(firstOfOld.submission)).to.equal('0x')
        await expectRevert(stage.ledger.getFunction('openEpoch').staticCall(), 'BlockNotYet')
        const { head, states, blind } = stage
        await stage.submit(firstOfOld)
        const unopened = await stage.batch(1)
        await expectRevert(stage.tryOut(unopened.submission), 'EpochNotOpen', [2n])
        await test.mine(SEED_DELAY)
        await (await stage.ledger.getFunction('openEpoch')()).wait()
        await expectRevert(stage.tryOut(unopened.submission), 'SignatureInvalid')
        await stage.readEpoch()
        const firstOfNew = await stage.batch(1)
        expect(firstOfNew.next.epoch).to.equal(2n)
        expect(await stage.tryOut(firstOfNew.submission)).to.equal('0x')
        Object.assign(stage, { head, states, blind, epoch: 1n })
      }))

    it('are opened as long as the block’s hash is in reach', () =>
      test.undoing(async () => {
        await stage.announceEpoch(stage.head.nextIndex)
        const { seedBlock } = await stage.ledger.getFunction('epochOf')(2n)
        await test.mine(SEED_DELAY + 300)
        await stage.ledger.getFunction('openEpoch').staticCall()
        const data = stage.ledger.interface.encodeFunctionData('openEpoch')
        const call = { to: stage.deployment.ledger, data }
        const openAt = (number: bigint) =>
          test.provider.send('eth_call', [call, 'latest', {}, { number: `0x${number.toString(16)}` }])
        await openAt(seedBlock + 8_191n)
        await expectRevert(openAt(seedBlock + 8_192n), 'BlockOutOfReach', [seedBlock])
      }))
  })
})
