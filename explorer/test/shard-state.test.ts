import { expect } from 'chai'
import { shardStateOf } from '../data/shard-state.ts'
import { sharesOf } from '../data/shares.ts'
import { batches, POLICY } from './fixtures.ts'

const FEE_MAX = 100

describe('explorer: what follows of a shard', () => {
  const stateOf = (flags: string, first = 0n, fees: readonly number[] = []) =>
    shardStateOf(batches({ first, flags: [flags], fees: [fees] }), 0, FEE_MAX)

  it('begins at full ramp with the ledger, and anew after the breaker', () => {
    expect(stateOf('o')).to.include({ open: true, ramp: 3, sinceBatches: undefined })
    expect(stateOf('oc')).to.include({ open: false, ramp: 0, sinceBatches: 0 })
    expect(stateOf('occ')).to.include({ open: false, ramp: 0, sinceBatches: 1 })
    expect(stateOf('oco')).to.include({ open: true, ramp: 0, sinceBatches: 0 })
    expect(stateOf('ocooo')).to.include({ open: true, ramp: 2, sinceBatches: 2 })
    expect(stateOf('ocooooooo')).to.include({ ramp: 3 })
    expect(stateOf('c')).to.include({ open: false, ramp: 0, sinceBatches: 0 })
  })

  it('says so where the batches at hand do not tell', () => {
    expect(stateOf('ooo', 7n)).to.include({ open: true, ramp: undefined, sinceBatches: undefined })
    expect(stateOf('oooo', 7n)).to.include({ ramp: 3 })
    expect(stateOf('coo', 7n)).to.include({ ramp: 1 })
  })

  it('reads the side of the target from the fee', () => {
    expect(stateOf('o', 0n, [1]).load).to.equal('unknown')
    expect(stateOf('oo', 0n, [1, 2]).load).to.equal('above target')
    expect(stateOf('oo', 0n, [2, 1]).load).to.equal('at or below target')
    expect(stateOf('oo', 0n, [1, 1]).load).to.equal('at or below target')
    expect(stateOf('oo', 0n, [FEE_MAX, FEE_MAX]).load).to.equal('above target')
  })
})

describe('explorer: shares against weights', () => {
  it('counts orders, and weighs only shards that were open', () => {
    const list = batches({
      flags: ['oo', 'oc'],
      assigned: [
        [3, 4],
        [1, 0],
      ],
      deferred: [1, 0],
    })
    const [first, second] = sharesOf(list, () => POLICY, 2)
    expect(first).to.include({ assigned: 7, share: 7 / 8 })
    expect(second).to.include({ assigned: 1, share: 1 / 8 })
    // Batch 0: both open, weights 3:1 for four orders; batch 1: the first alone, for four.
    expect(first?.weights).to.deep.equal([(4 * 0.75 + 4) / 8, (4 * 0.25 + 4) / 8])
    expect(second?.weights).to.deep.equal([(4 * 0.25) / 8, (4 * 0.75) / 8])
  })

  it('is 0 of nothing', () => {
    expect(sharesOf([], () => POLICY, 1)).to.deep.equal([{ assigned: 0, share: 0, weights: [0, 0] }])
    const unknown = batches({ flags: ['o'], assigned: [[2]] })
    expect(sharesOf(unknown, () => undefined, 1)).to.deep.equal([{ assigned: 2, share: 1, weights: [0, 0] }])
  })
})
