import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Contract, ContractFactory, computeAddress, Signature, SigningKey } from 'ethers'
import { POLICY_REGISTRY_ABI, VERIFIER_FACTORY_ABI } from '../../src/chain/abi.ts'
import { readArtifact } from '../../src/chain/artifact.ts'
import { deployContract } from '../../src/chain/deploy.ts'
import { headWords } from '../../src/chain/evidence.ts'
import { poseidonCode } from '../../src/chain/poseidon-contract.ts'
import { SEGMENTS, SIDES } from '../../src/order/order.ts'
import { POLICY_KINDS } from '../../src/policy/policy.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { startTestChain, type TestChain } from './chain.ts'

/** A file of test/vectors, as our own generator writes it: integers are decimal strings. */
const vectors = (name: string) => JSON.parse(readFileSync(join(packageRoot(), `test/vectors/${name}.json`), 'utf8'))
const numbers = (list: readonly string[]): bigint[] => list.map(BigInt)

describe('the contracts agree with the shared vectors on', () => {
  let test: TestChain
  let probe: Contract

  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
    const address = await deployContract(packageRoot(), test.account(0), 'VectorProbe', [])
    probe = new Contract(address, readArtifact(packageRoot(), 'VectorProbe').abi, test.provider)
  })
  after(() => test?.stop())

  const ask = (method: string, ...args: unknown[]) => probe.getFunction(method)(...args)

  it('binding, order tree, head and record of batches', async () => {
    const { context, cases } = vectors('batch')
    const prefix = [context.chainId, context.ledger, context.beneficiary, context.verifierId].map(BigInt)
    for (const batch of cases) {
      const v = numbers(batch.v)
      const [alpha, y, statementHash] = await ask('bind', [...prefix, BigInt(batch.binding.digest), ...v])
      expect([alpha, y, statementHash], batch.name).to.deep.equal([
        BigInt(batch.binding.alpha),
        BigInt(batch.binding.y),
        batch.statementHash,
      ])
      const count = Number(v[8])
      const commitments = v.slice(17, 17 + count)
      const orderRoot = await ask('orderRoot', commitments, v.slice(25))
      expect(orderRoot).to.equal(batch.orderRoot)
      for (const [k, leaf] of batch.leaves.entries()) {
        const slots = [0, 1, 2, 3].map((i) => 4 * k + i)
        const four = slots.map((slot) => commitments[slot] ?? 0n)
        const bytes = slots.map((slot) => batch.assignments[slot] ?? 0)
        expect(await ask('leaf', four, bytes)).to.equal(leaf)
      }
      if (count > 0) expect(await ask('climb', batch.leaves[0], 0n, batch.path0)).to.equal(orderRoot)
      const [, , , orderCounter = 0n, time = 0n, , , state = 0n] = v
      const head = {
        epoch: 1n,
        nextIndex: 1n,
        state,
        time,
        orderCounter: orderCounter + BigInt(count),
        counters: [0n, 0n, 0n, 0n],
      }
      expect(await ask('head', headWords(head))).to.equal(batch.head)
      const { head: headHash, terms, record } = batch
      expect(await ask('record', { orderRoot, statementHash, head: headHash, terms })).to.equal(record)
    }
  })

  it('signatures over batches', async () => {
    const { domain, separator, batches } = vectors('receipt')
    expect(await ask('separator', domain.ledger)).to.equal(separator)
    const key = new SigningKey(test.key(1))
    for (const { epoch, index, statementHash, digest } of batches) {
      const { r, yParityAndS } = Signature.from(key.sign(digest))
      expect(await ask('signer', separator, epoch, index, statementHash, r, yParityAndS)).to.equal(computeAddress(key))
    }
  })

  it('receipts, reports, order details and commitments', async () => {
    const account = test.account(0)
    const address = await deployContract(packageRoot(), account, 'TypedDataProbe', [])
    const typed = new Contract(address, readArtifact(packageRoot(), 'TypedDataProbe').abi, account)
    const { separator, receipts, reports } = vectors('receipt')
    for (const { fields, digest } of receipts) {
      expect(await typed.getFunction('receiptDigest')(separator, fields)).to.equal(digest)
    }
    for (const { fields, digest } of reports) {
      expect(await typed.getFunction('servedDigest')(separator, fields)).to.equal(digest)
    }
    const { cases, domain } = vectors('details')
    expect(domain).to.deep.equal(vectors('receipt').domain)
    for (const { fields, details } of cases) {
      expect(await typed.getFunction('details')(separator, fields)).to.equal(BigInt(details))
    }
    const poseidon = await (await new ContractFactory([], poseidonCode(), account).deploy()).getAddress()
    for (const { size, side, segment, details, commitment } of vectors('order').orders) {
      const opening = [size, SIDES.indexOf(side), SEGMENTS.indexOf(segment), details]
      expect(await typed.getFunction('commitment')(poseidon, opening)).to.equal(BigInt(commitment))
    }
    const hash = new Contract(poseidon, ['function poseidon(uint256[2]) view returns (uint256)'], account)
    for (const { inputs, out, capacity } of vectors('hash').poseidon) {
      if (inputs.length !== 2 || capacity !== undefined) continue
      expect(await hash.getFunction('poseidon')(numbers(inputs))).to.equal(BigInt(out))
    }
  })

  it('the fields of policy and fee words', async () => {
    const { policyWords, feeWords } = vectors('words')
    for (const { fields, word } of policyWords) {
      const { weights, tau, limit, trip, reset, skew, reporting } = fields
      const expected = numbers([...weights, tau, limit, trip, reset, skew, reporting ? '1' : '0'])
      expect((await ask('policyFields', word)).toArray()).to.deep.equal(expected)
    }
    for (const { feeMin, feeMax, kind, word } of feeWords) {
      const expected = [BigInt(feeMin), BigInt(feeMax), BigInt(POLICY_KINDS.indexOf(kind))]
      expect((await ask('feeFields', word)).toArray()).to.deep.equal(expected)
    }
  })

  it('ids of verifiers', async () => {
    const account = test.account(0)
    const address = await deployContract(packageRoot(), account, 'VerifierFactory', [])
    const factory = new Contract(address, VERIFIER_FACTORY_ABI, account)
    for (const { kind, shards, slots, words, id } of vectors('misc').verifierIds) {
      await (await factory.getFunction('deploy')({ kind: POLICY_KINDS.indexOf(kind), shards, slots, words })).wait()
      expect(BigInt(await factory.getFunction('verifierOf')(id))).to.not.equal(0n)
    }
  })

  it('hashes of policies', async () => {
    const account = test.account(0)
    for (const { policy, hash } of vectors('words').policyHashes) {
      const { settlements, reportSigners } = policy
      const address = await deployContract(packageRoot(), account, 'PolicyRegistry', [account.address, 4, 0])
      const registry = new Contract(address, POLICY_REGISTRY_ABI, account)
      const words = policy.shards.map((shard: Record<string, string>) => packed(shard))
      const feeWord = BigInt(policy.feeMin) | (BigInt(policy.feeMax) << 15n)
      await (await registry.getFunction('propose')({ feeWord, words, settlements, reportSigners })).wait()
      expect((await registry.getFunction('proposal')(1)).policyHash).to.equal(hash)
    }
  })
})

/** A policy word by hand (protocol, section 9): not through the code that the vectors come from. */
function packed({
  weights = [],
  tau = 0,
  limit = 0,
  trip = 0,
  reset = 0,
  skew = 0,
  target = 0,
  reporting,
}: Record<string, unknown>) {
  // Values are decimal strings, as the generator writes them.
  const [w0, w1] = weights as string[]
  const fields: [unknown, number][] = [
    [w0, 12],
    [w1, 12],
    [tau, 16],
    [limit, 40],
    [trip, 40],
    [reset, 40],
    [skew, 40],
    [target, 40],
  ]
  const start: [bigint, bigint] = [0n, 0n]
  const [word] = fields.reduce(
    ([sum, shift], [value, bits]) => [sum | (BigInt(String(value)) << shift), shift + BigInt(bits)] as [bigint, bigint],
    start,
  )
  return word | (reporting === true ? 1n << 240n : 0n)
}
