import { expect } from 'chai'
import { parseEther } from 'ethers'
import { hex32 } from '../../src/base/keccak.ts'
import { detailsWords, headWords, openingWords } from '../../src/chain/evidence.ts'
import { run } from '../../src/cli/run.ts'
import { detailsOf } from '../../src/order/details.ts'
import { commitmentOf, type Order } from '../../src/order/order.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { Screen } from '../cli/terminal.ts'
import { element, policyFixture } from '../helpers/fixtures.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { inclusionOf } from './inclusion.ts'
import { expectRevert } from './revert.ts'
import { System } from './system.ts'

const CIRCUIT = 'two-choice-4-8'
const FEE = parseEther('0.01')

describe('forced orders and void receipts over real proofs', () => {
  let test: TestChain
  let prover: SnarkjsProver
  let system: System

  before(async function () {
    this.timeout(300_000)
    prover = new SnarkjsProver()
    const [chain, artifacts] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
    system = await System.deploy(test, prover, artifacts, policyFixture(4))
    await system.stage.submitted(2)
  })
  after(async () => {
    await prover?.close()
    await test?.stop()
  })

  const trader = () => test.account(8)

  /** An order of the trader, with details as the client makes them. */
  function order(nonce: bigint) {
    const details = {
      account: trader().address,
      market: hex32(7n),
      price: 5n,
      expiry: 99n,
      nonce,
      timeInForce: 1,
      maxFee: 3n,
      salt: hex32(element(40, nonce)),
    }
    const fields: Order = {
      size: 9,
      side: 'sell',
      segment: 'retail',
      details: detailsOf(system.stage.deployment, details),
    }
    return { details, fields, commitment: commitmentOf(fields) }
  }

  const post = ({ fields, commitment }: ReturnType<typeof order>) =>
    system.send('inbox', trader(), 'post', [fields.size, 1, fields.details, commitment], FEE)

  /** A watch of the ledger that has looked at all that is there. */
  async function watching(): Promise<{ exitCode: Promise<number>; said: () => string }> {
    const [stdout, stderr] = [new Screen(), new Screen()]
    const args = ['audit', 'watch', '--rpc', test.chain.url, '--ledger', system.book.contracts.ledger]
    const terminal = { stdout, stderr, env: {}, interrupted: new AbortController().signal }
    const looked = new Promise<void>((resolve) => {
      stdout.on('told', resolve)
    })
    const exitCode = run([...args, '--interval', '1', '--depth', '0'], terminal)
    await Promise.race([looked, exitCode])
    return { exitCode, said: () => stdout.text }
  }

  it('an order of the TypeScript client is taken, in a proven batch, and discharged', async () => {
    const forced = order(1n)
    await post(forced)
    const { size, details } = forced.fields
    const { commitment } = forced
    const known = { number: 0n, commitment, trader: trader().address, size, side: 1, segment: 0, details }
    expect(await system.reader.forcedOrders(await system.allBlocks())).to.deep.equal([known])
    expect(await system.reader.due()).to.include({ from: 0n, to: 1n, left: 1n })
    const batch = await system.stage.batch([forced.fields], { time: await system.nowUs() })
    await system.stage.submit(batch)
    await system.send('inbox', test.account(0), 'discharge', [inclusionOf(batch, 0), headWords(batch.next)])
    expect(await system.ask('inbox', 'creditOf', test.account(0).address)).to.equal(FEE / 2n)
    expect((await system.ask<bigint[]>('inbox', 'due'))[2]).to.equal(0n)
  })

  it('an institutional opening is refused to a retail account', async () => {
    const { fields } = order(2n)
    const commitment = commitmentOf({ ...fields, segment: 'institutional' })
    const args = [fields.size, 1, fields.details, commitment, { value: FEE }]
    await expectRevert(system.tryOut('inbox', 'post', ...args), 'CommitmentMismatch', [commitmentOf(fields)])
  })

  it('an order that nobody takes freezes the ledger; the epoch ends, its receipts are redeemed, and the next one goes on', async function () {
    this.timeout(60_000)
    const { stage, challenger } = system
    const forced = order(3n)
    await post(forced)
    await expectRevert(system.tryOut('inbox', 'freeze'), 'NotOverdue')
    // Promised, and never accepted.
    const lost = order(4n)
    const next = stage.head.nextIndex
    const promised = {
      epoch: stage.epoch,
      batch: next,
      slot: 0,
      commitment: lost.commitment,
      assignment: 2,
      time: await system.nowUs(),
    }
    const watch = await watching()
    await system.pass(121)
    // No batch comes any more, and the watch tells all the same.
    expect([await watch.exitCode, watch.said()]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && /^FAILED forced-taken \(orders 1 … 1\)/m.test(said),
    )
    const refused = await stage.batch(1, { time: await system.nowUs() })
    await system.send('inbox', challenger, 'freeze', [])
    expect(await system.ask('ledger', 'frozen')).to.equal(true)
    await expectRevert(stage.tryOut(refused.submission), 'LedgerFrozen')
    expect(await system.ask('bond', 'creditOf', challenger.address)).to.equal(parseEther('1'))
    await system.send('inbox', test.account(3), 'abandon', [next])
    expect(await system.ask('ledger', 'isVoid', stage.epoch, next)).to.equal(true)

    const old = stage.epoch
    await system.send('redemption', challenger, 'open', [old])
    const claim = [...system.signed(promised), openingWords(lost.fields), detailsWords(lost.details)]
    await expectRevert(system.tryOut('redemption', 'claim', ...claim), 'NotTheTrader')
    await system.send('redemption', trader(), 'claim', claim)
    await system.pass(3601)
    const stake = await system.ask<bigint>('bond', 'stake')
    await system.send('redemption', challenger, 'settle', [old])
    expect(await system.ask('bond', 'stake')).to.equal(stake - parseEther('0.5'))
    await system.send('redemption', challenger, 'redeem', [old, next, 0])
    const held = await test.provider.getBalance(challenger.address)
    await system.send('redemption', trader(), 'collect', [challenger.address])
    expect(await test.provider.getBalance(challenger.address)).to.equal(held + parseEther('0.5'))

    // The forced order is still due, and the next epoch takes it.
    await stage.openEpoch(next)
    const batch = await stage.batch([forced.fields], { time: await system.nowUs() })
    await stage.submit(batch)
    await system.send('inbox', test.account(0), 'discharge', [inclusionOf(batch, 0), headWords(batch.next)])
    expect((await system.ask<bigint[]>('inbox', 'due'))[2]).to.equal(0n)
    // The void receipt contradicts the batch that has its place now, and is no fault.
    await system.finalize(batch)
    const void_ = [...system.signed(promised), headWords(batch.next), inclusionOf(batch, 0)]
    await expectRevert(system.tryOut('receiptChallenges', 'proveContradiction', ...void_), 'NoFault')
  })
})
