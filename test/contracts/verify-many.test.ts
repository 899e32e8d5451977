import { expect } from 'chai'
import { AbiCoder, Contract, concat, toBeHex } from 'ethers'
import { at } from '../../src/base/at.ts'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { GROTH16_VERIFIER_ABI } from '../../src/chain/abi.ts'
import { deployContract, deployVerifier } from '../../src/chain/deploy.ts'
import { BASE_MODULUS } from '../../src/proof/bn254.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { proofWords } from '../../src/proof/calldata.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { bind, publicSignals } from '../../src/statement/binding.ts'
import { encodeStatement } from '../../src/statement/statement.ts'
import { circuitInputs, routeBatch } from '../../src/witness/witness.ts'
import { batchFixture } from '../helpers/fixtures.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { expectRevert } from './revert.ts'

const CIRCUIT = 'two-choice-4-8'
const ADD = '0x0000000000000000000000000000000000000006'
const NAMES = ['D', 'alpha', 'y', 'a.x', 'a.y', 'b.x1', 'b.x0', 'b.y1', 'b.y0', 'c.x', 'c.y']

/** Signals and proof in one list, as `verifyMany` hashes them. */
type Claim = readonly bigint[]
type Point = readonly [bigint, bigint]

const split = (claim: Claim) => ({ signals: claim.slice(0, 3), proof: claim.slice(3) })
const negated = ([x, y]: Point): Point => [x, (BASE_MODULUS - y) % BASE_MODULUS]

describe('Groth16Verifier.verifyMany', () => {
  let test: TestChain
  let verifier: Contract
  let claims: Claim[]

  before(async function () {
    this.timeout(240_000)
    const [chain, artifacts] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
    const factory = await deployContract(packageRoot(), test.account(0), 'VerifierFactory', [])
    const address = await deployVerifier(test.account(0), factory, artifacts)
    verifier = new Contract(address, GROTH16_VERIFIER_ABI, test.account(1))
    const prover = new SnarkjsProver()
    try {
      claims = []
      for (const orders of [3, 8, 0]) {
        const witness = batchFixture(4, orders)
        const words = encodeStatement(artifacts.manifest, routeBatch(witness).statement)
        const verifierId = await verifier.getFunction('verifierId')()
        const binding = bind({ chainId: 31337n, ledger: address, beneficiary: address, verifierId }, words)
        const { proof } = await prover.prove(CIRCUIT, circuitInputs(artifacts.manifest, witness, binding))
        claims.push([...publicSignals(binding), ...proofWords(proof)])
      }
    } finally {
      await prover.close()
    }
  })
  after(() => test?.stop())

  const verifyMany = (list: readonly Claim[]) => verifier.getFunction('verifyMany')(list.map(split))
  const bent = (position: number, word: number, value: bigint) =>
    claims.with(position, at(claims, position).with(word, value))

  it('accepts one, two and three proofs of snarkjs, in any order', async () => {
    for (const list of [claims.slice(0, 1), claims.slice(1), claims, claims.toReversed()]) await verifyMany(list)
  })

  it('accepts a claim that stands there twice', () => verifyMany([at(claims, 0), at(claims, 0)]))

  it('refuses no claims', () => expectRevert(verifyMany([]), 'NoClaims'))

  for (const position of [0, 1, 2]) {
    describe(`with the claim in position ${position} bent, refuses all`, () => {
      for (const [word, name] of NAMES.entries()) {
        const modulus = word < 3 ? FIELD_MODULUS : BASE_MODULUS
        const tooLarge = word < 3 ? 'SignalOutOfField' : 'CoordinateOutOfRange'
        it(`${name} off by one`, () => {
          const value = (at(at(claims, position), word) + 1n) % modulus
          return expectRevert(verifyMany(bent(position, word, value)), 'ProofRejected')
        })
        it(`${name} plus the modulus`, () =>
          expectRevert(verifyMany(bent(position, word, at(at(claims, position), word) + modulus)), tooLarge))
      }
    })
  }

  it('refuses proofs that change places between their signals', () => {
    const [one, two, three] = [at(claims, 0), at(claims, 1), at(claims, 2)]
    const swapped = [[...one.slice(0, 3), ...two.slice(3)], [...two.slice(0, 3), ...one.slice(3)], three]
    return expectRevert(verifyMany(swapped), 'ProofRejected')
  })

  /** (p + q) by the chain's own precompile. */
  async function sum(p: Point, q: Point): Promise<Point> {
    const answer = await test.provider.call({ to: ADD, data: concat([...p, ...q].map((word) => toBeHex(word, 32))) })
    const [x, y] = AbiCoder.defaultAbiCoder().decode(['uint256', 'uint256'], answer)
    return [x, y]
  }
  const cOf = (claim: Claim): Point => [at(claim, 9), at(claim, 10)]
  const withC = (claim: Claim, [x, y]: Point): Claim => [...claim.slice(0, 9), x, y]

  /** Two wrong proofs: what one has too much, the other has too little, times a factor. */
  async function opposed(factor: number): Promise<Claim[]> {
    const error: Point = [1n, 2n]
    const [first, second, third] = [at(claims, 0), at(claims, 1), at(claims, 2)]
    let more = cOf(first)
    for (let i = 0; i < factor; i++) more = await sum(more, error)
    return [withC(first, more), withC(second, await sum(cOf(second), negated(error))), third]
  }

  // With weights 1, 1 or 1, 2, 3, …, which do not depend on the proofs, these would cancel out.
  for (const factor of [1, 2, 3]) {
    it(`refuses two wrong proofs whose errors cancel out as ${factor} to −1`, async () => {
      const chosen = await opposed(factor)
      for (const claim of chosen.slice(0, 2)) {
        const { signals, proof } = split(claim)
        await expectRevert(verifier.getFunction('verify')(signals, proof), 'ProofRejected')
      }
      await expectRevert(verifyMany(chosen), 'ProofRejected')
      await expectRevert(verifyMany([at(chosen, 1), at(chosen, 0)]), 'ProofRejected')
    })
  }

  it('would accept those errors if they were none: the attack’s sums are right', async () => {
    const [first] = await opposed(1)
    const back = await sum(cOf(first ?? expect.fail()), negated([1n, 2n]))
    expect(back).to.deep.equal(cOf(at(claims, 0)))
  })
})
