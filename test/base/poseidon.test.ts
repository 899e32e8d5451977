import { expect } from 'chai'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { poseidon, sponge } from '../../src/base/poseidon.ts'
import { catchError } from '../helpers/catch-error.ts'

describe('Poseidon', () => {
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
