/** Renews the pictures of docs/guides/explorer.md: `npm run screenshots`. A local service, a small flow with deferrals, and a liar for the tampered batch. */
import { join } from 'node:path'
import { Transaction } from 'ethers'
import { connectProvider } from '../../../src/chain/provider.ts'
import { LedgerReader } from '../../../src/chain/reader.ts'
import { decodeSubmission, encodeSubmission } from '../../../src/chain/submission.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { replacedTransactionLie } from '../../e2e/lies.ts'
import { type Lie, startLyingRpc } from '../../e2e/lying-rpc.ts'
import { World } from '../../e2e/world.ts'
import { openBrowser, Tab, type TabOptions } from './tab.ts'

/** Rounds of orders, each a batch. */
const ROUNDS = 12
const PICTURES = join(packageRoot(), 'docs/images')
const VIEWPORT = { width: 1080, height: 1000 }

const world = await World.start({ explorer: true })
const browser = await openBrowser()
const rpc = await startLyingRpc(() => world.rpc)
try {
  for (let round = 0; round < ROUNDS; round++) {
    const size = 200 + ((round * 977) % 2600)
    await Promise.all([world.send('retail', world.orders(5, size)), world.send('institutional', world.orders(3, size))])
    if (round % 4 === 3) await world.settled()
  }
  await world.settled()
  const honest = {}
  await picture('explorer-batch-good', 'batches/3', 'All good', honest)
  await picture('explorer-shards', 'shards', 'As published with batch', {
    ...honest,
    viewport: { width: 1280, height: 560 },
  })
  await picture('explorer-fairness', 'fairness', 'Congestion fees', {
    ...honest,
    viewport: { width: 1080, height: 1300 },
  })
  rpc.tell(await swappedProof(3n, 2n))
  const settings = { service: '', rpc: rpc.url, ledger: world.ledger, fromBlock: 0 }
  await picture('explorer-batch-tampered', 'batches/3', 'does NOT hold', { settings, allowed: [rpc.url] })
} finally {
  await rpc.close()
  await browser.close()
  await world.stop()
}

async function picture(name: string, route: string, text: string, options: Partial<TabOptions>): Promise<void> {
  const { url } = world.serving.http
  const tab = await Tab.open(browser, { url, viewport: VIEWPORT, colorScheme: 'light', ...options })
  await tab.visit(route)
  await tab.shows(text)
  await tab.page.getByRole('contentinfo').getByText('Whom this page trusts').waitFor()
  await tab.page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' })
  await tab.close()
}

/** Tells of one batch with the proof of another. */
async function swappedProof(index: bigint, other: bigint): Promise<Lie> {
  const reader = await LedgerReader.connect({ rpcUrl: world.rpc, ledger: world.ledger })
  const { provider } = await connectProvider(world.rpc)
  try {
    const sent = async (at: bigint): Promise<Transaction> => {
      const found = await provider.getTransaction((await reader.batch(at))?.transaction ?? '')
      if (!found) throw new Error(`batch ${at} is not on chain`)
      return Transaction.from(found)
    }
    const { proof } = decodeSubmission((await sent(other)).data)
    return replacedTransactionLie((await sent(index)).serialized, (data) =>
      encodeSubmission({ ...decodeSubmission(data), proof }),
    )
  } finally {
    reader.close()
    provider.destroy()
  }
}
