import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ensureCircuit } from '../../../src/proof/build.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { startTestChain, type TestChain } from '../../contracts/chain.ts'
import { smallestCircuit, submitBatchesGas, submitBatchGas } from '../../contracts/gas.ts'
import { SnarkjsProver } from '../../helpers/snarkjs-prover.ts'

/** The most that a full batch may cost, alone in 2^16 and 2^17 constraints, and as one of four in a call. */
const CEILINGS = {
  'submitBatch/S16/2^16': 380_000,
  'submitBatch/S16/2^17': 385_000,
  'submitBatches4/S16/2^17': 255_000,
}
type Case = keyof typeof CEILINGS

describe('gas at S = 16', () => {
  let test: TestChain
  const prover = new SnarkjsProver()
  // Written by gas.test.ts and by hand.
  const pinned = JSON.parse(readFileSync(join(packageRoot(), 'test/contracts/gas.json'), 'utf8')) as {
    gas: Record<string, number>
  }

  before(async () => {
    test = await startTestChain()
  })
  after(async () => {
    await prover.close()
    await test?.stop()
  })

  const check = (name: Case, gas: number) => {
    expect(gas, name).to.be.at.most((pinned.gas[name] ?? 0) * 1.01)
    expect(gas, name).to.be.at.most(CEILINGS[name])
  }

  it('a full batch of 2^16 costs what it did', async function () {
    this.timeout(900_000)
    const [gas = 0] = await submitBatchGas(test, prover, await ensureCircuit(smallestCircuit(16)), 1)
    check('submitBatch/S16/2^16', gas)
  })

  it('full batches of 2^17 cost what they did, alone and as four', async function () {
    this.timeout(1_200_000)
    const artifacts = await ensureCircuit('two-choice-16-105')
    const [gas = 0] = await submitBatchGas(test, prover, artifacts, 1)
    check('submitBatch/S16/2^17', gas)
    check('submitBatches4/S16/2^17', await submitBatchesGas(test, prover, artifacts, 4))
  })
})
