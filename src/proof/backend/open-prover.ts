import type { Artifacts } from '../manifest.ts'
import { ChildProver } from './child-prover.ts'
import { FallbackProver, type OnFailure } from './fallback-prover.ts'
import { selfProofInputs } from './self-proof.ts'
import { backendSpecs, type ProverSettings } from './settings.ts'

/** A prover, and whether it stood its first test. */
export interface OpenedProver {
  readonly prover: FallbackProver
  /**
   * Settles when jobs may come: after the self-proofs where there is a choice. With snarkjs alone there is none, so that one is tried aside and no start waits
   * for it. Rejects with PROVER_UNAVAILABLE when no backend works.
   */
  readonly ready: Promise<void>
}

/**
 * Opens the backends of the settings for one circuit and begins to try them.
 * @throws ProverError PROVER_UNAVAILABLE when the backend that is asked for is not there.
 */
export function openProver(settings: ProverSettings, artifacts: Artifacts, onFailure?: OnFailure): OpenedProver {
  const specs = backendSpecs(settings)
  const options = { artifacts: async () => artifacts, timeoutMs: settings.timeoutMs }
  const prover = new FallbackProver(
    specs.map((spec) => new ChildProver(spec, options)),
    onFailure,
  )
  const { manifest } = artifacts
  const tried = Promise.resolve().then(() => prover.selfProve(manifest.name, selfProofInputs(manifest)))
  tried.catch(() => {}) // told by `ready` or by the prover's health
  const onlySlow = specs.every(({ name }) => name === 'snarkjs')
  return { prover, ready: onlySlow ? Promise.resolve() : tried }
}
