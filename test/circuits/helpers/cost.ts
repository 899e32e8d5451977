import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { at } from '../../../src/base/at.ts'
import { loadCatalog } from '../../../src/proof/catalog.ts'
import { packageRoot } from '../../../src/proof/root.ts'

const Cost = z.strictObject({
  /** Constraints of whole circuits by catalog name, as in the r1cs. */
  circuits: z.record(z.string(), z.int()),
  /** Multiplying constraints of single templates by instance. */
  templates: z.record(z.string(), z.int()),
})

/** The pinned constraint counts. */
export const pinned = Cost.parse(JSON.parse(readFileSync(join(packageRoot(), 'test', 'circuits', 'cost.json'), 'utf8')))

/** The pinned count of a whole circuit. */
export function circuitCost(name: string): number {
  const constraints = pinned.circuits[name]
  if (constraints === undefined) throw new Error(`cost.json lacks ${name}`)
  return constraints
}

/** Public signals, and the constant 1 that snarkjs counts with them. */
const PUBLIC = 3 + 1

/** The power-of-two domain that a circuit takes, and the constraints that would still fit. */
export function domainOf(constraints: number): { domain: number; free: number } {
  const domain = 2 ** Math.ceil(Math.log2(constraints + PUBLIC))
  return { domain, free: domain - PUBLIC - constraints }
}

/** What one more order costs (the slope between the two sizes at S = 16), and what a batch costs without orders. */
export function perOrder(kind: string): { constraintsPerOrder: number; constraintsPerBatch: number } {
  const sizes = Object.entries(loadCatalog().circuits)
    .filter(([, circuit]) => circuit.kind === kind && circuit.shards === 16)
    .map(([name, { slots }]) => ({ slots, constraints: circuitCost(name) }))
    .sort((a, b) => a.slots - b.slots)
  const [small, large] = [at(sizes, 0), at(sizes, 1)]
  const constraintsPerOrder = (large.constraints - small.constraints) / (large.slots - small.slots)
  return { constraintsPerOrder, constraintsPerBatch: small.constraints - small.slots * constraintsPerOrder }
}
