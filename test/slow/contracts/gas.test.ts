import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ensureCircuit } from '../../../src/proof/build.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { startTestChain, type TestChain } from '../../contracts/chain.ts'
import { fastestProver, smallestCircuit, submitBatchesGas, submitBatchGas } from '../../contracts/gas.ts'

/** The most that a full batch may cost, alone and as one of four in a call. */
const CEILINGS = {
  'submitBatch/S16/2^16': 340_000,
  'submitBatch/S16/2^17': 360_000,
  'submitBatches4/S16/2^17': 255_000,
  'submitBatch/S16/2^18': 440_000,
  'submitBatches4/S16/2^18': 227 * 1_700,
}
type Case = keyof typeof CEILINGS

describe('gas at S = 16', () => {
  let test: TestChain
  // Written by gas.test.ts and by hand.
  const pinned = JSON.parse(readFileSync(join(packageRoot(), 'test/contracts/gas.json'), 'utf8')) as {
    gas: Record<string, number>
  }

  before(async () => {
    test = await startTestChain()
  })
  after(() => test?.stop())

  const check = (name: Case, gas: number) => {
    expect(gas, name).to.be.at.most((pinned.gas[name] ?? 0) * 1.01)
    expect(gas, name).to.be.at.most(CEILINGS[name])
  }

  const cases = [
    [smallestCircuit(16), 'submitBatch/S16/2^16', undefined],
    ['two-choice-16-105', 'submitBatch/S16/2^17', 'submitBatches4/S16/2^17'],
    ['two-choice-16-227', 'submitBatch/S16/2^18', 'submitBatches4/S16/2^18'],
  ] as const
  for (const [circuit, alone, together] of cases) {
    it(`full batches of ${circuit} cost what they did`, async function () {
      // The first time the keys are made.
      this.timeout(1_200_000)
      const artifacts = await ensureCircuit(circuit)
      const prover = await fastestProver(artifacts)
      try {
        const [gas = 0] = await submitBatchGas(test, prover, artifacts, 1)
        check(alone, gas)
        if (together) check(together, await submitBatchesGas(test, prover, artifacts, 4))
      } finally {
        await prover.close()
      }
    })
  }
})
