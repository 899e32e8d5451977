import { expect } from 'chai'
import { Transaction } from 'ethers'
import { connectProvider } from '../../../src/chain/provider.ts'
import { LedgerReader } from '../../../src/chain/reader.ts'
import { decodeSubmission, encodeSubmission } from '../../../src/chain/submission.ts'
import { calldataLie, flipBit, replacedTransactionLie, viewLie } from '../../e2e/lies.ts'
import { type Lie, type LyingRpc, startLyingRpc } from '../../e2e/lying-rpc.ts'
import { useSite } from './site.ts'
import type { Tab } from './tab.ts'

type Submission = ReturnType<typeof decodeSubmission>

/** Codes by their mark on the batch's page. */
const marked = (tab: Tab, mark: string): Promise<string[]> =>
  tab.page.locator(`.steps ul > li[data-mark="${mark}"] > code`).allTextContents()

describe('explorer: a batch, verified in the browser', () => {
  const site = useSite()
  let rpc: LyingRpc
  /** Transactions of batches 0 and 1, signed. */
  let raw: readonly [string, string]
  let hash = ''

  before(async () => {
    rpc = await startLyingRpc(() => site().world.rpc)
    const reader = await LedgerReader.connect({ rpcUrl: site().world.rpc, ledger: site().world.ledger })
    const { provider } = await connectProvider(site().world.rpc)
    const transactions = await Promise.all(
      [0n, 1n].map(async (index) => {
        const sent = await provider.getTransaction((await reader.batch(index))?.transaction ?? '')
        return Transaction.from(sent ?? expect.fail('no such transaction'))
      }),
    )
    reader.close()
    provider.destroy()
    raw = [transactions[0]?.serialized ?? '', transactions[1]?.serialized ?? '']
    hash = transactions[1]?.hash ?? ''
  })
  after(() => rpc?.close())

  /** A tab that asks the liar, as its user told it to. */
  const deceived = (lie?: Lie): Promise<Tab> => {
    rpc.tell(lie)
    const settings = { service: '', rpc: rpc.url, ledger: site().world.ledger, fromBlock: 0 }
    return site().open({ settings, allowed: [rpc.url] })
  }

  it('is green in every step, over the service’s window to the chain', async () => {
    const tab = await site().open()
    for (const index of site().world.batches) {
      await tab.visit(`batches/${index}`)
      await tab.shows('All good')
      expect(await marked(tab, 'bad')).to.deep.equal([])
      expect(await marked(tab, 'waiting')).to.deep.equal([])
      expect(await marked(tab, 'unchecked')).to.deep.equal([])
      const good = await marked(tab, 'good')
      for (const code of ['statement-hash', 'order-root', 'batch-record', 'previous-head', 'batch-signature', 'proof'])
        expect(good, `${index}`).to.include(code)
      await tab.shows('The service passes your questions on')
    }
    await tab.close()
  })

  it('is green over an endpoint of one’s own, and says that the service is not trusted', async () => {
    const tab = await deceived()
    await tab.visit('batches/1')
    await tab.shows('All good')
    await tab.shows('The chain is read at an endpoint that you named')
    await tab.shows('You named the ledger.')
    await tab.close()
  })

  const bent = (change: (real: Submission) => object): Lie =>
    replacedTransactionLie(raw[1], (data) => {
      const real = decodeSubmission(data)
      return encodeSubmission({ ...real, ...change(real) })
    })

  /** What is done to batch 1, and codes that must turn red for it. */
  const lies: Record<string, [codes: readonly string[], lie: () => Lie]> = {
    'a bit of its calldata': [['chain-records'], () => calldataLie(hash, (data) => flipBit(data, 999))],
    'an order': [
      ['statement-hash', 'batch-record', 'batch-signature', 'statement-digest', 'proof'],
      () => bent(({ commitments }) => ({ commitments: [(commitments[0] ?? 0n) ^ 1n, ...commitments.slice(1)] })),
    ],
    'its proof, for the one of batch 0': [
      ['proof'],
      () => bent(() => ({ proof: decodeSubmission(Transaction.from(raw[0]).data).proof })),
    ],
    'the state that it goes on from': [
      ['previous-head'],
      () => bent(({ previous }) => ({ previous: { ...previous, state: 1n } })),
    ],
    'the stored record': [['batch-record'], () => viewLie('recordOf', 0, 77)],
    'a word of the verifying key': [['verifier-key'], () => viewLie('keyWords', 3, 255)],
  }
  for (const [what, [codes, lie]] of Object.entries(lies))
    it(`turns red when somebody bends ${what}`, async () => {
      const tab = await deceived(lie())
      await tab.visit('batches/1')
      await tab.shows('This batch does NOT hold')
      await tab.page.getByRole('button', { name: 'Verify again', disabled: false }).waitFor()
      const bad = await marked(tab, 'bad')
      expect(bad).to.include.members([...codes])
      expect(await tab.page.locator('.verdict').textContent()).to.include(codes[0])
      await tab.close()
    })

  it('turns green again with the truth', async () => {
    const tab = await deceived(calldataLie(hash, (data) => flipBit(data, 999)))
    await tab.visit('batches/1')
    await tab.shows('This batch does NOT hold')
    rpc.tell()
    await tab.page.getByRole('button', { name: 'Verify again' }).click()
    await tab.shows('All good')
    await tab.close()
  })

  it('says when a batch is not there', async () => {
    const tab = await site().open()
    await tab.visit('batches/123456')
    await tab.shows('NOT_ACCEPTED')
    await tab.visit('batches/x')
    await tab.shows('There is no such batch')
    await tab.close()
  })

  it('audits the whole ledger, and names what is wrong', async () => {
    const tab = await deceived()
    await tab.visit('audit')
    await tab.page.getByRole('button', { name: 'Audit the whole ledger' }).click()
    await tab.shows('All good')
    rpc.tell(bent(() => ({ digest: 5n })))
    await tab.page.getByRole('button', { name: 'Audit the whole ledger' }).click()
    await tab.shows('The ledger does NOT hold')
    await tab.shows(/^statement-digest \(batch 1\)/)
    await tab.close()
  })
})
