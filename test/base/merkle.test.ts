import { expect } from 'chai'
import { hex32 } from '../../src/base/keccak.ts'
import { merklePath, merkleRoot, rootFromPath } from '../../src/base/merkle.ts'
import { catchError } from '../helpers/catch-error.ts'

const leaves = (n: number) => Array.from({ length: n }, (_, i) => hex32(BigInt(i + 1)))

describe('Merkle tree', () => {
  for (const n of [1, 2, 3, 5, 8]) {
    it(`every leaf of ${n} leads to the root, and to no other place`, () => {
      leaves(n).forEach((leaf, i) => {
        const path = merklePath(leaves(n), i)
        expect(rootFromPath(leaf, i, path)).to.equal(merkleRoot(leaves(n)))
        if (n > 1) expect(rootFromPath(leaf, i ^ 1, path)).not.to.equal(merkleRoot(leaves(n)))
      })
    })
  }

  it('an index with bits above the path has no root', () => {
    expect(rootFromPath(hex32(1n), 4, merklePath(leaves(4), 0))).to.equal(undefined)
  })

  it('an empty tree has root zero and no paths', async () => {
    expect(merkleRoot([])).to.equal(hex32(0n))
    expect((await catchError(() => merklePath([], 0))).code).to.equal('SHAPE_MISMATCH')
  })
})
