import { expect } from 'chai'
import { MARKET, play, STRATEGIES } from '../../bench/reputation-model.ts'
import { FLOOR, FULL, medianOf, nextMultipliers, scoreOf } from '../../src/policy/reputation.ts'

describe('reputation', () => {
  it('moves by at most 8 towards 256·score/median, and never below 128', () => {
    const scores = [scoreOf(80n, 100n), scoreOf(80n, 100n), scoreOf(40n, 100n), scoreOf(0n, 100n), undefined]
    expect(nextMultipliers([256n, 200n, 256n, 130n, 177n], scores)).to.deep.equal([256n, 208n, 248n, 128n, 177n])
    let multipliers = [256n, 256n, 256n]
    for (let i = 0; i < 40; i++) multipliers = nextMultipliers(multipliers, [100n, 100n, 1n])
    expect(multipliers).to.deep.equal([FULL, FULL, FLOOR])
  })

  it('takes the upper of two middle scores, and paying more than is due gains nothing', () => {
    expect(medianOf([1n, 4n, 2n, 3n])).to.equal(3n)
    expect(medianOf([])).to.equal(0n)
    expect(scoreOf(500n, 100n)).to.equal(scoreOf(100n, 100n))
  })

  it('halves a shard that settles nothing, and nobody else', () => {
    const { weak, others } = play({ ...MARKET, weak: 0 }, 'honest')
    expect([weak, others]).to.deep.equal([FLOOR, FULL])
  })

  for (const strategy of STRATEGIES) {
    it(`${strategy}: never pays while the evidence asked for covers what an order earns, and harms nobody`, () => {
      for (const weak of [0, 0.2, 0.4, 0.6, 0.75]) {
        for (const other of [0, 100, 400]) {
          for (const surplus of [0, 1, 50, 100, 150, 200, 500, 3000]) {
            const market = { ...MARKET, weak, other, surplus, evidence: 1 + other / MARKET.feeMin }
            const outcome = play(market, strategy)
            expect(outcome.others).to.equal(FULL)
            // A multiplier is a whole number: one step of rounding is no gain.
            expect(outcome.income).to.be.at.most(play(market, 'honest').income * (1 + 1 / 128))
          }
        }
      }
    })
  }

  it('would pay if evidence were not asked for: the rule is what stops it', () => {
    const market = { ...MARKET, surplus: 10, evidence: 0 }
    expect(play(market, 'self-settlement').income).to.be.above(play(market, 'honest').income)
  })
})
