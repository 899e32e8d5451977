import { expect } from 'chai'
import { POLICY_KINDS } from '../../../src/policy/policy.ts'
import { loadCatalog } from '../../../src/proof/catalog.ts'
import { BATCH_TEMPLATES } from '../../circuits/helpers/batch-circuit.ts'
import { Circuit } from '../../circuits/helpers/circuit.ts'
import { circuitCost } from '../../circuits/helpers/cost.ts'

/** Compiles every circuit of the catalog: minutes. */
describe('the catalog', function () {
  this.timeout(600_000)
  const { circuits } = loadCatalog()

  for (const kind of POLICY_KINDS) {
    for (const [name, circuit] of Object.entries(circuits).filter(([, circuit]) => circuit.kind === kind)) {
      it(`${name} costs what is pinned`, async () => {
        const instance = `${BATCH_TEMPLATES[kind]}(${circuit.shards}, ${circuit.slots})`
        const { r1cs } = await Circuit.load({ lib: kind, instance, publicInputs: circuit.public })
        expect(r1cs.constraints).to.equal(circuitCost(name))
      })
    }
  }
})
