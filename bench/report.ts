/** What every bench shares: interleaved runs, rows in one form, and where they are kept. */
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { CodedError } from '../src/base/error.ts'
import { packageRoot } from '../src/proof/root.ts'

/** BENCH_FAILED: nothing could be measured. GATE_MISSED: what was measured is worse than what was asked for. */
export class BenchError extends CodedError<'BENCH_FAILED' | 'GATE_MISSED'> {}

/** One measured quantity: the median of its runs, and their extremes. */
export interface Row {
  /** What was measured, such as `snarkjs/S16/2^17`. */
  readonly case: string
  readonly metric: string
  /** The median. */
  readonly value: number
  readonly unit: string
  readonly runs: number
  readonly min: number
  readonly max: number
}

/** A bench's result, the form in which it is printed and kept. */
export interface Report {
  readonly name: string
  /** Processor, cores, memory, Node and the load when the bench began. */
  readonly machine: string
  /** Short hash, with `-dirty` when the tree had changes besides results. */
  readonly commit: string
  readonly rows: readonly Row[]
}

/** What a bench gets: words after its name, and a place to say how far it is (standard error). */
export interface BenchContext {
  readonly args: readonly string[]
  readonly say: (message: string) => void
}

/** The default export of each `bench/NAME.bench.ts`. */
export type Bench = (context: BenchContext) => Promise<Row[]>

/** Median, least and greatest of some samples, at least one. */
export function row(name: string, metric: string, unit: string, samples: readonly number[]): Row {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? Number.NaN
  const middle = (sorted.length - 1) / 2
  const value = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2
  return {
    case: name,
    metric,
    value: tidy(value),
    unit,
    runs: sorted.length,
    min: tidy(at(0)),
    max: tidy(at(sorted.length - 1)),
  }
}

/**
 * Runs every case once a round, so that what else the machine does falls on all alike; the warm-up rounds are thrown away.
 * @returns The results of each case, in the order of the cases.
 */
export async function interleave<T>(
  cases: readonly (() => Promise<T> | T)[],
  { runs, warmups = 1 }: { readonly runs: number; readonly warmups?: number },
): Promise<T[][]> {
  const results = cases.map((): T[] => [])
  for (let round = -warmups; round < runs; round++) {
    for (const [i, run] of cases.entries()) {
      const result = await run()
      if (round >= 0) results[i]?.push(result)
    }
  }
  return results
}

/** Starts a report; call before the work, so that the load is the machine's and not the bench's own. */
export function startReport(name: string): Omit<Report, 'rows'> {
  const model = cpus()[0]?.model ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  const load = (loadavg()[0] ?? 0).toFixed(1)
  const machine = `${model}, ${availableParallelism()} cores, ${memory} GiB, Node ${process.version.slice(1)}, load ${load}`
  return { name, machine, commit: commit() }
}

/** Prints a report, one JSON object or a table, and keeps it as `bench/results/NAME.json` unless told not to. */
export async function publish(
  report: Report,
  { json, keep = true }: { readonly json: boolean; readonly keep?: boolean },
): Promise<void> {
  const dir = join(packageRoot(), 'bench', 'results')
  await mkdir(dir, { recursive: true })
  if (keep) await writeFile(join(dir, `${report.name}.json`), `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : table(report))
}

function table({ name, machine, commit, rows }: Report): string {
  const head = ['case', 'metric', 'value', 'unit', 'runs', 'min', 'max']
  const cells = rows.map((r) => [r.case, r.metric, `${r.value}`, r.unit, `${r.runs}`, `${r.min}`, `${r.max}`])
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)))
  const isNumber = (i: number): boolean => [2, 4, 5, 6].includes(i)
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => (isNumber(i) ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return `${name}: ${machine}, commit ${commit}\n${[head, ...cells].map(line).join('\n')}\n`
}

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: packageRoot(), encoding: 'utf8', stdio: 'pipe' }).trim()
    return (
      git('rev-parse', '--short', 'HEAD') +
      (git('status', '--porcelain', '--untracked-files=no', '--', ':!bench/results') ? '-dirty' : '')
    )
  } catch {
    return 'unknown'
  }
}

/** Six significant digits, and whole numbers as they are. */
const tidy = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(6)))
