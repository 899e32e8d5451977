import { ChildProver } from '../../proof/backend/child-prover.ts'
import { selfProofInputs, selfProve } from '../../proof/backend/self-proof.ts'
import { backendSpecs, type ProverSettings } from '../../proof/backend/settings.ts'
import { artifactsDir } from '../../proof/build.ts'
import { circuitSpec, loadCatalog } from '../../proof/catalog.ts'
import { type Artifacts, loadArtifacts } from '../../proof/manifest.ts'
import type { Finding } from './checks.ts'

/**
 * Lets every backend prove an empty batch of a circuit, one after the other, from nothing loaded.
 * @param circuit the smallest built of two-choice by default.
 * @returns one finding a backend, and `prover`, which is needed: whether one of them works, and which a start would take.
 */
export async function checkBackends(settings: ProverSettings, circuit: string | undefined): Promise<Finding[]> {
  const artifacts = await artifactsOf(circuit)
  if (!artifacts) {
    const message = 'no circuit is built to try them on: fairlead circuits build'
    return [{ name: 'prover', ok: false, needed: false, message }]
  }
  const { name } = artifacts.manifest
  const inputs = selfProofInputs(artifacts.manifest)
  const findings: Finding[] = []
  for (const spec of backendSpecs(settings)) {
    const prover = new ChildProver(spec, { artifacts: async () => artifacts, timeoutMs: settings.timeoutMs })
    const outcome = await selfProve(prover, name, inputs).finally(() => prover.close())
    const label = `prover ${spec.name}`
    if (outcome.ok) {
      const { witnessMs, proveMs, totalMs } = outcome
      const message = `${name} in ${Math.round(proveMs)} ms after a witness of ${Math.round(witnessMs)} ms; ${Math.round(totalMs)} ms from cold`
      findings.push({ name: label, ok: true, needed: false, message, times: { witnessMs, proveMs, totalMs } })
    } else findings.push({ name: label, ok: false, needed: false, message: `${outcome.code}: ${outcome.message}` })
  }
  const working = findings.filter(({ ok }) => ok)
  const [fastest] = working.toSorted((a, b) => (a.times?.proveMs ?? 0) - (b.times?.proveMs ?? 0))
  const message = fastest
    ? `${fastest.name.replace('prover ', '')} is the fastest that works`
    : 'no backend makes proofs'
  return [...findings, { name: 'prover', ok: fastest !== undefined, needed: true, message }]
}

async function artifactsOf(circuit: string | undefined): Promise<Artifacts | undefined> {
  const catalog = loadCatalog()
  if (circuit !== undefined) {
    circuitSpec(catalog, circuit)
    return loadArtifacts(artifactsDir(circuit))
  }
  const names = Object.entries(catalog.circuits)
    .filter(([, { kind }]) => kind === 'two-choice')
    .sort(([, a], [, b]) => a.slots - b.slots)
  for (const [name] of names) {
    const found = await loadArtifacts(artifactsDir(name)).catch(() => undefined)
    if (found) return found
  }
  return undefined
}
