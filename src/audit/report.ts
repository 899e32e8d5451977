import type { Check } from './check.ts'

/**
 * What an audit comes to:
 * - `good`: every check was made and passed.
 * - `violated`: at least one failed.
 * - `unchecked`: none failed, but not all could be made.
 */
export type Verdict = 'good' | 'violated' | 'unchecked'

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
  /** In the order in which they were found; later ones are often consequences of the first. */
  readonly failures: readonly Check[]
  /** Checks that could not be made. */
  readonly unchecked: readonly Check[]
}

/** Counts checks into a verdict. @param onCheck is told of each check as it is made, for progress. */
export async function report(
  checks: Iterable<Check> | AsyncIterable<Check>,
  onCheck: (check: Check) => void = () => {},
): Promise<AuditReport> {
  const failures: Check[] = []
  const unchecked: Check[] = []
  const batches = new Set<bigint>()
  const epochs = new Set<bigint>()
  let count = 0
  for await (const check of checks) {
    if (check.unchecked === undefined) count++
    if (check.batch !== undefined) batches.add(check.batch)
    if (check.epoch !== undefined) epochs.add(check.epoch)
    if (!check.ok) (check.unchecked === undefined ? failures : unchecked).push(check)
    onCheck(check)
  }
  const verdict = failures.length > 0 ? 'violated' : unchecked.length > 0 ? 'unchecked' : 'good'
  const counts = { checks: count, batches: batches.size, epochs: epochs.size }
  return { ok: verdict === 'good', verdict, ...counts, failures, unchecked }
}

/** One line for a failed check: its name, its place, expected and found. */
export function describeFailure({ name, epoch, batch, at, expected, found }: Check): string {
  const where = [epoch === undefined ? '' : `epoch ${epoch}`, batch === undefined ? '' : `batch ${batch}`, at ?? '']
  const place = where.filter((part) => part !== '').join(', ')
  return `${name}${place && ` (${place})`}: expected ${expected}, found ${found}`
}
