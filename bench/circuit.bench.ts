/**
 * Sizes of the circuits, read from the compiled r1cs. At S = 16 each kind has two sizes: what an order costs is the slope between
 * them, what a batch costs is what remains.
 */
import { loadCatalog } from '../src/proof/catalog.ts'
import { ensureCompiled } from '../src/proof/compile.ts'
import { readR1csHeader } from '../src/proof/r1cs.ts'
import { caseName } from './circuit-case.ts'
import { type BenchContext, type Row, row } from './report.ts'

export default async function circuit({ say }: BenchContext): Promise<Row[]> {
  const sizes: { name: string; family: string; slots: number; constraints: number }[] = []
  for (const [name, spec] of Object.entries(loadCatalog().circuits)) {
    if (spec.large) continue
    const { kind, shards, slots } = spec
    say(`compiling ${name}`)
    const header = await readR1csHeader((await ensureCompiled(name)).r1cs)
    const family = `${kind}/S${shards}`
    sizes.push({ name: caseName(kind, shards, header), family, slots, constraints: header.constraints })
  }
  return sizes.flatMap(({ name, family, constraints }) => {
    const rows = [row(name, 'constraints', 'constraints', [constraints])]
    const [small, large] = sizes.filter((size) => size.family === family).sort((a, b) => a.slots - b.slots)
    if (!small || !large) return rows
    const perOrder = (large.constraints - small.constraints) / (large.slots - small.slots)
    const perBatch = small.constraints - perOrder * small.slots
    rows.push(
      row(name, 'constraintsPerOrder', 'constraints', [perOrder]),
      row(name, 'constraintsPerBatch', 'constraints', [perBatch]),
    )
    return rows
  })
}
