import { expect } from 'chai'
import { loadCatalog } from '../../../src/proof/catalog.ts'
import { ensureCompiled } from '../../../src/proof/compile.ts'
import { readR1csHeader } from '../../../src/proof/r1cs.ts'
import { circuitCost } from '../../circuits/helpers/cost.ts'

/** Compiles every circuit of the catalog: minutes. */
describe('the catalog', function () {
  this.timeout(600_000)

  for (const name of Object.keys(loadCatalog().circuits)) {
    it(`${name} costs what is pinned`, async () => {
      const { r1cs } = await ensureCompiled(name)
      expect((await readR1csHeader(r1cs)).constraints).to.equal(circuitCost(name))
    })
  }
})
