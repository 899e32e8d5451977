import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { z } from 'zod'
import { at } from '../../src/base/at.ts'
import { SEGMENTS, SIDES } from '../../src/order/order.ts'
import { POLICY_KINDS } from '../../src/policy/policy.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { batchCircuit } from './helpers/batch-circuit.ts'
import { Circuit } from './helpers/circuit.ts'

/** The shared vectors as the circuits need them: numbers are decimal strings. */
const Big = z.string().regex(/^\d+$/).transform(BigInt)
const read = <T>(file: string, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(readFileSync(join(packageRoot(), 'test', 'vectors', file), 'utf8')))

describe('shared vectors in the circuits', function () {
  this.timeout(120_000)

  it('hash.json: the sponge over two blocks', async () => {
    const Case = z.object({ tag: Big, values: z.array(Big), out: Big })
    const { sponge } = read('hash.json', z.object({ sponge: z.array(Case) }))
    const { tag, values, out } = at(
      sponge.filter(({ values }) => values.length === 17),
      0,
    )
    const source = { lib: 'sponge', instance: `Sponge(${tag}, 17)`, publicInputs: ['item'] }
    const circuit = await Circuit.load(source, 'O0') // three times as fast to compile
    expect(circuit.value(circuit.witness({ item: values }), 'out')).to.equal(out)
  })

  it('order.json: commitments', async () => {
    const { orders } = read(
      'order.json',
      z.object({
        orders: z.array(
          z.object({ size: z.int(), side: z.enum(SIDES), segment: z.enum(SEGMENTS), details: Big, commitment: Big }),
        ),
      }),
    )
    const circuit = await Circuit.load({ lib: 'order', instance: 'OpenOrder()' })
    for (const { size, side, segment, details, commitment } of orders) {
      const inputs = {
        size: BigInt(size),
        side: BigInt(SIDES.indexOf(side)),
        segment: BigInt(SEGMENTS.indexOf(segment)),
        details,
        active: 1n,
      }
      expect(circuit.value(circuit.witness(inputs), 'published')).to.equal(commitment)
    }
  })

  it('draw.json: tables, and draws from hashes at the edge', async () => {
    const { tables, twoChoice } = read(
      'draw.json',
      z.object({
        tables: z.array(z.object({ weights: z.array(Big), bounds: z.array(Big), top: Big })),
        twoChoice: z.array(z.object({ r: Big, draws: z.array(Big).nullable() })),
      }),
    )
    for (const { weights, bounds, top } of tables) {
      const circuit = await Circuit.load({ lib: 'scaled-table', instance: `ScaledTable(${weights.length})` })
      const witness = circuit.witness({ weight: weights })
      expect(circuit.values(witness, 'bound').slice(0, -1)).to.deep.equal(bounds)
      expect(circuit.value(witness, 'nonempty')).to.equal(top === 0n ? 0n : 1n)
    }
    const split = await Circuit.load({ lib: 'draw-split', instance: 'DrawSplit()' })
    for (const { r, draws } of twoChoice) {
      const witness = split.witness({ r })
      expect(split.value(witness, 'edge')).to.equal(draws ? 0n : 1n)
      if (draws) expect(split.values(witness, 'draw')).to.deep.equal(draws)
    }
  })

  it('batch.json: whole batches', async () => {
    const { cases } = read(
      'batch.json',
      z.object({
        cases: z.array(
          z.object({ kind: z.enum(POLICY_KINDS), inputs: z.record(z.string(), z.union([Big, z.array(Big)])) }),
        ),
      }),
    )
    for (const { kind, inputs } of cases) {
      const circuit = await batchCircuit(kind)
      expect(at(circuit.witness(inputs), 1)).to.equal(inputs.digest)
    }
  })
})
