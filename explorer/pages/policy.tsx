import { useContext } from 'preact/hooks'
import { useJob } from '../data/job.ts'
import { LiveContext } from '../data/live.ts'
import { durationText, secondsText } from '../data/text.ts'
import { PolicyTable } from '../ui/policy-table.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { Short } from '../ui/values.tsx'
import type { PolicyPage as PolicyData, PolicyEvent } from '../wire/views.ts'

const WORDS: Readonly<Record<PolicyEvent['kind'], string>> = {
  published: 'published in full',
  proposed: 'queued',
  activated: 'activated',
  cancelled: 'taken back',
  retuned: 'weights retuned inside the guard rails',
  concluded: 'reputation concluded an epoch',
  announced: 'fixed for an epoch',
}

const COLUMNS: readonly Column<PolicyEvent>[] = [
  { title: 'When', cell: ({ time }) => secondsText(time) },
  { title: 'What', cell: ({ kind, epoch }) => (epoch === undefined ? WORDS[kind] : `${WORDS[kind]} (${epoch})`) },
  { title: 'Proposal', numeric: true, cell: ({ id }) => (id === undefined ? '' : `${id}`) },
  { title: 'Not before', minor: true, cell: ({ eta }) => (eta === undefined ? '' : secondsText(eta)) },
  { title: 'Policy', cell: ({ policyHash }) => policyHash && <Short value={policyHash} ends={4} /> },
]

/** The policy in force, what waits, and what was. */
export function PolicyPage() {
  const { changes } = useContext(LiveContext)
  const loaded = useJob('policy', undefined, [changes])
  return (
    <>
      <h1>Policy</h1>
      <Answer loaded={loaded} what="the registry">
        {(data) => <Policy data={data} />}
      </Answer>
    </>
  )
}

function Policy({ data: { inForce, pending, history, delay, retuneInterval } }: { readonly data: PolicyData }) {
  return (
    <>
      <p>
        A new policy waits in public for {durationText(delay)} before it can be activated, and counts from the next
        announced epoch. Weights alone may move without the wait, a little at a time, at most once in{' '}
        {durationText(retuneInterval)}.
      </p>
      <h2>In force</h2>
      {inForce ? (
        <>
          <p>
            Policy <Short value={inForce.policyHash} />, fixed on chain for the latest epoch. Backlogs and times are in
            ticks, 1 µs of a shard’s time. Weights are as published
            {inForce.multipliers.some((each) => each < 256)
              ? '; where shards settled too little of what they were assigned, the epoch multiplies them as shown.'
              : ', and the epoch reduces none.'}
          </p>
          <PolicyTable
            policy={inForce.policy}
            multipliers={inForce.multipliers}
            caption="The policy of the latest epoch"
          />
        </>
      ) : (
        <Empty title="No epoch yet">A policy is in force once an epoch is announced under it.</Empty>
      )}
      <h2>Waiting</h2>
      {pending.length === 0 && <p>Nothing waits: no change can come without its full delay.</p>}
      {pending.map(({ id, policyHash, etaS, status, policy }) => (
        <section key={id} aria-label={`Proposal ${id}`}>
          <p>
            Proposal {id}, policy <Short value={policyHash} />:{' '}
            {status === 'ripe' ? 'may be activated now' : `may be activated from ${secondsText(etaS)}`}. What it would
            change is marked.
          </p>
          <PolicyTable policy={policy} against={inForce?.policy} caption={`What proposal ${id} says`} />
        </section>
      ))}
      <h2>History</h2>
      <Table
        caption="Everything that the registry told"
        columns={COLUMNS}
        rows={history}
        keyOf={({ kind, time, id, epoch, policyHash }) => `${kind} ${time} ${id} ${epoch} ${policyHash}`}
      />
    </>
  )
}
