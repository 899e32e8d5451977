import { expect } from 'chai'
import { Contract, Interface } from 'ethers'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { ROUTING_LEDGER_ABI } from '../../src/chain/abi.ts'
import { headHash, orderRoot, recordHash, termsHash } from '../../src/statement/record.ts'
import { statementHash } from '../../src/statement/statement.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { BENEFICIARY, Stage } from './stage.ts'

describe('RoutingLedger.submitBatch', () => {
  let test: TestChain
  let stage: Stage

  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
    stage = await Stage.withDoubles(test)
  })
  after(() => test?.stop())

  it('keeps the head and the record that the protocol defines, and says so', async () => {
    for (const count of [3, 8, 0, 1]) {
      const batch = await stage.batch(count)
      const { nextIndex: index } = stage.head
      const receipt = await stage.submit(batch)
      const parts = {
        orderRoot: orderRoot(batch.statement),
        statementHash: statementHash(batch.words),
        head: headHash(batch.next),
        terms: termsHash(batch.statement),
      }
      expect(await stage.ledger.getFunction('head')()).to.equal(parts.head)
      expect(await stage.ledger.getFunction('recordOf')(index)).to.equal(recordHash(parts))
      const [log] = receipt.logs
      const event = log && new Interface(ROUTING_LEDGER_ABI).parseLog(log)
      expect(event?.args.toArray()).to.deep.equal([
        index,
        1n,
        BENEFICIARY,
        BigInt(count),
        parts.statementHash,
        parts.orderRoot,
        parts.head,
      ])
    }
  })
})
