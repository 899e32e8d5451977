import { ensureCircuit } from '../../../src/proof/build.ts'
import { SnarkjsProver } from '../../helpers/snarkjs-prover.ts'
import { catalogNames, provesFullBatch } from './full-batch.ts'

/** Makes a key for every production circuit and proves one full batch with it; the prover verifies what it proves. */
describe('production sizes', function () {
  this.timeout(900_000)
  const prover = new SnarkjsProver(ensureCircuit)
  after(() => prover.close())

  for (const name of catalogNames(false).filter((name) => name.includes('-16-')))
    it(`${name} proves a full batch`, () => provesFullBatch(prover, name))
})
