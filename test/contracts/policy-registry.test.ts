import { expect } from 'chai'
import { type Contract, Contract as EthersContract, ZeroAddress } from 'ethers'
import { at } from '../../src/base/at.ts'
import { POLICY_REGISTRY_ABI } from '../../src/chain/abi.ts'
import { deployContract } from '../../src/chain/deploy.ts'
import { type PolicyWords, PROPOSAL_STATUSES } from '../../src/chain/reader-schema.ts'
import { feeWord, policyHash, policyOf, type ShardPolicy, shardPolicyWord } from '../../src/policy/policy.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { catchError } from '../helpers/catch-error.ts'
import { policyFixture } from '../helpers/fixtures.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { expectRevert } from './revert.ts'

const SHARDS = 4
const DELAY_S = 3_600
const WINDOW_S = 14 * 86_400
const SETTLEMENT = '0x4444444444444444444444444444444444444444'

/** IPolicyRegistry.Rule, in its order. */
const RULES = [
  'Lengths',
  'StrayBits',
  'Kind',
  'Fees',
  'Tau',
  'Thresholds',
  'Skew',
  'WeightSum',
  'WeightShare',
  'ReportSigner',
]

function wordsOf(change: Partial<ShardPolicy> = {}, shard = 2): PolicyWords {
  const policy = policyFixture(SHARDS)
  const shards = policy.shards.map((each, j) => (j === shard ? { ...each, ...change } : each))
  return {
    feeWord: feeWord(policy),
    words: shards.map(shardPolicyWord),
    settlements: shards.map(() => SETTLEMENT),
    reportSigners: shards.map(() => ZeroAddress),
  }
}

