import { expect } from 'chai'
import fc from 'fast-check'
import { areMultipliers, fullMultipliers, isMultiplied, multipliedWords } from '../../src/policy/multiplied.ts'
import { feeWord, policyOf, shardPolicyOf, shardPolicyWord } from '../../src/policy/policy.ts'
import { policyFixture } from '../helpers/fixtures.ts'

const BASE = policyFixture(1).shards[0] ?? expect.fail()
const wordOf = (retail: bigint, institutional: bigint): bigint =>
  shardPolicyWord({ ...BASE, weights: [retail, institutional] })
const weightsOf = (words: readonly bigint[]) => words.map((word) => shardPolicyOf(word).weights)

describe('multipliedWords', () => {
  it('multiplies each positive weight and rounds down, and touches nothing else', () => {
    const words = [wordOf(100n, 7n), wordOf(50n, 0n)]
    expect(weightsOf(multipliedWords(words, [128n, 255n]))).to.deep.equal([
      [50n, 3n],
      [49n, 0n],
    ])
    expect(multipliedWords(words, fullMultipliers(2))).to.deep.equal(words)
    expect(multipliedWords(words, [])).to.deep.equal(words)
    expect(multipliedWords(words, [128n, 128n]).map((word) => word >> 24n)).to.deep.equal(words.map((w) => w >> 24n))
  })

  it('leaves a shard in its segment: a 1024th of the published sum, rounded up, is the least', () => {
    // A 1024th of 4,105 is more than 4; of 4,099 too.
    const words = [wordOf(5n, 8n), wordOf(5n, 0n), wordOf(4095n, 4091n)]
    expect(weightsOf(multipliedWords(words, [128n, 129n, 256n]))).to.deep.equal([
      [5n, 5n],
      [5n, 0n],
      [4095n, 4091n],
    ])
    expect(weightsOf(multipliedWords([wordOf(1n, 1n), wordOf(1n, 1n)], [128n, 128n]))).to.deep.equal([
      [1n, 1n],
      [1n, 1n],
    ])
  })

  it('keeps every rule of a policy, lets no weight rise, and halves at most', () => {
    const weight = fc.oneof(fc.constant(0n), fc.bigInt(256n, 4095n))
    const shard = fc.tuple(weight, weight, fc.bigInt(128n, 256n))
    fc.assert(
      fc.property(fc.array(shard, { minLength: 0, maxLength: 63 }), (shards) => {
        const all = [...shards, [256n, 256n, 128n] as const]
        const words = all.map(([retail, institutional]) => wordOf(retail, institutional))
        const policy = policyFixture(1)
        policyOf(feeWord(policy), words)
        const scaled = multipliedWords(
          words,
          all.map(([, , multiplier]) => multiplier),
        )
        policyOf(feeWord(policy), scaled)
        for (const [j, weights] of weightsOf(scaled).entries())
          for (const segment of [0, 1] as const) {
            const before = all[j]?.[segment] ?? 0n
            expect(weights[segment] <= before && weights[segment] >= before / 2n).to.equal(true)
            expect(weights[segment] === 0n).to.equal(before === 0n)
          }
      }),
    )
  })

  it('is told apart from no multiplication, and bad multipliers from good ones', () => {
    expect([isMultiplied([256n, 256n]), isMultiplied([256n, 255n])]).to.deep.equal([false, true])
    expect(areMultipliers([128n, 256n], 2)).to.equal(true)
    for (const bad of [[127n, 256n], [256n, 257n], [256n]]) expect(areMultipliers(bad, 2)).to.equal(false)
  })
})
