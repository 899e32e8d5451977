import { expect } from 'chai'
import { bind } from '../../src/statement/binding.ts'
import { encodeStatement } from '../../src/statement/statement.ts'
import { circuitInputs, routeBatch } from '../../src/witness/witness.ts'
import { keccakWords } from '../../src/base/keccak.ts'
import { batchFixture, policyFixture } from '../helpers/fixtures.ts'
import { Circuit } from './helpers/circuit.ts'
const CONTEXT = { chainId: 31337n, ledger: '0x1111111111111111111111111111111111111111', beneficiary: '0x2222222222222222222222222222222222222222', verifierId: keccakWords([9n]) }
it('x', async function () {
  this.timeout(100000)
  for (const [kind, lib, instance] of [['two-choice', 'two-choice', 'TwoChoiceBatch(4, 8)'], ['round-robin', 'round-robin', 'RoundRobinBatch(4, 8)']] as const) {
  const c = await Circuit.load({ lib, instance, publicInputs: ['digest', 'alpha', 'y'] })
  const w = batchFixture(4, 6, { policy: policyFixture(4, kind) })
  const r = routeBatch(w)
  const V = encodeStatement({ shards: 4, slots: 8 }, r.statement)
  let t = Date.now()
  const wit = c.witness(circuitInputs({ shards: 4, slots: 8 }, w, bind(CONTEXT, V)))
  console.log('wit', Date.now() - t, r.statement.assignments); t = Date.now()
  expect(c.violations(wit)).to.deep.equal([])
  console.log('viol', Date.now() - t, c.r1cs.constraints)
  }
})
