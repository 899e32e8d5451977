import { expect } from 'chai'
import { Contract } from 'ethers'
import fc from 'fast-check'
import { readArtifact } from '../../src/chain/artifact.ts'
import { deployContract } from '../../src/chain/deploy.ts'
import { multipliedWords } from '../../src/policy/multiplied.ts'
import { nextMultipliers, scoreOf } from '../../src/policy/reputation.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { startTestChain, type TestChain } from './chain.ts'

const UNKNOWN = 2n ** 256n - 1n

describe('the contracts move multipliers, and multiply weights, as TypeScript does', () => {
  let test: TestChain
  let probe: Contract
  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
    const address = await deployContract(packageRoot(), test.account(0), 'StandingProbe', [])
    probe = new Contract(address, readArtifact(packageRoot(), 'StandingProbe').abi, test.provider)
  })
  after(() => test?.stop())

  it('for any scores', async () => {
    const shard = fc.tuple(
      fc.bigInt(128n, 256n),
      fc.option(fc.tuple(fc.bigInt(0n, 2n ** 40n), fc.bigInt(1n, 2n ** 40n))),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(shard, { minLength: 1, maxLength: 16 }), async (shards) => {
        const before = shards.map(([multiplier]) => multiplier)
        const scores = shards.map(([, paidAndDue]) => (paidAndDue ? scoreOf(...paidAndDue) : undefined))
        const words = scores.map((score) => score ?? UNKNOWN)
        const next: bigint[] = [...(await probe.getFunction('next')(before, words))]
        expect(next).to.deep.equal(nextMultipliers(before, scores))
        const [first] = shards
        if (first?.[1]) expect(await probe.getFunction('score')(...first[1])).to.equal(scoreOf(...first[1]))
      }),
      { numRuns: 50 },
    )
  })

  it('for any words', async () => {
    const shard = fc.tuple(fc.bigInt(0n, 2n ** 256n - 1n), fc.bigInt(128n, 256n))
    await fc.assert(
      fc.asyncProperty(fc.array(shard, { minLength: 1, maxLength: 64 }), async (shards) => {
        const words = shards.map(([word]) => word)
        const multipliers = shards.map(([, multiplier]) => multiplier)
        const scaled: bigint[] = [...(await probe.getFunction('scale')(words, multipliers))]
        expect(scaled).to.deep.equal(multipliedWords(words, multipliers))
      }),
      { numRuns: 50 },
    )
  })
})
