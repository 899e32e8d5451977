import type { Check } from './check.ts'
import { type CheckName, STEP_NAMES, type StepName, stepOf } from './codes.ts'

/**
 * What an audit comes to:
 * - `good`: every check was made and passed.
 * - `violated`: at least one failed.
 * - `unchecked`: none failed, but not all could be made.
 */
export type Verdict = 'good' | 'violated' | 'unchecked'

/** What one step comes to, over everything or for one batch. */
export interface StepResult {
  readonly step: StepName
  readonly verdict: Verdict
  /** Checks made. */
  readonly checks: number
  /** Codes that failed, each once, the first one first; those that could not be checked when none failed. */
  readonly codes: readonly CheckName[]
}

/** What each step came to for one batch. */
export interface BatchResult {
  readonly batch: bigint
  readonly verdict: Verdict
  /** Steps that made a check, in their order. */
  readonly steps: readonly StepResult[]
}

/** The verdict over a number of checks. */
export interface AuditReport {
  /** Whether the verdict is good. */
  readonly ok: boolean
  readonly verdict: Verdict
  /** Checks made. */
  readonly checks: number
  /** Batches that were looked at. */
  readonly batches: number
  readonly epochs: number
  /** Steps that made a check, in their order. */
  readonly steps: readonly StepResult[]
  /** In the order in which they were found; later ones are often consequences of the first. */
  readonly failures: readonly Check[]
  /** Checks that could not be made. */
  readonly unchecked: readonly Check[]
  /** What each step came to for each batch, where it was asked for. */
  readonly perBatch?: readonly BatchResult[]
}

/** Counts the checks of each step. */
export class StepTally {
  readonly #steps = new Map<StepName, { checks: number; failed: Set<CheckName>; unchecked: Set<CheckName> }>()

  add({ name, ok, unchecked }: Check): void {
    const step = stepOf(name)
    const tally = this.#steps.get(step) ?? { checks: 0, failed: new Set(), unchecked: new Set() }
    this.#steps.set(step, tally)
    if (unchecked !== undefined) tally.unchecked.add(name)
    else tally.checks++
    if (!ok && unchecked === undefined) tally.failed.add(name)
  }

  get results(): StepResult[] {
    return STEP_NAMES.flatMap((step) => {
      const tally = this.#steps.get(step)
      if (!tally) return []
      const { checks, failed, unchecked } = tally
      return [
        {
          step,
          verdict: verdictOf(failed.size, unchecked.size),
          checks,
          codes: [...(failed.size ? failed : unchecked)],
        },
      ]
    })
  }
}

/** Counts the checks of each batch by their steps: what stands behind a row of green and red. */
export class BatchTally {
  readonly #batches = new Map<bigint, StepTally>()

  add(check: Check): void {
    if (check.batch === undefined) return
    const tally = this.#batches.get(check.batch) ?? new StepTally()
    this.#batches.set(check.batch, tally)
    tally.add(check)
  }

  /** In the order of the batches. */
  get results(): BatchResult[] {
    const sorted = [...this.#batches].sort(([a], [b]) => (a < b ? -1 : 1))
    return sorted.map(([batch, tally]) => {
      const steps = tally.results
      const count = (verdict: Verdict): number => steps.filter((step) => step.verdict === verdict).length
      return { batch, verdict: verdictOf(count('violated'), count('unchecked')), steps }
    })
  }
}

const verdictOf = (failed: number, unchecked: number): Verdict =>
  failed > 0 ? 'violated' : unchecked > 0 ? 'unchecked' : 'good'

/** Counts checks into a verdict. @param onCheck is told of each check as it is made, for progress. */
export async function report(
  checks: Iterable<Check> | AsyncIterable<Check>,
  onCheck: (check: Check) => void = () => {},
): Promise<AuditReport> {
  const failures: Check[] = []
  const unchecked: Check[] = []
  const batches = new Set<bigint>()
  const epochs = new Set<bigint>()
  const steps = new StepTally()
  let count = 0
  for await (const check of checks) {
    if (check.unchecked === undefined) count++
    if (check.batch !== undefined) batches.add(check.batch)
    if (check.epoch !== undefined) epochs.add(check.epoch)
    if (!check.ok) (check.unchecked === undefined ? failures : unchecked).push(check)
    steps.add(check)
    onCheck(check)
  }
  const verdict = verdictOf(failures.length, unchecked.length)
  const counts = { checks: count, batches: batches.size, epochs: epochs.size }
  return { ok: verdict === 'good', verdict, ...counts, steps: steps.results, failures, unchecked }
}

/** One line for a failed check: its name, its place, expected and found. */
export function describeFailure({ name, epoch, batch, at, expected, found }: Check): string {
  const where = [epoch === undefined ? '' : `epoch ${epoch}`, batch === undefined ? '' : `batch ${batch}`, at ?? '']
  const place = where.filter((part) => part !== '').join(', ')
  return `${name}${place && ` (${place})`}: expected ${expected}, found ${found}`
}
