import { expect } from 'chai'
import fc from 'fast-check'
import { packItems, packWord, unpackItems, unpackWord } from '../../src/base/pack.ts'
import { catchError } from '../helpers/catch-error.ts'

const LAYOUT = [
  ['low', 3],
  ['high', 5],
] as const

describe('packing', () => {
  it('puts the first field at the low end', () => {
    expect(packWord(LAYOUT, { low: 5n, high: 1n })).to.equal(0b00001_101n)
  })

  it('opens what it packed, for any items', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 2n ** 40n - 1n), { maxLength: 40 }), (items) => {
        expect(unpackItems(packItems(items, 40, 6), 40, 6, items.length)).to.deep.equal(items)
      }),
    )
  })

  for (const [name, act] of Object.entries({
    'a field that overlaps its neighbour': () => packWord(LAYOUT, { low: 8n, high: 0n }),
    'a negative field': () => packWord(LAYOUT, { low: -1n, high: 0n }),
    'a word with bits above its layout': () => unpackWord(LAYOUT, 1n << 8n),
    'an item that overlaps its neighbour': () => packItems([1n << 40n], 40, 6),
    'words with bits where no item is': () => unpackItems([1n << 40n], 40, 6, 1),
  })) {
    it(`refuses ${name}`, async () => {
      expect((await catchError(act)).code).to.equal('OUT_OF_RANGE')
    })
  }

  it('refuses words that hold another number of items', async () => {
    expect((await catchError(() => unpackItems([0n], 40, 6, 7))).code).to.equal('SHAPE_MISMATCH')
  })
})
