/** The static build with nothing but an RPC endpoint: a whole system on chain, with all that can be held against its operator, and no service anywhere. */
import { expect } from 'chai'
import { parseEther } from 'ethers'
import type { Browser } from 'playwright-core'
import { jsonText } from '../../../src/base/json.ts'
import { commitmentOf } from '../../../src/order/order.ts'
import { receiptDigest } from '../../../src/order/receipt.ts'
import { ensureCircuit } from '../../../src/proof/build.ts'
import { startTestChain, type TestChain } from '../../contracts/chain.ts'
import type { StagedBatch } from '../../contracts/staged-batch.ts'
import { System } from '../../contracts/system.ts'
import { orderFixture, policyFixture } from '../../helpers/fixtures.ts'
import { SnarkjsProver } from '../../helpers/snarkjs-prover.ts'
import { type StaticSite, serveStatic } from './static.ts'
import { openBrowser, Tab } from './tab.ts'

describe('explorer: static pages over a chain alone', () => {
  let test: TestChain
  let system: System
  let files: StaticSite
  let browser: Browser
  let first: StagedBatch

  before(async function () {
    this.timeout(300_000)
    const prover = new SnarkjsProver()
    const [chain, artifacts] = await Promise.all([startTestChain(), ensureCircuit('two-choice-4-8')])
    test = chain
    files = await serveStatic()
    browser = await openBrowser()
    system = await System.deploy(test, prover, artifacts, policyFixture(4))
    first = await system.stage.submitted(5)
    await prover.close()
    const receipts = [system.receipt(first, 0), system.receipt(first, 0, { commitment: 9n })]
    const args = receipts.flatMap((receipt) => [...system.signed(receipt)])
    await system.send('receiptChallenges', system.challenger, 'proveEquivocation', args)
    const { size, side, details } = orderFixture(77)
    const commitment = commitmentOf({ size, side, segment: 'retail', details })
    const words = [size, side === 'buy' ? 0 : 1, details, commitment]
    await system.send('inbox', test.account(8), 'post', words, parseEther('0.01'))
  })
  after(async () => {
    await browser?.close()
    await files?.close()
    await test?.stop()
  })

  /** A visitor who named the chain, and nothing else. */
  const open = (settings: object = {}): Promise<Tab> => {
    const { ledger } = system.book.contracts
    const { origin } = new URL(files.url)
    const rpc = test.chain.url
    const named = { service: '', rpc, ledger, fromBlock: 0, challenges: '', ...settings }
    return Tab.open(browser, { url: files.url, allowed: [origin, new URL(rpc).origin], settings: named })
  }

  it('verify a batch, from its event to its proof', async () => {
    const tab = await open()
    await tab.visit('batches/0')
    await tab.shows('All good')
    await tab.shows('The chain is read at an endpoint that you named')
    await tab.visit('')
    await tab.shows('Latest batches')
    await tab.close()
  })

  it('show what is at stake, and what was held against the operator', async () => {
    const tab = await open()
    await tab.visit('challenges')
    await tab.shows('Everything that was told, newest first')
    await tab.shows('two receipts that contradict each other: 1 ETH lost')
    await tab.shows('number 0 of the queue')
    expect(await tab.page.locator('.facts').textContent()).to.include('99 ETH')
    await tab.page.getByText('not known').waitFor({ state: 'detached' })
    await system.send('inbox', test.account(3), 'post', forcedBy(3), parseEther('0.01'))
    await tab.page.getByRole('button', { name: 'Look again' }).click()
    await tab.shows('number 1 of the queue')
    await tab.close()
  })

  /** Another order, of another trader. */
  function forcedBy(i: number): readonly unknown[] {
    const { size, side, details } = orderFixture(80 + i)
    return [size, side === 'buy' ? 0 : 1, details, commitmentOf({ size, side, segment: 'retail', details })]
  }

  it('take challenge contracts from a link, unless the bond does not know them', async () => {
    const { receiptChallenges, reportChallenges, inbox, bond } = system.book.contracts
    const tab = await open()
    const visit = (challenges: string) =>
      tab.page.goto('about:blank').then(() => tab.page.goto(`${files.url}/?challenges=${challenges}#/challenges`))
    await visit(`${inbox},${bond}`)
    await tab.shows('cannot be derived from this ledger')
    await tab.shows('number 0 of the queue')
    expect(await tab.page.getByText('two receipts that contradict').count()).to.equal(1)
    await visit(`${receiptChallenges},${reportChallenges}`)
    await tab.shows('Everything that was told, newest first')
    expect(await tab.page.getByText('not known').count()).to.equal(0)
    await tab.close()
  })

  it('say when the chain is gone', async () => {
    const tab = await open({ rpc: 'http://127.0.0.1:1' })
    await tab.page.context().route('http://127.0.0.1:1/**', (route) => route.abort())
    await tab.visit('challenges')
    await tab.shows('CHAIN_UNREACHABLE')
    await tab.close()
  })

  it('show an epoch that was abandoned, and the one after it, sealed', async () => {
    const tab = await open()
    await (await system.stage.operatorLedger.getFunction('abandonEpoch')(1n)).wait()
    await tab.visit('challenges')
    await tab.shows('epoch 1 ended before batch 1: OperatorAbandoned')
    await system.stage.openEpoch(1n, { fromReset: true, sealedMode: true })
    await tab.visit('epochs')
    await tab.shows('abandoned')
    await tab.shows('one a batch, sealed')
    await tab.shows('the reset state')
    const receipt = system.receipt(first, 0, { epoch: 1n, batch: 5n })
    const { serialized: signature } = system.stage.signer.sign(receiptDigest(system.separator, receipt))
    await tab.visit('orders')
    await tab.page.getByLabel('Or a receipt’s file').setInputFiles({
      name: 'receipt.json',
      mimeType: 'application/json',
      buffer: Buffer.from(jsonText({ ...receipt, signature })),
    })
    await tab.shows('Signed, and void: its epoch was abandoned before its batch')
    await tab.close()
  })
})
