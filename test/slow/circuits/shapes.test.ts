import { expect } from 'chai'
import { POLICY_KINDS } from '../../../src/policy/policy.ts'
import { BATCH_TEMPLATES, statementOf } from '../../circuits/helpers/batch-circuit.ts'
import { Circuit } from '../../circuits/helpers/circuit.ts'
import { batchFixture, policyFixture } from '../../helpers/fixtures.ts'

/** Shapes beside the test size: not a power of two, production, more than one word of fees, the most. */
const SHAPES = [
  { shards: 3, slots: 2 },
  { shards: 16, slots: 43 },
  { shards: 32, slots: 33 },
  { shards: 64, slots: 1 },
]

describe('whole batches of other shapes', function () {
  this.timeout(600_000)

  for (const kind of POLICY_KINDS) {
    for (const shape of SHAPES) {
      it(`${kind} with ${shape.shards} shards and ${shape.slots} slots`, async () => {
        const instance = `${BATCH_TEMPLATES[kind]}(${shape.shards}, ${shape.slots})`
        const circuit = await Circuit.load({ lib: kind, instance, publicInputs: ['digest', 'alpha', 'y'] })
        const policy = policyFixture(shape.shards, kind)
        const { inputs } = statementOf(batchFixture(shape.shards, shape.slots, { policy }), shape)
        expect(circuit.violations(circuit.witness(inputs))).to.deep.equal([])
      })
    }
  }
})
