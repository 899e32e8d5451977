import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseEther, Signature } from 'ethers'
import { jsonText } from '../../src/base/json.ts'
import { hex32 } from '../../src/base/keccak.ts'
import { orderToJson, type PreparedOrder, prepareOrder } from '../../src/client/prepare.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { failureCode, fairlead } from '../cli/terminal.ts'
import { policyFixture } from '../helpers/fixtures.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { System } from './system.ts'

const TRADER = 8

describe('fairlead escape', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-escape-'))
  let test: TestChain
  let prover: SnarkjsProver
  let system: System

  before(async function () {
    this.timeout(300_000)
    prover = new SnarkjsProver()
    const [chain, artifacts] = await Promise.all([startTestChain(), ensureCircuit('two-choice-4-8')])
    test = chain
    system = await System.deploy(test, prover, artifacts, policyFixture(4))
    await system.stage.submitted(1)
  })
  after(async () => {
    await prover?.close()
    await test?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** What the account says on the command line. */
  const says = (account: number, ...args: string[]) =>
    fairlead(['escape', ...args, '--rpc', test.chain.url, '--ledger', system.book.contracts.ledger, '--json'], {
      FAIRLEAD_TRADER_KEY: test.key(account),
    })
  const told = async (account: number, ...args: string[]) => {
    const { exitCode, stdout } = await says(account, ...args)
    return { exitCode, ...JSON.parse(stdout) }
  }

  const orderOf = (nonce: bigint, segment: PreparedOrder['segment'] = 'retail'): PreparedOrder => {
    const terms = { market: hex32(7n), price: 5n, expiry: 99n, timeInForce: 1, maxFee: 3n }
    const order = { size: 9, side: 'sell', terms: { account: test.account(TRADER).address, nonce, ...terms } } as const
    return prepareOrder(order, segment, system.stage.deployment)
  }
  const kept = (name: string, text: string): string => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }
  const keptOrder = (name: string, order: PreparedOrder): string => kept(name, orderToJson(order))

  /** A receipt of the operator's for a place in a batch that is still to come. */
  async function promised(name: string, { commitment }: PreparedOrder, batch: bigint, slot: number): Promise<string> {
    const receipt = { epoch: system.stage.epoch, batch, slot, commitment, assignment: 2, time: await system.nowUs() }
    const [, { r, vs }] = system.signed(receipt)
    const signature = Signature.from({ r, yParityAndS: vs }).serialized
    return kept(name, jsonText({ ...receipt, signature }))
  }

  it('needs a key, and quotes none', async () => {
    const chain = ['--rpc', test.chain.url, '--ledger', system.book.contracts.ledger]
    expect(failureCode(await fairlead(['escape', 'status', ...chain]))).to.equal('KEY_MISSING')
    const wrong = await fairlead(['escape', 'status', ...chain], { FAIRLEAD_TRADER_KEY: '0xsecret' })
    expect(failureCode(wrong)).to.equal('KEY_INVALID')
    expect(wrong.stderr).not.to.contain('secret')
  })

  it('has nothing to stop while the operator does its work', async () => {
    const none = { exitCode: 0, posted: '0', overdue: false, frozen: false }
    expect(await told(TRADER, 'status')).to.deep.include(none)
    expect(await told(TRADER, 'freeze')).to.include({ exitCode: 1, why: 'no forced order is overdue' })
    const why = 'the ledger is not frozen, and no sealed batch is overdue: give a receipt'
    expect(await told(TRADER, 'abandon')).to.include({ exitCode: 1, why })
    const early = await promised('early.json', orderOf(1n), system.stage.head.nextIndex, 0)
    expect((await told(TRADER, 'abandon', early)).why).to.match(/^nothing is overdue before 20/)
    const redeemed = await told(TRADER, 'redeem', early, keptOrder('early-order.json', orderOf(1n)))
    // Its salt is another one.
    expect(redeemed).to.include({ exitCode: 1, why: 'the receipt is about another order' })
  })

  it('posts an order once, and no order of another segment', async () => {
    const file = keptOrder('forced.json', orderOf(2n))
    expect(await told(TRADER, 'force', file)).to.deep.include({
      exitCode: 0,
      number: '0',
      fee: `${parseEther('0.01')}`,
    })
    expect(await told(TRADER, 'force', file)).to.deep.include({ exitCode: 0, number: '0', fee: '0', calls: [] })
    const { order, due } = await told(TRADER, 'status', file)
    expect([order.waits, order.number, due.left]).to.deep.equal([true, '0', '1'])
    const other = keptOrder('institutional.json', orderOf(3n, 'institutional'))
    expect((await told(TRADER, 'force', other)).why).to.match(/is registered for the other segment$/)
    expect(failureCode(await fairlead(['escape', 'force', kept('no.json', '{}'), '--rpc', test.chain.url]))).to.equal(
      'USAGE',
    )
    expect((await says(TRADER, 'force', kept('no.json', '{}'))).stderr).to.match(/JSON_INVALID/)
  })

  it('ends the epoch of an operator that ignores it, and is paid for what became void', async function () {
    this.timeout(60_000)
    const lost = orderOf(4n)
    const order = keptOrder('lost-order.json', lost)
    const receipt = await promised('lost.json', lost, system.stage.head.nextIndex, 0)
    expect((await told(TRADER, 'redeem', receipt, order)).why).to.match(/^the receipt is not void/)
    await system.pass(121)
    expect(await told(7, 'freeze')).to.deep.include({ exitCode: 0, frozen: true })
    expect(await told(7, 'freeze')).to.deep.include({ exitCode: 0, calls: [] })
    const ended = await told(7, 'abandon')
    expect([ended.exitCode, BigInt(ended.reward) > 0n]).to.deep.equal([0, true])
    expect(await told(7, 'abandon')).to.include({ exitCode: 1, why: 'no epoch runs' })

    expect((await told(7, 'redeem', receipt, order)).why).to.match(/only that one can claim$/)
    const methods = (calls: readonly { method: string }[]) => calls.map(({ method }) => method)
    const first = await told(TRADER, 'redeem', receipt, order)
    expect([first.exitCode, first.outcome, methods(first.calls)]).to.deep.equal([2, 'later', ['open', 'claim']])
    expect((await told(TRADER, 'redeem', receipt, order)).calls).to.deep.equal([])
    await system.pass(3601)
    const paid = await told(TRADER, 'redeem', receipt, order)
    expect([paid.exitCode, paid.amount]).to.deep.equal([0, `${parseEther('0.5')}`])
    expect(methods(paid.calls)).to.deep.equal(['settle', 'redeem', 'collect'])
    expect(await told(TRADER, 'redeem', receipt, order)).to.deep.include({ exitCode: 0, amount: '0', calls: [] })
  })

  it('ends an epoch for a receipt whose batch is overdue', async () => {
    const next = system.stage.head.nextIndex
    await system.stage.openEpoch(next)
    const late = await promised('late.json', orderOf(5n), next, 0)
    await system.pass(602)
    expect(await told(TRADER, 'abandon', late)).to.include({ exitCode: 0, end: `${next}` })
    expect((await told(TRADER, 'abandon', late)).exitCode).to.equal(1)
  })
})
