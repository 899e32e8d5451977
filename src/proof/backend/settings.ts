import { z } from 'zod'
import { ProverError } from '../error.ts'
import { findNativeProver } from '../native/find.ts'
import { DEFAULT_TIMEOUT_MS } from './child-prover.ts'
import { BACKENDS, type BackendSpec } from './spec.ts'

/** What `--prover` takes. */
export const PROVER_CHOICES = ['auto', ...BACKENDS] as const

/** Which backend makes proofs. */
export const ProverSettings = z.strictObject({
  /** `auto`: the fastest that works. */
  backend: z.enum(PROVER_CHOICES).default('auto'),
  /** Words of a program that makes proofs, separated by spaces, such as `rapidsnark` or `snarkrs groth16 prove`. */
  command: z.string().trim().min(1).optional(),
  /** After which a proof is given up and its process killed, ms. */
  timeoutMs: z.int().min(1000).max(3_600_000).default(DEFAULT_TIMEOUT_MS),
})
export type ProverSettings = z.infer<typeof ProverSettings>

/**
 * Backends to try, the one expected to be fastest first; `auto` always ends with snarkjs.
 * @throws ProverError PROVER_UNAVAILABLE when the one that is asked for is not there.
 */
export function backendSpecs({ backend, command }: ProverSettings, native = findNativeProver()): BackendSpec[] {
  const specs: BackendSpec[] = [
    ...(command === undefined ? [] : [{ name: 'command' as const, words: command.split(/\s+/) }]),
    ...(native === undefined ? [] : [{ name: 'native' as const, binary: native }]),
    { name: 'snarkjs' },
  ]
  if (backend === 'auto') return specs
  const asked = specs.filter(({ name }) => name === backend)
  if (asked.length > 0) return asked
  const why = {
    native: 'the native prover is not built: run "npm run build:prover", which needs Go',
    command: 'no prover command is given',
    snarkjs: 'snarkjs is missing',
  }
  throw new ProverError('PROVER_UNAVAILABLE', why[backend])
}
