import { expect } from 'chai'
import fc from 'fast-check'
import { at } from '../../src/base/at.ts'
import { advanceShard, effectiveWeight, headroom } from '../../src/route/start.ts'
import type { ShardState } from '../../src/route/state.ts'
import { policyFixture } from '../helpers/fixtures.ts'

const shard = at(policyFixture(1).shards, 0)
const FEES = { feeMin: 10n, feeMax: 100n }
const ticks = fc.bigInt(0n, 2n ** 40n - 1n)
const anyState: fc.Arbitrary<ShardState> = fc.record({
  backlog: fc.oneof(
    ticks,
    fc.constantFrom(shard.trip - 1n, shard.trip, shard.reset - 1n, shard.reset, shard.target, shard.target + 1n),
  ),
  buys: ticks,
  sells: ticks,
  fee: fc.bigInt(0n, 2n ** 15n - 1n),
  ramp: fc.bigInt(0n, 3n),
  open: fc.boolean(),
})
const calm: ShardState = { backlog: 0n, buys: 0n, sells: 0n, fee: 50n, ramp: 3n, open: true }

describe('start of a batch', () => {
  it('keeps every field in its range, for any state', () => {
    fc.assert(
      fc.property(anyState, ticks, (state, served) => {
        const next = advanceShard(state, shard, served, FEES)
        expect(next.backlog >= 0n && next.backlog <= state.backlog).to.equal(true)
        expect(next.fee >= FEES.feeMin && next.fee <= FEES.feeMax).to.equal(true)
        expect(next.ramp >= 0n && next.ramp <= 3n && (next.open || next.ramp === 0n)).to.equal(true)
      }),
    )
  })

  it('the breaker has hysteresis: closes at trip, opens below reset', () => {
    const open = (backlog: bigint, was: boolean) => advanceShard({ ...calm, backlog, open: was }, shard, 0n, FEES).open
    expect([
      open(shard.trip - 1n, true),
      open(shard.trip, true),
      open(shard.reset, false),
      open(shard.reset - 1n, false),
    ]).to.deep.equal([true, false, false, true])
  })

  it('one-sided flow closes a shard on either side', () => {
    // Both sides fade by an eighth first, so 8/7 of the threshold is what trips it.
    const oneSided = (shard.skew * 8n) / 7n + 1n
    for (const flow of [
      { buys: oneSided, sells: 0n },
      { buys: 0n, sells: oneSided },
    ]) {
      expect(advanceShard({ ...calm, ...flow }, shard, 0n, FEES).open).to.equal(false)
    }
    expect(advanceShard({ ...calm, buys: oneSided, sells: oneSided }, shard, 0n, FEES).open).to.equal(true)
  })

  it('a shard that opens starts slowly, at a quarter of its share', () => {
    const ramps = [calm]
    let state: ShardState = { ...calm, open: false, ramp: 3n }
    for (let i = 0; i < 5; i++) {
      state = advanceShard(state, shard, 0n, FEES)
      ramps.push(state)
    }
    expect(ramps.slice(1).map(({ ramp }) => ramp)).to.deep.equal([0n, 1n, 2n, 3n, 3n])
    expect(effectiveWeight(4n, at(ramps, 1), shard.limit) * 4n).to.equal(effectiveWeight(4n, at(ramps, 4), shard.limit))
  })

  it('headroom loses a step at each quarter of the limit', () => {
    expect([0n, 249n, 250n, 499n, 500n, 749n, 750n, 2_000n].map((t) => headroom(t, 1_000n))).to.deep.equal([
      3n,
      3n,
      2n,
      2n,
      1n,
      1n,
      0n,
      0n,
    ])
  })

  it('the fee moves by about 3 % and stays between its bounds', () => {
    const fee = (from: bigint, backlog: bigint) =>
      advanceShard({ ...calm, fee: from, backlog }, shard, 0n, { feeMin: 1n, feeMax: 1_000n }).fee
    expect([
      fee(64n, shard.target + 1n),
      fee(64n, shard.target),
      fee(1n, 0n),
      fee(999n, shard.target + 1n),
      fee(0n, 0n),
    ]).to.deep.equal([67n, 61n, 1n, 1_000n, 1n])
  })
})
