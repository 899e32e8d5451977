import { expect } from 'chai'
import fc from 'fast-check'
import { cellOf, scaleTable } from '../../src/policy/table.ts'

const weights = fc.array(fc.oneof(fc.constant(0n), fc.bigInt(0n, 65_520n)), { minLength: 1, maxLength: 16 })

describe('table of draws', () => {
  it('gives every draw to exactly one shard, and never to one without weight', () => {
    fc.assert(
      fc.property(weights, fc.bigInt(0n, 16_383n), (e, draw) => {
        const shard = cellOf(scaleTable(e), draw)
        if (e.every((weight) => weight === 0n)) expect(shard).to.equal(undefined)
        else expect(shard !== undefined && e[shard] !== 0n).to.equal(true)
      }),
    )
  })

  it("a cell is its shard's share of 2^14, rounded", () => {
    fc.assert(
      fc.property(weights, (e) => {
        const { bounds, top } = scaleTable(e)
        const sum = e.reduce((a, b) => a + b, 0n)
        e.forEach((weight, j) => {
          const cell = (bounds[j + 1] ?? top) - (bounds[j] ?? 0n)
          if (sum > 0n) expect(Number(cell)).to.be.closeTo((16_384 * Number(weight)) / Number(sum), 1)
        })
      }),
    )
  })
})
