import { expect } from 'chai'
import { useSite } from './site.ts'

const PAGE_OF_BATCHES = /\/v1\/batches\?/
const JSON_TYPE = { contentType: 'application/json' }

describe('explorer: what is not there', () => {
  const site = useSite()

  it('says that it reads, that nothing is there yet, and what failed', async () => {
    const tab = await site().open()
    const { page } = tab
    let answer = (): void => {}
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.context().route(PAGE_OF_BATCHES, async (route) => {
      await asked
      await route.fulfill({ ...JSON_TYPE, json: { batches: [] } })
    })
    await tab.visit('')
    await tab.shows('Reading batches…')
    answer()
    await tab.shows('No batch yet')
    await page.context().unroute(PAGE_OF_BATCHES)
    const problem = { type: '/docs/errors#INTERNAL', code: 'INTERNAL', status: 500, title: 'x', detail: 'a broken cog' }
    await page
      .context()
      .route(PAGE_OF_BATCHES, (route) =>
        route.fulfill({ status: 500, contentType: 'application/problem+json', json: { ...problem, requestId: 'x' } }),
      )
    await tab.visit('')
    await tab.shows('a broken cog')
    await page.context().unroute(PAGE_OF_BATCHES)
    await page.getByRole('button', { name: 'Try again' }).click()
    await tab.shows('Latest batches')
    await tab.close()
  })

  it('follows orders live, without a reload', async () => {
    const tab = await site().open()
    await tab.visit('')
    await tab.shows('Latest batches')
    await tab.page.evaluate(() => Object.assign(window, { stays: true }))
    const { world } = site()
    const { receipt } = await world.sendOne('retail', world.orders(1, 5)[0])
    const row = tab.page
      .getByRole('row')
      .filter({ has: tab.page.getByRole('link', { name: receipt.batch, exact: true }) })
    await row.waitFor()
    await row.getByText(/accepted|final/).waitFor()
    expect(await tab.page.evaluate(() => Object.hasOwn(window, 'stays'))).to.equal(true)
    await tab.close()
  })

  it('says that it is offline, keeps what it read, and comes back', async () => {
    const tab = await site().open()
    await tab.visit('')
    await tab.shows('Latest batches')
    await site().world.down()
    await tab.shows('Offline')
    await tab.shows('Not up to date')
    await tab.shows('Latest batches')
    await site().world.up()
    await tab.shows(/^Live$/)
    await tab.page.getByText('Not up to date').waitFor({ state: 'detached' })
    await tab.close()
  })

  it('refuses sources that are none, and keeps those that are some', async () => {
    const tab = await site().open()
    const { page } = tab
    await tab.visit('settings')
    await page.getByLabel('RPC endpoint').fill('no address')
    await page.getByRole('button', { name: 'Use these' }).click()
    await tab.shows('This is not of the form that is needed.')
    await page.getByLabel('RPC endpoint').fill('')
    await page.getByLabel('Address of the ledger').fill(site().world.ledger)
    await page.getByRole('button', { name: 'Use these' }).click()
    await tab.shows('You named the ledger.')
    await page.reload()
    await tab.shows('You named the ledger.')
    await page.getByRole('button', { name: 'Back to the service’s' }).click()
    await tab.shows('The service also named the ledger')
    await tab.close()
  })
})
