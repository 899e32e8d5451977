import { ensureCircuit } from '../../../src/proof/build.ts'
import { SnarkjsProver } from '../../helpers/snarkjs-prover.ts'
import { catalogNames, costsWhatIsPinned, provesFullBatch } from '../circuits/full-batch.ts'

/** 2^18, and 32 and 64 shards: compiled, counted, keyed and proven, which takes too long for CI. */
describe('large circuits', function () {
  this.timeout(3_600_000)
  const prover = new SnarkjsProver(ensureCircuit)
  after(() => prover.close())

  for (const name of catalogNames(true)) {
    it(`${name} costs what is pinned`, () => costsWhatIsPinned(name))
    it(`${name} proves a full batch`, () => provesFullBatch(prover, name))
  }
})
