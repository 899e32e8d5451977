import { expect } from 'chai'
import { roundRobin, roundRobinDraw } from '../../src/policy/round-robin.ts'
import { scaleTable } from '../../src/policy/table.ts'

describe('round-robin', () => {
  it('visits each of the 2^14 draws once in 2^14 orders', () => {
    const seen = new Set(Array.from({ length: 16_384 }, (_, n) => roundRobinDraw(BigInt(n))))
    expect(seen.size).to.equal(16_384)
  })

  it('counts on across batches: counter plus slot decides', () => {
    const table = scaleTable([1n, 2n, 3n, 4n])
    const select = (orderCounter: bigint, slot: number) =>
      roundRobin.select({ commitment: 0n, batchKey: 0n, opening: [], orderCounter, slot }, table)
    expect(select(10n, 5)).to.equal(select(15n, 0))
  })

  it('short runs follow the weights', () => {
    const table = scaleTable([1n, 3n])
    const hits = Array.from({ length: 100 }, (_, n) =>
      roundRobin.select({ commitment: 0n, batchKey: 0n, opening: [], orderCounter: BigInt(n), slot: 0 }, table),
    )
    expect(hits.filter((shard) => shard === 0).length).to.be.within(23, 27)
  })
})
