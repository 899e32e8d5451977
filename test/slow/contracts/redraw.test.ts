import { expect } from 'chai'
import { Contract } from 'ethers'
import { packItems } from '../../../src/base/pack.ts'
import { readArtifact } from '../../../src/chain/artifact.ts'
import { deployContract } from '../../../src/chain/deploy.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { feeWords, openMask } from '../../../src/statement/statement.ts'
import { startTestChain, type TestChain } from '../../contracts/chain.ts'
import { inclusionOf } from '../../contracts/inclusion.ts'
import { expectRevert } from '../../contracts/revert.ts'
import { Stage } from '../../contracts/stage.ts'
import type { StagedBatch } from '../../contracts/staged-batch.ts'

/** Beyond the reach of EIP-2935: 8,191 blocks, which a chain takes minutes to mine. */
describe('Reputation, a draw that is out of reach', () => {
  let test: TestChain
  before(async () => {
    test = await startTestChain()
  })
  after(() => test.stop())

  it('is made again, and its epoch is concluded', async function () {
    this.timeout(600_000)
    const stage = await Stage.withDoubles(test)
    const { ledger, registry, seedSource } = stage.deployment
    const account = test.account(0)
    // One sample of two batches.
    const args = [ledger, registry, seedSource, account.address, 1n, 1n, 2n]
    const address = await deployContract(packageRoot(), account, 'Reputation', args)
    const reputation = new Contract(address, readArtifact(packageRoot(), 'Reputation').abi, account)
    const send = async (name: string, ...values: unknown[]) => (await reputation.getFunction(name)(...values)).wait()
    const batches = [await stage.submitted(3), await stage.submitted(2)]
    await stage.openEpoch(stage.head.nextIndex)
    await stage.submitted(1)
    await send('close', 1)
    await test.mine(8_200)
    await expectRevert(reputation.getFunction('draw').staticCall(1), 'BlockOutOfReach')
    await expectRevert(reputation.getFunction('tally').staticCall(1, 0, ...tallied(batches[0])), 'BlockOutOfReach')
    await send('redraw', 1)
    await test.mine(2)
    const index = await reputation.getFunction('sampleOf')(1, 0)
    await send('tally', 1, 0, ...tallied(batches[Number(index)]))
    await send('conclude', 1)
    expect(await reputation.getFunction('concluded')()).to.equal(1n)
  })
})

function tallied(batch: StagedBatch | undefined): unknown[] {
  if (!batch) throw new Error('the epoch has two batches')
  const { statement, submission } = batch
  const { commitments, assignments, fees, open, time } = statement
  const { beneficiary } = submission
  const terms = { fees: feeWords(fees), openMask: openMask(open), time, count: commitments.length, beneficiary }
  return [inclusionOf(batch, 0).record, terms, commitments, packItems(assignments.map(BigInt), 8, 31)]
}
