import { type AuditReport, describeFailure, type Verdict } from '../../audit/report.ts'
import { EXIT, type ExitCode } from '../shared/exit.ts'
import { note, print, printJson, type Terminal } from '../shared/terminal.ts'

/** What each verdict says to whoever started the command. */
export const EXIT_OF: Readonly<Record<Verdict, ExitCode>> = {
  good: EXIT.done,
  violated: EXIT.failed,
  unchecked: EXIT.unable,
}

/** Failures are often consequences of the first; more than a few help nobody. */
const SHOWN = 5

/** Prints a verdict. @param what was checked, for the line that says so: "audit" by default. */
export function showReport(terminal: Terminal, report: AuditReport, json: boolean, what = 'audit'): void {
  if (json) {
    printJson(terminal, report)
    return
  }
  const { verdict, checks, batches, epochs, failures, unchecked } = report
  for (const failure of failures.slice(0, SHOWN)) print(terminal, `FAILED ${describeFailure(failure)}`)
  if (failures.length > SHOWN) print(terminal, `… and ${failures.length - SHOWN} more`)
  for (const check of unchecked) note(terminal, `not checked: ${check.name}: ${check.unchecked}`)
  const scope = `${batches} batches, ${epochs} epochs, ${checks} checks`
  if (verdict === 'good') print(terminal, `${what} passed: ${scope}`)
  else if (verdict === 'violated') print(terminal, `${what} FAILED: ${failures.length} of ${scope}`)
  else print(terminal, `internally consistent only: ${scope}`)
}
