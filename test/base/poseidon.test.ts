import { expect } from 'chai'
import { buildPoseidon } from 'circomlibjs'
import fc from 'fast-check'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { poseidon, sponge } from '../../src/base/poseidon.ts'
import { catchError } from '../helpers/catch-error.ts'

const Element = fc.oneof(
  fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }),
  fc.constantFrom(0n, 1n, FIELD_MODULUS - 1n, 2n ** 64n - 1n, 2n ** 253n - 1n, 2n ** 232n),
)
const states = (inputs: number) => fc.tuple(fc.array(Element, { minLength: inputs, maxLength: inputs }), Element)

describe('Poseidon', () => {
  for (const inputs of [1, 2, 16])
    it(`of ${inputs} is circomlibjs's, for any elements and capacity`, async () => {
      const theirs = await buildPoseidon()
      fc.assert(
        fc.property(states(inputs), ([values, capacity]) => {
          expect(poseidon(values, capacity)).to.equal(theirs.F.toObject(theirs([...values], capacity)))
        }),
        { numRuns: 60 },
      )
    })

  it('is there for the numbers of elements that the protocol hashes, and no other', async () => {
    for (const count of [0, 3, 15, 17])
      expect((await catchError(() => poseidon(new Array<bigint>(count).fill(1n)))).code).to.equal('SHAPE_MISMATCH')
  })

  it('refuses an input at or above p instead of reducing it', async () => {
    expect((await catchError(() => poseidon([FIELD_MODULUS]))).code).to.equal('OUT_OF_RANGE')
    expect((await catchError(() => poseidon([0n], FIELD_MODULUS))).code).to.equal('OUT_OF_RANGE')
  })

  it('the sponge tells tags, lengths and trailing zeros apart', () => {
    const hashes = [sponge(1n, [5n]), sponge(2n, [5n]), sponge(1n, [5n, 0n]), sponge(1n, [0n, 5n])]
    expect(new Set(hashes).size).to.equal(hashes.length)
  })

  it('the sponge carries its capacity from block to block', () => {
    const values = Array.from({ length: 17 }, (_, i) => BigInt(i))
    const first = poseidon(values.slice(0, 16), (1n << 32n) + 17n)
    expect(sponge(1n, values)).to.equal(poseidon([16n, ...new Array<bigint>(15).fill(0n)], first))
  })
})
