import type { Check } from './check.ts'

/** The verdict over a number of checks. */
export interface AuditReport {
  readonly ok: boolean
  /** Checks made. */
  readonly checks: number
  /** Batches that were looked at. */
  readonly batches: number
  readonly epochs: number
  /** In the order in which they were found; later ones are often consequences of the first. */
  readonly failures: readonly Check[]
}

/** Counts checks into a verdict. @param onCheck is told of each check as it is made, for progress. */
export async function report(
  checks: Iterable<Check> | AsyncIterable<Check>,
  onCheck: (check: Check) => void = () => {},
): Promise<AuditReport> {
  const failures: Check[] = []
  const batches = new Set<bigint>()
  const epochs = new Set<bigint>()
  let count = 0
  for await (const check of checks) {
    count++
    if (check.batch !== undefined) batches.add(check.batch)
    if (check.epoch !== undefined) epochs.add(check.epoch)
    if (!check.ok) failures.push(check)
    onCheck(check)
  }
  return { ok: failures.length === 0, checks: count, batches: batches.size, epochs: epochs.size, failures }
}

/** One line for a failed check: its name, its place, expected and found. */
export function describeFailure({ name, epoch, batch, at, expected, found }: Check): string {
  const where = [epoch === undefined ? '' : `epoch ${epoch}`, batch === undefined ? '' : `batch ${batch}`, at ?? '']
  const place = where.filter((part) => part !== '').join(', ')
  return `${name}${place && ` (${place})`}: expected ${expected}, found ${found}`
}
