/** How long the native prover takes for a dev key, whole process. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_SEED, ensureCircuit } from '../src/proof/build.ts'
import { readR1csHeader } from '../src/proof/r1cs.ts'
import { caseName } from './circuit-case.ts'
import { type ProcessRun, runProcess } from './process.ts'
import { interleave, type Row, row } from './report.ts'

interface SetupOptions {
  readonly folder: string
  readonly runs: number
  readonly say: (message: string) => void
}

export async function setupRows(circuits: readonly string[], native: string, o: SetupOptions): Promise<Row[]> {
  o.say('making dev keys')
  const zkey = join(o.folder, 'setup.zkey')
  const cases = await Promise.all(
    circuits.map(async (circuit) => {
      const { manifest, paths } = await ensureCircuit(circuit)
      const run = async (): Promise<ProcessRun> => {
        await rm(zkey, { force: true })
        return runProcess([native, 'setup', `--seed=${DEFAULT_SEED}`, paths.r1cs, zkey])
      }
      return { name: caseName('setup', manifest.shards, await readR1csHeader(paths.r1cs)), run }
    }),
  )
  const results = await interleave(
    cases.map(({ run }) => run),
    { runs: o.runs },
  )
  return cases.flatMap(({ name }, i) => {
    const samples = results[i] ?? []
    const peaks = samples.map(({ peakMiB }) => peakMiB).filter((peak) => peak !== undefined)
    const seconds = samples.map(({ processMs }) => processMs / 1000)
    return [row(name, 'seconds', 's', seconds), ...(peaks.length > 0 ? [row(name, 'peakMiB', 'MiB', peaks)] : [])]
  })
}
