import { ChildProver } from '../../../src/proof/backend/child-prover.ts'
import { ensureCircuit } from '../../../src/proof/build.ts'
import { ensureNativeProver } from '../../../src/proof/native/build.ts'
import type { Prover } from '../../../src/proof/prover.ts'
import { catalogNames, costsWhatIsPinned, provesFullBatch } from '../circuits/full-batch.ts'

/** 2^18, and 32 and 64 shards: compiled, counted, keyed and proven, which takes too long for CI; by the native prover where there is Go, else by snarkjs. */
describe('large circuits', function () {
  this.timeout(3_600_000)
  let prover: Prover
  before(async () => {
    const { binary } = await ensureNativeProver()
    prover = new ChildProver(binary === undefined ? { name: 'snarkjs' } : { name: 'native', binary }, {
      artifacts: ensureCircuit,
    })
    console.log(`    proofs by ${binary === undefined ? 'snarkjs' : 'the native prover'}`)
  })
  after(() => prover.close())

  for (const name of catalogNames(true)) {
    it(`${name} costs what is pinned`, () => costsWhatIsPinned(name))
    it(`${name} proves a full batch`, () => provesFullBatch(prover, name))
  }
})
