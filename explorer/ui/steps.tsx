import type { Check } from '../../src/audit/check.ts'
import { CHECKS, type CheckName, STEPS, type StepName } from '../../src/audit/codes.ts'

type Mark = 'waiting' | 'good' | 'bad' | 'unchecked'
const SIGNS: Readonly<Record<Mark, string>> = { waiting: '…', good: '✓', bad: '✗', unchecked: '?' }
const WORDS: Readonly<Record<Mark, string>> = {
  waiting: 'waits',
  good: 'holds',
  bad: 'FAILED',
  unchecked: 'could not be checked',
}

/** Steps with their codes, each with a tick or a cross as its checks come in. */
export function Steps({
  steps,
  checks,
  done,
}: {
  /** Which codes are expected, in their order. */
  readonly steps: readonly (readonly [StepName, readonly CheckName[]])[]
  readonly checks: readonly Check[]
  readonly done: boolean
}) {
  return (
    <ol class="steps">
      {steps.map(([step, codes]) => {
        const mark = markOf(
          checks.filter(({ name }) => codes.includes(name)),
          done,
        )
        return (
          <li key={step} data-mark={mark}>
            <h3>
              <span class="sign" aria-hidden="true">
                {SIGNS[mark]}
              </span>{' '}
              {STEPS[step].title} <span class="word">{WORDS[mark]}</span>
            </h3>
            <ul>
              {codes.map((code) => (
                <Code key={code} code={code} checks={checks.filter(({ name }) => name === code)} done={done} />
              ))}
            </ul>
          </li>
        )
      })}
    </ol>
  )
}

function Code({
  code,
  checks,
  done,
}: {
  readonly code: CheckName
  readonly checks: readonly Check[]
  readonly done: boolean
}) {
  const mark = markOf(checks, done)
  const failed = checks.filter(({ ok }) => !ok)
  return (
    <li data-mark={mark}>
      <span class="sign" aria-hidden="true">
        {SIGNS[mark]}
      </span>{' '}
      <code>{code}</code> <span class="visually-hidden">{WORDS[mark]}:</span>{' '}
      <span class="meaning">{CHECKS[code]}</span>
      {failed.map((check, i) => (
        <Failed key={i} check={check} />
      ))}
    </li>
  )
}

const Failed = ({ check: { at, expected, found, unchecked } }: { readonly check: Check }) => (
  <p class="failed">
    {at && <strong>{at}: </strong>}
    {unchecked ?? (
      <>
        expected <code>{expected}</code>, found <code>{found}</code>
      </>
    )}
  </p>
)

/** A step or code fails by one check; it holds once all is done, or so far. */
function markOf(checks: readonly Check[], done: boolean): Mark {
  if (checks.some(({ ok, unchecked }) => !ok && unchecked === undefined)) return 'bad'
  if (checks.some(({ unchecked }) => unchecked !== undefined)) return 'unchecked'
  if (checks.length > 0) return 'good'
  return done ? 'unchecked' : 'waiting'
}
