import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { Contract, ContractFactory } from 'ethers'
import { at } from '../../src/base/at.ts'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { GROTH16_VERIFIER_ABI, VERIFIER_FACTORY_ABI } from '../../src/chain/abi.ts'
import { compile } from '../../src/chain/compile.ts'
import { deployContract, deployVerifier, findVerifier } from '../../src/chain/deploy.ts'
import { solcInput } from '../../src/chain/solc-input.ts'
import { BASE_MODULUS } from '../../src/proof/bn254.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { type ProofWords, proofWords } from '../../src/proof/calldata.ts'
import type { Artifacts } from '../../src/proof/manifest.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { verifyingKeyJson, verifyingKeyWords } from '../../src/proof/vkey.ts'
import { bind, publicSignals } from '../../src/statement/binding.ts'
import { encodeStatement } from '../../src/statement/statement.ts'
import { verifierIdOf } from '../../src/statement/verifier-id.ts'
import { circuitInputs, routeBatch } from '../../src/witness/witness.ts'
import { catchError } from '../helpers/catch-error.ts'
import { batchFixture } from '../helpers/fixtures.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { expectRevert } from './revert.ts'

const CIRCUIT = 'two-choice-4-8'
type Signals = readonly [bigint, bigint, bigint]

describe('Groth16Verifier', () => {
  let test: TestChain
  let artifacts: Artifacts
  let factory: string
  let verifier: Contract
  let signals: Signals
  let proof: ProofWords

  before(async function () {
    this.timeout(240_000)
    const [chain, built] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
    artifacts = built
    factory = await deployContract(packageRoot(), test.account(0), 'VerifierFactory', [])
    const address = await deployVerifier(test.account(0), factory, artifacts)
    verifier = new Contract(address, GROTH16_VERIFIER_ABI, test.account(1))
    const prover = new SnarkjsProver()
    try {
      const witness = batchFixture(4, 5)
      const words = encodeStatement(artifacts.manifest, routeBatch(witness).statement)
      const context = { chainId: 31337n, ledger: address, beneficiary: address, verifierId: verifierId() }
      const binding = bind(context, words)
      signals = publicSignals(binding)
      proof = proofWords((await prover.prove(CIRCUIT, circuitInputs(artifacts.manifest, witness, binding))).proof)
    } finally {
      await prover.close()
    }
  })
  after(() => test?.stop())

  const keyWords = () => verifyingKeyWords(artifacts.verifyingKey)
  const verifierId = () => verifierIdOf('two-choice', artifacts.manifest, keyWords())
  const verify = (s: readonly bigint[], p: readonly bigint[]) => verifier.getFunction('verify')(s, p)

  it('accepts a proof of snarkjs', () => verify(signals, proof))

  it('tells its key, its shape and the id that the protocol defines', async () => {
    expect((await verifier.getFunction('keyWords')()).toArray()).to.deep.equal(keyWords())
    expect(await verifier.getFunction('verifierId')()).to.equal(verifierId())
    const shape = [
      await verifier.getFunction('kind')(),
      await verifier.getFunction('shards')(),
      await verifier.getFunction('slots')(),
    ]
    expect(shape).to.deep.equal([0n, 4n, 8n])
  })

  it('rejects other signals', async () => {
    for (const i of [0, 1, 2]) {
      const forged = signals.with(i, (at(signals, i) + 1n) % FIELD_MODULUS)
      await expectRevert(verify(forged, proof), 'ProofRejected')
    }
  })

  it('rejects the same signals in other words', async () => {
    for (const i of [0, 1, 2]) {
      await expectRevert(verify(signals.with(i, at(signals, i) + FIELD_MODULUS), proof), 'SignalOutOfField')
    }
    await expectRevert(verify(signals.with(0, FIELD_MODULUS), proof), 'SignalOutOfField')
  })

  it('rejects the same points in other words', async () => {
    for (const i of proof.keys()) {
      const forged = proof.with(i, at(proof, i) + BASE_MODULUS)
      await expectRevert(verify(signals, forged), 'CoordinateOutOfRange')
    }
  })

  it('reverts when gas runs out on the way, so that estimates are right', async () => {
    const data = verifier.interface.encodeFunctionData('verify', [signals, proof])
    const to = await verifier.getAddress()
    const gas = await test.provider.estimateGas({ to, data })
    await test.provider.call({ to, data, gasLimit: gas })
    await expectRevert(test.provider.call({ to, data, gasLimit: gas - 20_000n }), 'ProofRejected')
  })

  describe('as a factory makes it', () => {
    it('is the same one for the same key', async () => {
      const again = await deployVerifier(test.account(3), factory, artifacts)
      expect(again).to.equal(await verifier.getAddress())
      expect(await findVerifier(test.provider, factory, verifierId())).to.equal(again)
      expect(await findVerifier(test.provider, factory, `0x${'11'.repeat(32)}`)).to.equal(undefined)
    })

    it('is refused for keys that accept forgeries or mean nothing', async () => {
      const deploy = new Contract(factory, VERIFIER_FACTORY_ABI, test.account(0)).getFunction('deploy')
      const key = { kind: 0, shards: 4, slots: 8, words: keyWords() }
      const gamma = key.words.slice(6, 10)
      const refused = [
        { words: [...key.words.slice(0, 10), ...gamma, ...key.words.slice(14)] },
        { words: key.words.with(21, BASE_MODULUS) },
        { shards: 0 },
        { shards: 65 },
        { slots: 0 },
        { slots: 65_536 },
      ]
      for (const change of refused) await expectRevert(deploy.staticCall({ ...key, ...change }), 'KeyRefused')
    })

    it('is refused for a dev key on a real chain', async () => {
      const account = test.account(0)
      const provider = Object.create(test.provider, { getNetwork: { value: async () => ({ chainId: 1n }) } })
      const error = await catchError(() => deployVerifier(account.connect(provider), factory, artifacts))
      expect(error.code).to.equal('DEV_KEY_FORBIDDEN')
    })
  })

  describe('beside the verifier that snarkjs exports', () => {
    let other: Contract

    before(async function () {
      this.timeout(120_000)
      const source = exportedVerifier(artifacts)
      const { language, settings } = solcInput(packageRoot())
      const [contract] = await compile({ language, settings, sources: { 'exported.sol': { content: source } } })
      if (!contract) throw new Error('nothing was compiled')
      const deployed = await new ContractFactory(contract.abi, contract.bytecode, test.account(0)).deploy()
      other = new Contract(await deployed.getAddress(), contract.abi, test.provider)
    })

    it('says the same of honest and forged proofs', async () => {
      const theirs = (s: readonly bigint[], p: readonly bigint[]) =>
        other.getFunction('verifyProof')(p.slice(0, 2), [p.slice(2, 4), p.slice(4, 6)], p.slice(6), s)
      const ours = (s: readonly bigint[], p: readonly bigint[]) =>
        verify(s, p).then(
          () => true,
          () => false,
        )
      const zero = new Array<bigint>(8).fill(0n)
      const cases: [readonly bigint[], readonly bigint[]][] = [
        [signals, proof],
        [signals, zero],
        [signals.with(2, 0n), proof],
        [signals.with(0, at(signals, 0) + FIELD_MODULUS), proof],
        ...[...proof.keys()].map((i): [readonly bigint[], readonly bigint[]] => [
          signals,
          proof.with(i, at(proof, i) ^ 1n),
        ]),
      ]
      for (const [s, p] of cases) expect(await ours(s, p)).to.equal(await theirs(s, p))
      expect(await theirs(signals, proof)).to.equal(true)
    })
  })
})

/** snarkjs's Solidity template filled with a key, as `snarkjs zkey export solidityverifier` does. */
function exportedVerifier({ verifyingKey }: Artifacts): string {
  const require = createRequire(import.meta.url)
  const home = dirname(dirname(require.resolve('snarkjs')))
  const template = readFileSync(join(home, 'templates', 'verifier_groth16.sol.ejs'), 'utf8')
  const ejs = createRequire(require.resolve('snarkjs'))('ejs')
  return ejs.render(template, verifyingKeyJson(verifyingKey))
}
