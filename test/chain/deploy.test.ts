import { expect } from 'chai'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { deployAll } from '../../src/chain/deployer.ts'
import { LedgerReader } from '../../src/chain/reader.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import type { Artifacts } from '../../src/proof/manifest.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { startTestChain, type TestChain } from '../contracts/chain.ts'
import { catchError } from '../helpers/catch-error.ts'

describe('deploying', () => {
  let test: TestChain
  let artifacts: Artifacts

  before(async function () {
    this.timeout(240_000)
    const [chain, built] = await Promise.all([startTestChain(), ensureCircuit('two-choice-4-8')])
    test = chain
    artifacts = built
  })
  after(() => test?.stop())

  const settings = () => ({
    operator: test.account(1).address,
    shards: 4,
    genesisState: 1n,
    resetState: 2n,
    policyDelayS: 60,
    deadlineS: 600,
    finalityDepth: 5,
    minInterval: 1_000n,
    seedDelay: 3,
  })
  const nonce = () => test.provider.getTransactionCount(test.account(0).address)

  it('makes a ledger that says what it was made with', async () => {
    const deployment = await deployAll(packageRoot(), test.account(0), settings(), [artifacts])
    const { ledger, registry, verifierFactory, chainId } = deployment
    expect(deployment.verifiers).to.have.length(1)
    const reader = await LedgerReader.connect({ rpcUrl: test.chain.url, ledger })
    const { operator: _operator, policyDelayS: _delay, ...terms } = settings()
    const known = { ledger, registry, verifierFactory, chainId, reputation: undefined }
    expect(reader.config).to.deep.equal({ ...terms, ...known })
    reader.close()
  })

  it('sends nothing when a circuit has a dev key and the chain is real', async () => {
    const before = await nonce()
    const provider = Object.create(test.provider, { getNetwork: { value: async () => ({ chainId: 1n }) } })
    const signer = test.account(0).connect(provider)
    const error = await catchError(() => deployAll(packageRoot(), signer, settings(), [artifacts]))
    expect(error.code).to.equal('DEV_KEY_FORBIDDEN')
    expect(await nonce()).to.equal(before)
  })

  it('sends nothing when a circuit is for another number of shards', async () => {
    const before = await nonce()
    const error = await catchError(() =>
      deployAll(packageRoot(), test.account(0), { ...settings(), shards: 16 }, [artifacts]),
    )
    expect(error.code).to.equal('CHAIN_MISMATCH')
    expect(await nonce()).to.equal(before)
  })

  it('refuses terms that no ledger can have', async () => {
    const changes = [
      { genesisState: FIELD_MODULUS },
      { resetState: FIELD_MODULUS },
      { deadlineS: 0 },
      { minInterval: 0n },
      { minInterval: 2n ** 40n },
      { seedDelay: 0 },
    ]
    for (const change of changes) {
      const error = await catchError(() => deployAll(packageRoot(), test.account(0), { ...settings(), ...change }, []))
      expect(error.details.error).to.equal('ConfigInvalid')
    }
  })
})
