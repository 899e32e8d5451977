import { expect } from 'chai'
import { EpochSigner } from '../../src/service/receipt-signer.ts'
import { SigningThread } from '../../src/service/signing-thread.ts'
import { element } from '../helpers/fixtures.ts'
import { SIGNER_KEY, testContext } from './harness.ts'

describe('signing thread', () => {
  const { separator } = testContext()
  const signer = new EpochSigner(SIGNER_KEY, separator)
  const rows = (count: number, batch = 0n) =>
    Array.from({ length: count }, (_, slot) => ({
      ...{ epoch: 1n, batch, slot, commitment: element(9, slot), assignment: slot % 3, time: 5n, keyId: 'test' },
    }))
  let thread: SigningThread
  beforeEach(() => {
    thread = new SigningThread({ key: SIGNER_KEY, separator })
  })
  afterEach(() => thread.close())

  it('gives the receipts that are given without it, few or many, in their order', async () => {
    const lists = [rows(0), rows(1), rows(7), rows(8, 1n), rows(300, 2n), rows(9, 3n)]
    const signed = await Promise.all(lists.map((list) => thread.sign(list)))
    expect(signed).to.deep.equal(await Promise.all(lists.map((list) => signer.receipts(list))))
  })

  it('owes nobody a receipt when it ends in the middle, or has ended', async () => {
    const asked = Promise.all([thread.sign(rows(200)), thread.sign(rows(100, 1n))])
    await thread.close()
    expect((await asked).flat()).to.deep.equal(await signer.receipts([...rows(200), ...rows(100, 1n)]))
    expect(await thread.sign(rows(20))).to.deep.equal(await signer.receipts(rows(20)))
  })
})
