import { expect } from 'chai'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { scaleTable } from '../../src/policy/table.ts'
import { drawsOf, lessLoaded, twoChoice } from '../../src/policy/two-choice.ts'
import { element } from '../helpers/fixtures.ts'

describe('two-choice', () => {
  it('draws the lowest 28 bits', () => {
    expect(drawsOf((3n << 28n) | (16_383n << 14n) | 5n)).to.deep.equal([5n, 16_383n])
  })

  it("has no draws when r's top bits equal p's: r and r + p could not be told apart", () => {
    const top = (FIELD_MODULUS >> 224n) << 224n
    expect(drawsOf(top)).to.equal(undefined)
    expect(drawsOf(top - 1n)).not.to.equal(undefined)
  })

  it('takes the less loaded candidate, the first on a tie', () => {
    expect([
      lessLoaded(0, 1, [5n, 4n]),
      lessLoaded(0, 1, [4n, 5n]),
      lessLoaded(0, 1, [5n, 5n]),
      lessLoaded(1, 0, [5n, 5n]),
    ]).to.deep.equal([1, 0, 0, 1])
  })

  it('the choice depends on the commitment, not on the slot or the order counter', () => {
    const table = scaleTable([1n, 2n, 3n, 4n])
    const base = { commitment: element(1), batchKey: element(2), opening: [4n, 3n, 2n, 1n] }
    const choices = [0, 1, 7].map((slot) =>
      twoChoice.select({ ...base, slot, orderCounter: BigInt(slot) * 99n }, table),
    )
    expect(new Set(choices).size).to.equal(1)
  })

  it('defers with an empty table', () => {
    const context = { commitment: element(1), batchKey: element(2), opening: [0n], slot: 0, orderCounter: 0n }
    expect(twoChoice.select(context, scaleTable([0n]))).to.equal(undefined)
  })
})
