import { createRequire } from 'node:module'
import { expect } from 'chai'
import { useSite } from './site.ts'
import type { Tab } from './tab.ts'

/** Pages, and what each shows once it has read what it needs. */
const PAGES = [
  ['', 'Latest batches'],
  ['batches/0', 'All good'],
  ['shards', 'As published with batch'],
  ['fairness', 'Share of assigned orders'],
  ['policy', 'Everything that the registry told'],
  ['epochs', 'Epochs, newest first'],
  ['orders', 'Commitment of an order'],
  ['audit', 'Not started'],
  ['challenges', 'This ledger has no bond'],
  ['settings', 'RPC endpoint of the chain'],
  ['nowhere', 'There is no such page'],
] as const

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
}

/** What axe finds, in the page's own world: the policy forbids scripts from elsewhere, not the debugger. */
async function audit({ page }: Tab): Promise<string[]> {
  const { readFile } = await import('node:fs/promises')
  await page.evaluate(await readFile(AXE, 'utf8'))
  // axe is there now; it has no types in this place.
  const { violations } = (await page.evaluate('axe.run()')) as AxeResult
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

const widthOf = ({ page }: Tab): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth)

describe('explorer: every page', () => {
  const site = useSite()

  it('opens by its address, in light colours, with nothing for axe to find', async () => {
    const tab = await site().open({ colorScheme: 'light' })
    for (const [route, text] of PAGES) {
      await tab.visit(route)
      await tab.shows(text)
      expect(await audit(tab), route).to.deep.equal([])
    }
    await tab.close()
  })

  it('opens by a link, in dark colours, with nothing for axe to find', async () => {
    const tab = await site().open({ colorScheme: 'dark' })
    await tab.visit('')
    for (const [route, text] of PAGES) {
      await tab.go(route)
      await tab.shows(text)
      expect(await audit(tab), route).to.deep.equal([])
    }
    await tab.close()
  })

  it('fits a phone of 360 px', async () => {
    const tab = await site().open({ viewport: { width: 360, height: 740 } })
    await tab.visit('')
    for (const [route, text] of PAGES) {
      await tab.go(route)
      await tab.shows(text)
      expect(await widthOf(tab), route).to.be.at.most(360)
    }
    await tab.close()
  })

  it('goes by keyboard: past the links, to another page, and its theme', async () => {
    const tab = await site().open({ colorScheme: 'light' })
    const { page } = tab
    const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim())
    await tab.visit('')
    await tab.shows('Latest batches')
    await page.keyboard.press('Tab')
    expect(await focused()).to.equal('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await focused()).to.equal('main')
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).to.equal('Sources')
    await page.getByRole('link', { name: 'Shards' }).focus()
    await page.keyboard.press('Enter')
    await tab.shows('As published with batch')
    expect(await focused()).to.equal('main')
    expect(await page.getByRole('link', { name: 'Shards' }).getAttribute('aria-current')).to.equal('page')
    const back = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    const light = await back()
    await page.getByLabel('Theme').focus()
    await page.keyboard.press('End')
    expect(await back()).not.to.equal(light)
    await page.reload()
    await tab.shows('As published with batch')
    expect(await back()).not.to.equal(light)
    await tab.close()
  })

  it('has landmarks, one heading of the first rank, and names its state to screen readers', async () => {
    const tab = await site().open()
    const { page } = tab
    await tab.visit('batches/1')
    await tab.shows('All good')
    for (const role of ['banner', 'navigation', 'main', 'contentinfo'] as const)
      expect(await page.getByRole(role).count(), role).to.equal(1)
    expect(await page.getByRole('heading', { level: 1 }).allTextContents()).to.deep.equal(['Batch 1'])
    const told = await page.getByRole('status').allTextContents()
    expect(told).to.include('Live')
    expect(told.some((text) => text.startsWith('All good'))).to.equal(true)
    await tab.close()
  })
})
