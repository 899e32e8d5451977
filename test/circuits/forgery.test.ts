import { expect } from 'chai'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { POLICY_KINDS } from '../../src/policy/policy.ts'
import { layout } from '../../src/statement/statement.ts'
import { batchFixture, policyFixture } from '../helpers/fixtures.ts'
import { batchCircuit, publishing, SHAPE, statementOf } from './helpers/batch-circuit.ts'
import { Unsatisfiable } from './helpers/calculator.ts'
import type { Circuit } from './helpers/circuit.ts'

for (const kind of POLICY_KINDS) {
  describe(`${kind}: the whole circuit rejects`, function () {
    this.timeout(120_000)
    // three empty slots, both segments, and an order that finds no room
    const policy = policyFixture(SHAPE.shards, kind, { reporting: true })
    const batch = batchFixture(SHAPE.shards, 5, { policy, orderCounter: 7n })
    const { words, inputs } = statementOf(batch)
    let circuit: Circuit
    let honest: bigint[]
    before(async () => {
      circuit = await batchCircuit(kind)
      honest = circuit.witness(inputs)
    })

    for (const [part, from, length] of parts()) {
      it(`another ${part} in V`, () => {
        for (let k = from; k < from + length; k++) {
          const forged = words.map((word, i) => (i === k ? (word + 1n) % FIELD_MODULUS : word))
          expect(() => circuit.witness(publishing(inputs, forged)), `word ${k}`).to.throw(Unsatisfiable)
        }
      })
    }

    it('the policy of the other kind', () => {
      const forged = words.map((word, i) => (i === 9 ? word ^ (1n << 30n) : word))
      const other = { ...inputs, feeWord: forged[9] ?? 0n }
      expect(() => circuit.witness(publishing(other, forged))).to.throw(Unsatisfiable)
    })

    for (const name of ['digest', 'alpha', 'y'] as const) {
      it(`another ${name} beside an honest witness`, () => {
        const forged = [...honest]
        const wire = ['digest', 'alpha', 'y'].indexOf(name) + 1
        expect(forged[wire]).to.equal(inputs[name])
        forged[wire] = ((forged[wire] ?? 0n) + 1n) % FIELD_MODULUS
        expect(circuit.violations(forged)).to.not.deep.equal([])
      })
    }

    it('any change of a single wire: none is free but inverses of zero', () => {
      const free = circuit.freeWires(honest).map((wire) => circuit.nameOf(wire).replace(/\d+/g, '0'))
      expect(new Set(free)).to.deep.equal(FREE)
    })
  })
}

/** Hints that no constraint looks at when their operand is 0. */
const FREE = new Set(['main.orders.OpenOrder_0_0[0].inverse'])

/** The parts of V with their places; the header word by word. */
function parts(): [part: string, from: number, length: number][] {
  let at = 0
  return layout(SHAPE).map(([part, length]) => {
    at += length
    return [part, at - length, length]
  })
}
