import { expect } from 'chai'
import { POLICY_KINDS } from '../../../src/policy/policy.ts'
import { ensureCircuit } from '../../../src/proof/build.ts'
import { loadCatalog } from '../../../src/proof/catalog.ts'
import { SnarkjsProver } from '../../../src/proof/snarkjs-prover.ts'
import { bind, publicSignals } from '../../../src/statement/binding.ts'
import { encodeStatement } from '../../../src/statement/statement.ts'
import { circuitInputs, routeBatch } from '../../../src/witness/witness.ts'
import { batchFixture, policyFixture } from '../../helpers/fixtures.ts'

const CONTEXT = {
  chainId: 31337n,
  ledger: `0x${'11'.repeat(20)}`,
  beneficiary: `0x${'22'.repeat(20)}`,
  verifierId: `0x${'33'.repeat(32)}`,
}

/** Makes a key for every production circuit and proves one full batch with it; the prover verifies what it proves. */
describe('production sizes', function () {
  this.timeout(900_000)
  let prover: SnarkjsProver

  before(() => {
    prover = new SnarkjsProver(ensureCircuit)
  })
  after(() => prover.close())

  const production = Object.entries(loadCatalog().circuits).filter(([, { shards }]) => shards === 16)
  for (const [name, { kind: named, shards, slots }] of production) {
    it(`${name} proves a full batch`, async () => {
      const kind = POLICY_KINDS.find((known) => known === named)
      const shape = { shards, slots }
      const batch = batchFixture(shards, slots, { policy: policyFixture(shards, kind) })
      const { statement } = routeBatch(batch)
      const binding = bind(CONTEXT, encodeStatement(shape, statement))
      const proven = await prover.prove(name, circuitInputs(shape, batch, binding))
      expect(proven.publicSignals).to.deep.equal([...publicSignals(binding)])
      expect(statement.assignments.length).to.equal(slots)
    })
  }
})
