import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { POLICY_KINDS } from '../../src/policy/policy.ts'
import { loadCatalog } from '../../src/proof/catalog.ts'
import { batchCircuit, SHAPE } from './helpers/batch-circuit.ts'
import { Circuit } from './helpers/circuit.ts'
import { circuitCost, domainOf, perOrder, pinned } from './helpers/cost.ts'

/** Where each pinned template lies, by file of circuits/lib. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  admission: ['Admit(16)'],
  backlog: ['Drain()', 'Headroom()'],
  breaker: ['Breaker()', 'Ramp()'],
  cell: ['CellWords(16)', 'HoldingCell(4)', 'SegmentCells(4)'],
  'draw-split': ['DrawSplit()'],
  fee: ['NextFee()'],
  fields: ['OpenFields([3, 2], 2)'],
  lookup: ['LookUp(4)', 'OneHot(4)'],
  order: ['OpenOrder()', 'Orders(2)'],
  packing: ['Pack(3, 8, 2)'],
  'policy-word': ['FeeWord(0)', 'PolicyWord()'],
  ranks: ['Ranks(16)'],
  'round-robin': ['CounterDraws(3)', 'RoundRobin(4)'],
  'scaled-table': ['ScaledTable(16)'],
  'shard-start': ['ShardStart()'],
  sponge: ['Sponge(1, 16)'],
  'state-word': ['PackState()', 'StateWord()'],
  'two-choice': ['TwoChoice(4)'],
}

describe('constraints', function () {
  this.timeout(120_000)

  for (const [lib, instances] of Object.entries(TEMPLATES)) {
    for (const instance of instances) {
      it(`${instance} costs what is pinned`, async () => {
        const circuit = await Circuit.load({ lib, instance })
        expect(circuit.products).to.equal(pinned.templates[instance])
      })
    }
  }

  it('no other template is pinned', () => {
    expect(Object.keys(pinned.templates)).to.have.members(Object.values(TEMPLATES).flat())
  })

  for (const kind of POLICY_KINDS) {
    it(`${kind} at the test size costs what is pinned`, async () => {
      const { r1cs } = await batchCircuit(kind)
      expect(r1cs.constraints).to.equal(pinned.circuits[`${kind}-${SHAPE.shards}-${SHAPE.slots}`])
    })
  }

  it('every circuit of the catalog is pinned, and the large ones fill their domains', () => {
    const { circuits } = loadCatalog()
    expect(Object.keys(pinned.circuits)).to.have.members(Object.keys(circuits))
    for (const [name, { kind, shards, slots }] of Object.entries(circuits)) {
      if (shards !== 16) continue
      const constraints = circuitCost(name)
      const { domain, free } = domainOf(constraints)
      expect([2 ** 16, 2 ** 17, 2 ** 18], name).to.include(domain)
      expect(free, `${name} could hold ${slots + 1} orders`).to.be.below(perOrder(kind).constraintsPerOrder)
    }
  })

  it('every main file is its row of the catalog and nothing else', () => {
    const { dir, circuits } = loadCatalog()
    for (const { file, kind, template, shards, slots, public: signals } of Object.values(circuits)) {
      const main = `component main {public [${signals.join(', ')}]} = ${template}(${shards}, ${slots});`
      const text = `pragma circom 2.2.0;\n\ninclude "../lib/${kind}.circom";\n\n${main}\n`
      expect(readFileSync(join(dir, file), 'utf8')).to.equal(text)
    }
    const files = readdirSync(join(dir, 'main')).map((name) => `main/${name}`)
    expect(Object.values(circuits).map(({ file }) => file)).to.have.members(files)
  })

  it('two-choice keeps its targets: 1,150 constraints an order, 22,000 a batch', () => {
    const { constraintsPerOrder, constraintsPerBatch } = perOrder('two-choice')
    expect(constraintsPerOrder).to.be.at.most(1150)
    expect(constraintsPerBatch).to.be.at.most(22_000)
  })
})
