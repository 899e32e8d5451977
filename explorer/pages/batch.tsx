import { useContext, useEffect, useState } from 'preact/hooks'
import type { Check } from '../../src/audit/check.ts'
import type { CheckName, StepName } from '../../src/audit/codes.ts'
import { LiveContext } from '../data/live.ts'
import type { Route } from '../data/route.ts'
import { counted, number, secondsText, timeText } from '../data/text.ts'
import { useVerification, type Verification } from '../data/verification.ts'
import { Facts } from '../ui/facts.tsx'
import { OrderTable } from '../ui/order-table.tsx'
import { NotFound, Problem } from '../ui/states.tsx'
import { Steps } from '../ui/steps.tsx'
import { Address, Short } from '../ui/values.tsx'
import type { VerifiedBatch } from '../wire/views.ts'

/** What is checked of a batch, in the order in which it is. */
const STEPS_OF_BATCH: readonly (readonly [StepName, readonly CheckName[]])[] = [
  ['records', ['chain-records', 'batch-event']],
  ['epochs', ['epoch-sequence', 'epoch-key', 'epoch-seed', 'epoch-announced', 'batch-epoch']],
  [
    'policy',
    [
      'policy-rules',
      'policy-hash',
      'policy-words',
      'policy-timelock',
      'policy-in-force',
      'fee-range',
      'assignment-range',
    ],
  ],
  ['keys', ['verifier-shape', 'verifier-key', 'verifier-id', 'batch-verifier']],
  ['continuity', ['genesis-state', 'batch-index', 'previous-head', 'batch-time']],
  ['served', ['served-counters']],
  ['statement', ['statement-form']],
  ['duplicates', ['commitment-unique']],
  ['roots', ['statement-hash', 'order-root', 'batch-head', 'batch-record']],
  ['signer', ['batch-signature']],
  ['proofs', ['statement-digest', 'proof']],
]

/** One batch, verified while one looks on. */
export function BatchPage({ route }: { readonly route: Route }) {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(route.rest))
    return <NotFound title="There is no such batch">Batches are numbered from 0.</NotFound>
  return <KnownBatch index={BigInt(route.rest)} />
}

function KnownBatch({ index }: { readonly index: bigint }) {
  const { changes } = useContext(LiveContext)
  const [round, setRound] = useState(0)
  const verification = useVerification(index, round)
  const waits = verification.error?.code === 'NOT_ACCEPTED'
  useEffect(() => {
    if (waits) setRound((count) => count + 1)
  }, [changes])
  const { batch, error } = verification
  return (
    <>
      <h1>Batch {`${index}`}</h1>
      <p class="pager">
        {index > 0n && <a href={`#/batches/${index - 1n}`}>Batch {`${index - 1n}`}</a>}
        <a href={`#/batches/${index + 1n}`}>Batch {`${index + 1n}`}</a>
      </p>
      <Verdict verification={verification} />
      {error && error.code !== 'CHAIN_RECORD_INVALID' ? (
        <Problem error={error} onAgain={() => setRound(round + 1)} />
      ) : (
        <>
          <h2>Checked in this browser</h2>
          <Steps steps={STEPS_OF_BATCH} checks={withRecords(verification)} done={verification.done} />
          <p>
            <button type="button" disabled={!verification.done} onClick={() => setRound(round + 1)}>
              Verify again
            </button>{' '}
            Whether a commitment was accepted in an earlier batch needs all of them:{' '}
            <a href="#/audit">audit the whole ledger</a>.
          </p>
        </>
      )}
      {batch && <Published batch={batch} />}
    </>
  )
}

/** Where records were read without a contradiction, that is a check that holds. */
function withRecords({ checks, batch }: Verification): readonly Check[] {
  return batch && !checks.some(({ name }) => name === 'chain-records')
    ? [{ name: 'chain-records', ok: true }, ...checks]
    : checks
}

function Verdict({ verification: { checks, done, error } }: { readonly verification: Verification }) {
  const failed = checks.filter(({ ok, unchecked }) => !ok && unchecked === undefined)
  const codes = [...new Set(failed.map(({ name }) => name))]
  const kind = codes.length > 0 ? 'bad' : done && !error ? 'good' : 'busy'
  return (
    <p class="verdict" data-kind={kind} role="status">
      {kind === 'bad'
        ? `This batch does NOT hold: ${codes.join(', ')}`
        : kind === 'good'
          ? `All good: ${counted(checks.length, 'check')} made here, none failed`
          : error
            ? 'Not verified'
            : `Verifying: ${counted(checks.length, 'check')} so far`}
    </p>
  )
}

function Published({ batch }: { readonly batch: VerifiedBatch }) {
  const { signals } = batch
  return (
    <>
      <h2>Published</h2>
      <Facts
        facts={[
          ['Orders', number(batch.count)],
          ['Deferred', number(batch.deferred)],
          ['Opened', timeText(batch.time)],
          ['On chain', secondsText(batch.blockTime)],
          ['Epoch', `${batch.epoch}`],
          ['Gas', number(batch.gasUsed)],
          ['Signer', <Address key="signer" value={batch.signer} />],
          ['Beneficiary', <Address key="beneficiary" value={batch.beneficiary} />],
          ['Transaction', <Short key="transaction" value={batch.transaction} />],
          ['Order root', <Short key="root" value={batch.orderRoot} />],
          ['Record', <Short key="record" value={batch.record} />],
        ]}
      />
      {signals && (
        <>
          <h2>Public signals of the proof</h2>
          <p>Made here from the rebuilt V; the proof is verified against them.</p>
          <Facts
            facts={[
              ['D', <Short key="d" value={signals.digest} />],
              ['alpha', <Short key="alpha" value={signals.alpha} />],
              ['y', <Short key="y" value={signals.y} />],
            ]}
          />
        </>
      )}
      <h2>Orders</h2>
      <OrderTable batch={batch} />
    </>
  )
}
