import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ensureCircuit } from '../../../src/proof/build.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { SnarkjsProver } from '../../../src/proof/snarkjs-prover.ts'
import { startTestChain } from '../../contracts/chain.ts'
import { smallestCircuit, submitBatchGas } from '../../contracts/gas.ts'

/** The most that a full batch in 2^16 constraints may cost. */
const CEILING = 380_000
const CASE = 'submitBatch/S16/2^16'

describe('gas at S = 16', () => {
  it('submitBatch of a full 2^16 batch costs what it did, and at most 380,000', async function () {
    this.timeout(900_000)
    // Written by gas.test.ts and by hand.
    const pinned = JSON.parse(readFileSync(join(packageRoot(), 'test/contracts/gas.json'), 'utf8')) as {
      gas: Record<string, number>
    }
    const prover = new SnarkjsProver()
    const test = await startTestChain()
    try {
      const [gas = 0] = await submitBatchGas(test, prover, await ensureCircuit(smallestCircuit(16)), 1)
      expect(gas).to.be.closeTo(pinned.gas[CASE] ?? 0, 600)
      expect(gas).to.be.at.most(CEILING)
    } finally {
      await prover.close()
      await test.stop()
    }
  })
})
