import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { ArtifactError } from './error.ts'
import { packageRoot } from './root.ts'

/** One row of `circuits.json`: which file holds the circuit's `main`, and what its parameters and public signals are. */
export const CircuitSpec = z.strictObject({
  /** The file with `component main`, relative to the catalog. */
  file: z.string().min(1),
  /** The policy kind that the circuit proves. */
  kind: z.string().regex(/^[a-z][a-z0-9-]*$/),
  template: z.string().min(1),
  /** Number of shards S. */
  shards: z.int().min(1).max(64),
  /** Number of order slots N. */
  slots: z.int().min(1).max(65535),
  /** Public signals in the order in which the proof has them. */
  public: z.array(z.string().min(1)).min(1),
  /** Takes minutes to compile: built when it is named, never as one of many. */
  large: z.literal(true).optional(),
})
export type CircuitSpec = z.infer<typeof CircuitSpec>

const CircuitName = z.string().regex(/^[a-z0-9][a-z0-9-]*$/)
const Catalog = z.record(CircuitName, CircuitSpec)

/** The circuits that this package knows: name → specification, and the folder that their paths start from. */
export interface CircuitCatalog {
  readonly dir: string
  readonly circuits: Readonly<Record<string, CircuitSpec>>
}

/**
 * Reads a catalog of circuits.
 * @param path absolute path of a `circuits.json`; the package's own by default.
 * @throws ArtifactError CIRCUIT_UNKNOWN when the file cannot be read or is malformed.
 */
export function loadCatalog(path: string = join(packageRoot(), 'circuits', 'circuits.json')): CircuitCatalog {
  try {
    return { dir: dirname(path), circuits: Catalog.parse(JSON.parse(readFileSync(path, 'utf8'))) }
  } catch (cause) {
    throw new ArtifactError('CIRCUIT_UNKNOWN', `cannot read the circuit catalog ${path}`, { cause })
  }
}

/** @throws ArtifactError CIRCUIT_UNKNOWN. */
export function circuitSpec(catalog: CircuitCatalog, name: string): CircuitSpec {
  const spec = Object.hasOwn(catalog.circuits, name) ? catalog.circuits[name] : undefined
  if (spec) return spec
  const known = Object.keys(catalog.circuits)
  throw new ArtifactError('CIRCUIT_UNKNOWN', `no circuit "${name}"; known: ${known.join(', ')}`, { details: { known } })
}
