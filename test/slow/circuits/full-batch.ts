import { expect } from 'chai'
import { policyKind } from '../../../src/policy/policy.ts'
import { loadCatalog } from '../../../src/proof/catalog.ts'
import { ensureCompiled } from '../../../src/proof/compile.ts'
import type { Prover } from '../../../src/proof/prover.ts'
import { readR1csHeader } from '../../../src/proof/r1cs.ts'
import { bind, publicSignals } from '../../../src/statement/binding.ts'
import { encodeStatement } from '../../../src/statement/statement.ts'
import { circuitInputs, routeBatch } from '../../../src/witness/witness.ts'
import { circuitCost } from '../../circuits/helpers/cost.ts'
import { batchFixture, policyFixture } from '../../helpers/fixtures.ts'

const CONTEXT = {
  chainId: 31337n,
  ledger: `0x${'11'.repeat(20)}`,
  beneficiary: `0x${'22'.repeat(20)}`,
  verifierId: `0x${'33'.repeat(32)}`,
}

/** Names of the catalog's circuits, without the large ones or those alone. */
export const catalogNames = (large: boolean): string[] =>
  Object.entries(loadCatalog().circuits)
    .filter(([, spec]) => (spec.large ?? false) === large)
    .map(([name]) => name)

/** Proves a batch that fills the circuit; the prover verifies what it proves. */
export async function provesFullBatch(prover: Prover, name: string): Promise<void> {
  const { kind: named, shards = 0, slots = 0 } = loadCatalog().circuits[name] ?? {}
  const kind = policyKind(named)
  const shape = { shards, slots }
  const batch = batchFixture(shards, slots, { policy: policyFixture(shards, kind) })
  const { statement } = routeBatch(batch)
  const binding = bind(CONTEXT, encodeStatement(shape, statement))
  const proven = await prover.prove(name, circuitInputs(shape, batch, binding))
  expect(proven.publicSignals).to.deep.equal([...publicSignals(binding)])
  expect(statement.assignments.length).to.equal(slots)
}

/** Compiles a circuit and counts. */
export async function costsWhatIsPinned(name: string): Promise<void> {
  const { r1cs } = await ensureCompiled(name)
  expect((await readR1csHeader(r1cs)).constraints).to.equal(circuitCost(name))
}
