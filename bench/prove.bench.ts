/**
 * Proofs of full two-choice batches by every prover that is there, interleaved, on the same keys and witnesses: snarkjs, the native prover, and rapidsnark or
 * snarkrs where their paths are given. Then dev keys made, and proofs verified, one by one and many at once.
 *
 * `npm run bench -- prove [CIRCUIT…] [--rapidsnark PATH] [--snarkrs PATH] [--runs N] [--gate RATIO]`; the paths also by FAIRLEAD_RAPIDSNARK and
 * FAIRLEAD_SNARKRS. With `--gate` it fails when the native prover is not so many times as fast as snarkjs, both warm.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureCircuit } from '../src/proof/build.ts'
import { loadCatalog } from '../src/proof/catalog.ts'
import { ensureNativeProver } from '../src/proof/native/build.ts'
import { openCases, type ProveCase, SMALL_CIRCUIT } from './prove-cases.ts'
import { type BenchContext, BenchError, interleave, type Row, row } from './report.ts'
import { setupRows } from './setup-case.ts'
import { verifyRows } from './verify-case.ts'

export default async function prove({ args, say }: BenchContext): Promise<Row[]> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rapidsnark: { type: 'string', default: process.env.FAIRLEAD_RAPIDSNARK ?? '' },
      snarkrs: { type: 'string', default: process.env.FAIRLEAD_SNARKRS ?? '' },
      runs: { type: 'string', default: '5' },
      gate: { type: 'string' },
    },
  })
  const native = await ensureNativeProver()
  if (native.binary === undefined) say(`no native prover: ${native.why}`)
  const peers = [
    ...(values.rapidsnark ? [{ name: 'rapidsnark', words: [values.rapidsnark] }] : []),
    ...(values.snarkrs ? [{ name: 'snarkrs', words: [values.snarkrs, 'groth16', 'prove'] }] : []),
  ]
  const runs = Number(values.runs)
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-bench-'))
  const cases: ProveCase[] = []
  try {
    for (const circuit of positionals.length > 0 ? positionals : standard()) {
      say(`building ${circuit}`)
      cases.push(...(await openCases(await ensureCircuit(circuit), { native: native.binary, peers, folder })))
    }
    say(`proving ${runs} times after a warm-up: ${cases.map(({ name }) => name).join(', ')}`)
    const results = await interleave(
      cases.map(({ run }) => run),
      { runs },
    )
    const rows = cases.flatMap(({ rows }, i) => rows(results[i] ?? []))
    rows.push(...ratios(rows))
    if (native.binary !== undefined && values.gate === undefined) {
      rows.push(
        ...(await setupRows(positionals.length > 0 ? positionals : standard(), native.binary, { folder, runs, say })),
      )
      say('verifying')
      rows.push(...(await verifyRows(await ensureCircuit(SMALL_CIRCUIT), native.binary, runs)))
    }
    if (values.gate !== undefined) assertGate(rows, Number(values.gate))
    return rows
  } finally {
    for (const { close } of cases) close()
    await rm(folder, { recursive: true, force: true })
  }
}

const standard = (): string[] =>
  Object.entries(loadCatalog().circuits)
    .filter(([, { kind, large }]) => kind === 'two-choice' && !large)
    .map(([name]) => name)

/** Prover that is compared, what of it, and with what of the native one: peers load their keys in each process, rapidsnark in no time. */
const COMPARISONS = [
  ['snarkjs', 'proveMs', 'proveMs', 'timesSnarkjs'],
  ['rapidsnark', 'processMs', 'proveMs', 'timesRapidsnark'],
  ['snarkrs', 'processMs', 'processMs', 'timesSnarkrs'],
] as const

/** How many times as fast as the others the native prover is, for each size. */
function ratios(rows: readonly Row[]): Row[] {
  const of = (name: string, metric: string) =>
    rows.find((found) => found.case === name && found.metric === metric)?.value
  const natives = [...new Set(rows.map(({ case: name }) => name))].filter((name) => name.startsWith('native/'))
  return natives.flatMap((name) =>
    COMPARISONS.flatMap(([prover, theirs, own, metric]) => {
      const [slow, fast] = [of(name.replace('native', prover), theirs), of(name, own)]
      return slow === undefined || fast === undefined ? [] : [row(name, metric, '×', [slow / fast])]
    }),
  )
}

/** @throws BenchError GATE_MISSED; BENCH_FAILED when nothing could be compared. */
function assertGate(rows: readonly Row[], least: number): void {
  const compared = rows.filter(({ metric }) => metric === 'timesSnarkjs')
  if (compared.length === 0) throw new BenchError('BENCH_FAILED', 'nothing to compare: there is no native prover')
  for (const { case: name, value } of compared)
    if (!(value >= least))
      throw new BenchError('GATE_MISSED', `${name} is ${value} times as fast as snarkjs, not ${least}`)
}
