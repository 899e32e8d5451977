import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { readArtifact } from '../../src/chain/artifact.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { epochGas, smallestCircuit, submitBatchesGas, submitBatchGas } from './gas.ts'

const FILE = join(packageRoot(), 'test/contracts/gas.json')
/** Zero bytes of a random proof and of seeds are cheaper by 12 gas each. */
const NOISE = 400
const DEPLOYED = [
  'BlockHashSeedSource',
  'Groth16Verifier',
  'PolicyRegistry',
  'ProverRewards',
  'EpochTerms',
  'RoutingLedger',
  'VerifierFactory',
]

/** Pinned figures; `UPDATE_GAS=1` writes what was measured instead. Those at S = 16 are pinned by test/slow/contracts/gas.test.ts. */
interface Pinned {
  gas: Record<string, number>
  /** Bytes of code. */
  size: Record<string, number>
}

describe('gas and size', () => {
  let test: TestChain
  const prover = new SnarkjsProver()
  // Written by this file alone.
  const pinned = JSON.parse(readFileSync(FILE, 'utf8')) as Pinned
  const update = process.env.UPDATE_GAS === '1'

  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
  })
  after(async () => {
    if (update) writeFileSync(FILE, `${JSON.stringify(pinned, null, 2)}\n`)
    await prover.close()
    await test?.stop()
  })

  const pin = (name: string, gas: number) => {
    if (update) pinned.gas[name] = gas
    expect(gas, name).to.be.closeTo(pinned.gas[name] ?? 0, NOISE)
  }

  it('submitBatch of a full batch costs what it did', async function () {
    this.timeout(240_000)
    const [gas = 0] = await submitBatchGas(test, prover, await ensureCircuit(smallestCircuit(4)), 1)
    pin('submitBatch/S4/2^14', gas)
  })

  it('a batch of four in one submitBatches costs what it did', async function () {
    this.timeout(240_000)
    const artifacts = await ensureCircuit(smallestCircuit(4))
    pin('submitBatches4/S4/2^14', await submitBatchesGas(test, prover, artifacts, 4))
  })

  it('policies and epochs cost what they did', async () => {
    for (const [name, gas] of Object.entries(await epochGas(test, 4))) pin(`${name}/S4`, gas)
  })

  it('contracts are as large as they were, within the limit of EIP-170', () => {
    const sizes = Object.fromEntries(DEPLOYED.map((name) => [name, readArtifact(packageRoot(), name).size]))
    if (update) pinned.size = sizes
    expect(sizes).to.deep.equal(pinned.size)
    for (const size of Object.values(sizes)) expect(size).to.be.at.most(24_576)
  })
})