describe('PolicyRegistry', () => {
  let test: TestChain
  let registry: Contract

  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
    const operator = test.account(0)
    const address = await deployContract(packageRoot(), operator, 'PolicyRegistry', [operator.address, SHARDS, DELAY_S])
    registry = new EthersContract(address, POLICY_REGISTRY_ABI, operator)
  })
  after(() => test?.stop())

  const call = (method: string, ...args: unknown[]) => registry.getFunction(method)(...args)
  const send = async (method: string, ...args: unknown[]) => (await call(method, ...args)).wait()
  const statusOf = async (id: number) => PROPOSAL_STATUSES[Number((await call('proposal', id)).status)]
  const propose = (policy: PolicyWords) => registry.getFunction('propose').staticCall(policy)

  describe('refuses a policy that breaks a rule', () => {
    const stray = (bit: bigint): PolicyWords => {
      const policy = wordsOf()
      return { ...policy, words: policy.words.with(2, at(policy.words, 2) | (1n << bit)) }
    }
    const fees = (word: bigint): PolicyWords => ({ ...wordsOf(), feeWord: word })
    const limit = 8_000_000n
    const cases: [rule: string, name: string, policy: () => PolicyWords, shard: number][] = [
      ['Lengths', 'a shard too few', () => ({ ...wordsOf(), words: wordsOf().words.slice(1) }), 0],
      [
        'Lengths',
        'a settlement address too many',
        () => ({ ...wordsOf(), settlements: new Array(5).fill(SETTLEMENT) }),
        0,
      ],
      ['Lengths', 'a report signer too few', () => ({ ...wordsOf(), reportSigners: [] }), 0],
      ['StrayBits', 'a bit above a policy word', () => stray(241n), 2],
      ['StrayBits', 'the top bit of a policy word', () => stray(255n), 2],
      ['StrayBits', 'a bit above the fee word', () => fees(wordsOf().feeWord | (1n << 38n)), 0],
      ['Kind', 'an unknown kind', () => fees(1n | (5n << 15n) | (2n << 30n)), 0],
      ['Fees', 'feeMin 0', () => fees(5n << 15n), 0],
      ['Fees', 'feeMin above feeMax', () => fees(6n | (5n << 15n)), 0],
      ['Tau', 'tau 0', () => wordsOf({ tau: 0n }), 2],
      ['Thresholds', 'reset 0', () => wordsOf({ reset: 0n }), 2],
      ['Thresholds', 'reset above trip', () => wordsOf({ reset: 5n, trip: 4n }), 2],
      ['Thresholds', 'trip above limit', () => wordsOf({ trip: limit + 1n }), 2],
      ['Thresholds', 'limit at 2^36', () => wordsOf({ limit: 2n ** 36n }), 2],
      ['Skew', 'skew 7', () => wordsOf({ skew: 7n }), 2],
      ['WeightShare', 'a weight below a 1024th', () => wordsOf({ weights: [1n, 4095n] }, 0), 0],
      ['ReportSigner', 'a reporting shard without a signer', () => wordsOf({ reporting: true }), 2],
    ]
    for (const [rule, name, policy, shard] of cases) {
      it(`${rule}: ${name}`, async () => {
        if (rule === 'WeightShare') {
          // Two heavy shards beside a light one: 1·1024 < 1 + 2·4095.
          const heavy = policyFixture(SHARDS).shards.map((each, j) => ({
            ...each,
            weights: [j === 0 ? 1n : 4095n, 1n] as [bigint, bigint],
          }))
          return expectRevert(propose({ ...policy(), words: heavy.map(shardPolicyWord) }), 'PolicyInvalid', [8n, 0n])
        }
        return expectRevert(propose(policy()), 'PolicyInvalid', [BigInt(RULES.indexOf(rule)), BigInt(shard)])
      })
    }

    for (const segment of [0, 1]) {
      it(`WeightSum: no shard for segment ${segment}`, () => {
        const shards = policyFixture(SHARDS).shards.map((each) => ({
          ...each,
          weights: each.weights.map((weight, g) => (g === segment ? 0n : weight)) as [bigint, bigint],
        }))
        return expectRevert(propose({ ...wordsOf(), words: shards.map(shardPolicyWord) }), 'PolicyInvalid', [7n, 0n])
      })
    }

    it('by the same rules as the service', async () => {
      for (const [rule, name, policy] of cases) {
        if (['Lengths', 'ReportSigner', 'WeightShare'].includes(rule)) continue
        const { feeWord: fee, words } = policy()
        const error = await catchError(() => policyOf(fee, words))
        expect(error.code, name).to.be.oneOf(['POLICY_INVALID', 'OUT_OF_RANGE'])
      }
    })

    it('but takes one at every edge', async () => {
      const edge = {
        tau: 1n,
        reset: 1n,
        trip: 1n,
        limit: 1n,
        skew: 8n,
        target: 2n ** 40n - 1n,
        weights: [0n, 0n] as [bigint, bigint],
      }
      await propose(wordsOf(edge))
      await propose({ ...wordsOf({ limit: 2n ** 36n - 1n }), feeWord: 32_767n | (32_767n << 15n) | (1n << 30n) })
    })
  })

  it('is the proposer’s to fill and anybody’s to activate', () =>
    test.undoing(async () => {
      const stranger = registry.connect(test.account(5)) as EthersContract
      const { address } = test.account(5)
      await expectRevert(stranger.getFunction('propose').staticCall(wordsOf()), 'NotInRole', [0n, address])
      await expectRevert(stranger.getFunction('retune').staticCall(wordsOf().words), 'NotOperator', [address])
      await send('propose', wordsOf())
      await expectRevert(stranger.getFunction('cancel').staticCall(1), 'NotInRole', [1n, address])
      await test.wait(DELAY_S)
      await (await stranger.getFunction('activate')(1)).wait()
      expect(await statusOf(1)).to.equal('active')
    }))

  it('publishes what it queues, under the hash that the protocol defines', () =>
    test.undoing(async () => {
      const policy = wordsOf()
      await send('propose', policy)
      const { policyHash: hash, status, eta } = await call('proposal', 1)
      const published = {
        ...policyFixture(SHARDS),
        settlements: policy.settlements,
        reportSigners: policy.reportSigners,
      }
      expect(hash).to.equal(policyHash(published))
      expect(PROPOSAL_STATUSES[Number(status)]).to.equal('waiting')
      const block = await test.provider.getBlock('latest')
      expect(eta).to.equal(BigInt((block?.timestamp ?? 0) + DELAY_S))
      const read = await call('policy', hash)
      expect(read.toArray(true)).to.deep.equal([policy.feeWord, policy.words, policy.settlements, policy.reportSigners])
      await expectRevert(call('policy', `0x${'11'.repeat(32)}`), 'PolicyUnknown')
    }))

  it('holds a policy back for the delay, and lets it expire after the window', () =>
    test.undoing(async () => {
      await expectRevert(call('active'), 'PolicyUnknown')
      await send('propose', wordsOf())
      const activate = registry.getFunction('activate')
      await expectRevert(activate.staticCall(1), 'WrongStatus', [1n, 1n])
      await expectRevert(activate.staticCall(2), 'WrongStatus', [2n, 0n])
      await test.wait(DELAY_S)
      expect(await statusOf(1)).to.equal('ripe')
      await activate.staticCall(1)
      await test.wait(WINDOW_S)
      expect(await statusOf(1)).to.equal('expired')
      await expectRevert(activate.staticCall(1), 'WrongStatus', [1n, 3n])
    }))

  it('activates in order and each policy once, so that nobody can switch among ripe ones', () =>
    test.undoing(async () => {
      for (const tau of [1n, 2n, 3n]) await send('propose', wordsOf({ tau }))
      await test.wait(DELAY_S)
      await send('activate', 2)
      expect(await statusOf(1)).to.equal('superseded')
      expect((await call('active')).id).to.equal(2n)
      const activate = registry.getFunction('activate')
      await expectRevert(activate.staticCall(1), 'WrongStatus', [1n, 5n])
      await expectRevert(activate.staticCall(2), 'WrongStatus', [2n, 6n])
      await send('activate', 3)
      expect(await statusOf(2)).to.equal('replaced')
      await expectRevert(activate.staticCall(2), 'WrongStatus', [2n, 7n])
    }))

  it('lets the operator take a proposal back until it is active', () =>
    test.undoing(async () => {
      await send('propose', wordsOf())
      await send('propose', wordsOf())
      await send('cancel', 1)
      expect(await statusOf(1)).to.equal('cancelled')
      await test.wait(DELAY_S)
      await expectRevert(registry.getFunction('activate').staticCall(1), 'WrongStatus', [1n, 4n])
      await send('activate', 2)
      await expectRevert(registry.getFunction('cancel').staticCall(2), 'WrongStatus', [2n, 6n])
    }))

  it('hands the operator over in two steps', () =>
    test.undoing(async () => {
      const [heir, stranger] = [test.account(6), test.account(7)]
      await expectRevert(
        (registry.connect(stranger) as EthersContract).getFunction('nominateOperator').staticCall(heir.address),
        'NotOperator',
        [stranger.address],
      )
      await send('nominateOperator', heir.address)
      await expectRevert(
        (registry.connect(stranger) as EthersContract).getFunction('acceptOperator').staticCall(),
        'NotOperator',
        [stranger.address],
      )
      expect(await call('operator')).to.equal(test.account(0).address)
      await (await (registry.connect(heir) as EthersContract).getFunction('acceptOperator')()).wait()
      expect(await call('operator')).to.equal(heir.address)
    }))

  it('hands the roles over in two steps, one by one', () =>
    test.undoing(async () => {
      const [proposer, guardian] = [test.account(6), test.account(7)]
      const as = (account: typeof proposer) => registry.connect(account) as EthersContract
      await send('nominate', 0, proposer.address)
      await expectRevert(as(guardian).getFunction('accept').staticCall(0), 'NotInRole', [0n, guardian.address])
      await (await as(proposer).getFunction('accept')(0)).wait()
      await send('nominate', 1, guardian.address)
      await (await as(guardian).getFunction('accept')(1)).wait()
      expect(await call('holderOf', 0)).to.equal(proposer.address)
      await expectRevert(propose(wordsOf()), 'NotInRole', [0n, test.account(0).address])
      await (await as(proposer).getFunction('propose')(wordsOf())).wait()
      await expectRevert(registry.getFunction('cancel').staticCall(1), 'NotInRole', [1n, test.account(0).address])
      await (await as(guardian).getFunction('cancel')(1)).wait()
      expect(await statusOf(1)).to.equal('cancelled')
    }))

  it('lets the operator retune weights within band and step, and an epoch run under them', () =>
    test.undoing(async () => {
      const tuned = (weight: bigint, change: Partial<ShardPolicy> = {}) =>
        wordsOf({ weights: [weight, 200n], ...change }).words
      const retune = registry.getFunction('retune')
      await expectRevert(retune.staticCall(tuned(100n)), 'PolicyUnknown')
      const base = wordsOf({ weights: [160n, 200n] })
      await send('propose', base)
      await test.wait(DELAY_S)
      await send('activate', 1)
      // A step is 160·16/256 = 10, the band 160·64/256 = 40.
      await expectRevert(retune.staticCall(tuned(171n)), 'RetuneRefused', [2n])
      await expectRevert(retune.staticCall(tuned(170n, { tau: 9n })), 'RetuneRefused', [2n])
      await expectRevert(retune.staticCall(tuned(170n).slice(1)), 'PolicyInvalid', [0n, 0n])
      for (const weight of [170n, 180n, 190n, 200n]) {
        await send('retune', tuned(weight))
        await expectRevert(retune.staticCall(tuned(weight)), 'RetuneTooEarly')
        await test.wait(600)
      }
      await expectRevert(retune.staticCall(tuned(201n)), 'RetuneRefused', [2n])
      const { id, policyHash: hash } = await call('active')
      expect(id).to.equal(1n)
      expect((await call('policy', hash)).words.toArray()).to.deep.equal(tuned(200n))
      // The queue goes on: a retune is no proposal.
      await send('propose', wordsOf({ tau: 5n }))
      await test.wait(DELAY_S)
      await send('activate', 2)
      expect((await call('active')).policyHash).to.equal((await call('proposal', 2)).policyHash)
    }))

  it('takes 1 to 64 shards', async () => {
    const operator = test.account(0)
    for (const shards of [0, 65]) {
      const error = await catchError(() =>
        deployContract(packageRoot(), operator, 'PolicyRegistry', [operator.address, shards, 0]),
      )
      expect(error.details.error).to.equal('ShardsOutOfRange')
    }
  })
})
