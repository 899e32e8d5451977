import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { STEPS } from '../../src/audit/codes.ts'
import { type AuditReport, describeFailure } from '../../src/audit/report.ts'
import { counted, number } from '../data/text.ts'
import { JobError, WorkerContext } from '../data/worker.ts'
import { Problem } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/values.tsx'

type Run =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly batch: bigint | undefined; readonly failed: number }
  | { readonly state: 'done'; readonly report: AuditReport }
  | { readonly state: 'failed'; readonly error: JobError }

/** Failures are often consequences of the first. */
const SHOWN = 20

/** Everything from the first batch on, every proof, in this browser. */
export function AuditPage() {
  const worker = useContext(WorkerContext)
  const [run, setRun] = useState<Run>({ state: 'idle' })
  const stop = useRef<AbortController>(undefined)
  useEffect(() => () => stop.current?.abort(), [])
  const start = (): void => {
    stop.current = new AbortController()
    setRun({ state: 'running', batch: undefined, failed: 0 })
    worker
      ?.ask('audit', undefined, {
        signal: stop.current.signal,
        onNote: (note) => setRun({ state: 'running', ...note }),
      })
      .then(
        (report) => setRun({ state: 'done', report }),
        (error: unknown) => {
          if (!(error instanceof JobError)) throw error
          setRun({ state: 'failed', error })
        },
      )
  }
  const cancel = (): void => {
    stop.current?.abort()
    setRun({ state: 'idle' })
  }
  return (
    <>
      <h1>Audit</h1>
      <p>
        Reads the whole ledger from the chain and checks it from its first batch on: epochs, policies, continuity, every
        signature and every proof. A long ledger takes minutes; <code>fairlead audit</code> does the same on the command
        line.
      </p>
      {run.state === 'running' ? (
        <button type="button" onClick={cancel}>
          Stop
        </button>
      ) : (
        <button type="button" onClick={start}>
          Audit the whole ledger
        </button>
      )}
      <p class="verdict" data-kind={kindOf(run)} role="status">
        {verdictText(run)}
      </p>
      {run.state === 'failed' && <Problem error={run.error} onAgain={start} />}
      {run.state === 'done' && <Report report={run.report} />}
    </>
  )
}

function kindOf(run: Run): 'good' | 'bad' | 'busy' {
  if (run.state === 'running') return run.failed > 0 ? 'bad' : 'busy'
  if (run.state !== 'done') return 'busy'
  return run.report.verdict === 'good' ? 'good' : run.report.verdict === 'violated' ? 'bad' : 'busy'
}

function verdictText(run: Run): string {
  if (run.state === 'idle') return 'Not started'
  if (run.state === 'failed') return 'No verdict'
  if (run.state === 'running')
    return run.batch === undefined
      ? 'Reading epochs and policies'
      : `At batch ${run.batch}, ${counted(run.failed, 'check')} failed so far`
  const { verdict, checks, batches, failures } = run.report
  if (verdict === 'good')
    return `All good: ${counted(checks, 'check')} over ${counted(batches, 'batch', 'batches')}, none failed`
  if (verdict === 'violated') return `The ledger does NOT hold: ${counted(failures.length, 'check')} failed`
  return 'Nothing failed, but not everything could be checked'
}

const BADGES = { good: 'good', violated: 'bad', unchecked: 'plain' } as const

function Report({ report: { steps, failures, unchecked } }: { readonly report: AuditReport }) {
  return (
    <>
      <Table
        caption="Steps"
        columns={[
          { title: 'Step', cell: ({ step }) => STEPS[step].title },
          { title: 'Verdict', cell: ({ verdict }) => <Badge kind={BADGES[verdict]}>{verdict}</Badge> },
          { title: 'Checks', numeric: true, cell: ({ checks }) => number(checks) },
          { title: 'Codes', cell: ({ codes }) => codes.join(', ') },
        ]}
        rows={steps}
        keyOf={({ step }) => step}
      />
      {failures.length > 0 && (
        <ul class="checks">
          {failures.slice(0, SHOWN).map((failure) => (
            <li key={describeFailure(failure)} data-mark="bad">
              {describeFailure(failure)}
            </li>
          ))}
          {failures.length > SHOWN && <li>and {number(failures.length - SHOWN)} more</li>}
        </ul>
      )}
      {unchecked.map(({ name, unchecked: why }) => (
        <p key={`${name} ${why}`}>
          <code>{name}</code> was not checked: {why}
        </p>
      ))}
    </>
  )
}
