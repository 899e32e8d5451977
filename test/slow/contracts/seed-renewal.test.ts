import { startTestChain, type TestChain } from '../../contracts/chain.ts'
import { expectRevert } from '../../contracts/revert.ts'
import { Stage } from '../../contracts/stage.ts'
import { SEED_DELAY } from '../../contracts/staged-batch.ts'

/** Beyond the reach of EIP-2935: 8,191 blocks, which a chain takes minutes to mine. */
describe('RoutingLedger, a seed block that is out of reach', () => {
  let test: TestChain
  before(async () => {
    test = await startTestChain()
  })
  after(() => test.stop())

  it('is renewed', async function () {
    this.timeout(600_000)
    const stage = await Stage.withDoubles(test)
    const ledger = (name: string) => stage.ledger.getFunction(name)
    await stage.submitted(3)
    await (await stage.operatorLedger.getFunction('abandonEpoch')(stage.head.nextIndex)).wait()
    await stage.announceEpoch(1n)
    await expectRevert(ledger('renewSeedBlock').staticCall(), 'SeedInReach')
    await test.mine(8_200)
    await expectRevert(ledger('openEpoch').staticCall(), 'BlockOutOfReach')
    await (await ledger('renewSeedBlock')()).wait()
    await test.mine(SEED_DELAY)
    await (await ledger('openEpoch')()).wait()
    await stage.readEpoch()
    await stage.submitted(1)
  })
})
