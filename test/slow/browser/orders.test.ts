import { expect } from 'chai'
import { useSite } from './site.ts'
import type { Tab } from './tab.ts'

describe('explorer: orders', () => {
  const site = useSite()
  const placed = () => site().world.placed[0] ?? expect.fail('no order')
  const drop = (tab: Tab, content: object): Promise<void> =>
    tab.page.getByLabel('Or a receipt’s file').setInputFiles({
      name: 'receipt.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(content)),
    })

  it('finds an order by its commitment, and proves its place', async () => {
    const { commitment, receipt } = placed()
    const tab = await site().open()
    await tab.visit('orders')
    await tab.page.getByLabel('Commitment of an order').fill(`0x${BigInt(commitment).toString(16)}`)
    await tab.page.keyboard.press('Enter')
    await tab.shows(/proven: \d hashes lead to the root/)
    expect(await tab.page.locator('.facts').textContent()).to.include(`Batch${receipt.batch}`)
    expect(tab.page.url()).to.match(new RegExp(`#/orders/${commitment}$`))
    await tab.visit('orders/5')
    await tab.shows('Not on chain')
    await tab.visit('orders')
    await tab.page.getByLabel('Commitment of an order').fill('five')
    await tab.page.keyboard.press('Enter')
    await tab.shows('A commitment is a number')
    await tab.close()
  })

  it('holds a receipt to its signer and to the chain', async () => {
    const { receipt } = placed()
    const tab = await site().open()
    await tab.visit('orders')
    await drop(tab, receipt)
    await tab.shows('The receipt is signed, and the chain keeps it')
    await tab.shows(/proven: \d hashes lead to the root/)
    await tab.close()
  })

  it('turns red for a receipt that nobody signed, and for what is none', async () => {
    const { receipt } = placed()
    const tab = await site().open()
    await tab.visit('orders')
    await drop(tab, { ...receipt, assignment: (receipt.assignment % 4) + 1 })
    await tab.shows('This receipt does NOT hold')
    expect(await tab.page.locator('.checks li[data-mark="bad"] > code').allTextContents()).to.deep.equal([
      'receipt-signature',
    ])
    await tab.visit('orders')
    await drop(tab, { hello: 1 })
    await tab.shows('This receipt does NOT hold')
    expect(await tab.page.locator('.checks li[data-mark="bad"] > code').allTextContents()).to.deep.equal([
      'receipt-form',
    ])
    await tab.close()
  })
})
