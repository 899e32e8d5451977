import { join } from 'node:path'
import type { CodedError } from '../../src/base/error.ts'
import type { BuildOptions } from '../../src/proof/compile.ts'
import { packageRoot } from '../../src/proof/root.ts'
import type { CircuitInputs } from '../../src/witness/witness.ts'
import { catchError } from '../helpers/catch-error.ts'

export const TOYS_DIR = join(packageRoot(), 'test', 'proof', 'fixtures')

/** Toy circuits, compiled once and kept between runs; their keys are cheap. */
export const TOYS: BuildOptions = {
  catalog: join(TOYS_DIR, 'circuits.json'),
  buildDir: join(packageRoot(), 'build', 'test'),
}

/** Inputs that satisfy `chain-<links>`. */
export const chainInputs = (links: number): CircuitInputs => ({
  factor: 3n,
  start: 5n,
  link: Array.from({ length: links }, (_, i) => BigInt(i + 1)),
})

/** The CodedError that a promise must reject with. */
export const rejection = (work: Promise<unknown>): Promise<CodedError> => catchError(() => work)
