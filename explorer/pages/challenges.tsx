import { useContext } from 'preact/hooks'
import type { ChallengeEvent } from '../../src/chain/challenge-history.ts'
import { challengeText, etherText } from '../data/challenge-text.ts'
import { useJob } from '../data/job.ts'
import { LiveContext } from '../data/live.ts'
import { secondsText } from '../data/text.ts'
import { Facts } from '../ui/facts.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { Address, Badge, Short } from '../ui/values.tsx'
import type { ChallengesView } from '../wire/challenges.ts'

const COLUMNS: readonly Column<ChallengeEvent>[] = [
  { title: 'When', cell: ({ time }) => secondsText(time) },
  {
    title: 'What',
    cell: (event) => {
      const { name, kind } = challengeText(event)
      return <Badge kind={kind}>{name}</Badge>
    },
  },
  { title: 'Says', cell: (event) => challengeText(event).says },
  { title: 'Block', numeric: true, minor: true, cell: ({ block }) => `${block}` },
  { title: 'Transaction', minor: true, cell: ({ transaction }) => <Short value={transaction} /> },
]

/** What a router can be held to, what shows it, and what it costs by which call. */
const FAULTS = [
  {
    fault: 'An accepted batch says otherwise than a receipt',
    shown: 'the receipt and the batch',
    code: 'receipt-kept',
  },
  { fault: 'Two receipts contradict each other', shown: 'both receipts', code: 'receipt-once' },
  { fault: 'A receipt’s batch is overdue', shown: 'the receipt, after the deadline', code: 'receipt-overdue' },
  { fault: 'One commitment was accepted twice', shown: 'both batches', code: 'accepted-once' },
  { fault: 'Forced orders were not taken', shown: 'the queue itself', code: 'forced-taken' },
] as const

/** Challenges of this ledger. */
export function ChallengesPage() {
  const { connection } = useContext(LiveContext)
  const loaded = useJob('challenges', undefined, [connection])
  return (
    <>
      <h1>Challenges</h1>
      <p>
        An operator’s stake answers for what it signs, sends or withholds. Whoever shows a fault gets half of what it
        costs; the other half is burned.
      </p>
      <Answer loaded={loaded} what="challenges">
        {(view) => <Challenges view={view} onAgain={loaded.again} />}
      </Answer>
      <Table
        caption="What a router can be held to"
        columns={[
          { title: 'Fault', cell: ({ fault }) => fault },
          { title: 'Shown by', cell: ({ shown }) => shown },
          { title: 'Code', cell: ({ code }) => <code>{code}</code> },
        ]}
        rows={FAULTS}
        keyOf={({ code }) => code}
      />
      <p>
        Hold a receipt to the chain under <a href="#/orders">Orders</a>; look for the last two with an{' '}
        <a href="#/audit">audit</a> of the whole ledger. <code>fairlead audit certificate submit</code> makes what is
        found a challenge.
      </p>
    </>
  )
}

function Challenges({ view, onAgain }: { readonly view: ChallengesView; readonly onAgain: () => void }) {
  const { around, bond, events } = view
  const { receiptChallenges, reportChallenges, inbox } = around
  return (
    <>
      {bond ? (
        <Facts
          facts={[
            ['At stake', etherText(bond.stake)],
            ['Covered', `${etherText(bond.covered)}, expected are ${etherText(bond.minimum)}`],
            ['Burned so far', etherText(bond.burned)],
            ['Bond', around.bond ? <Address value={around.bond} /> : ''],
            ['Forced orders', inbox ? <Address value={inbox} /> : 'none'],
            ['Challenges of receipts', receiptChallenges ? <Address value={receiptChallenges} /> : 'not known'],
            ['Challenges of reports', reportChallenges ? <Address value={reportChallenges} /> : 'not known'],
          ]}
        />
      ) : (
        <Empty title="This ledger has no bond">
          Nothing is at stake: a fault can be shown to anybody, but costs the operator nothing on this chain.
        </Empty>
      )}
      {bond && !receiptChallenges && (
        <p role="status">
          The contracts that judge receipts and reports cannot be derived from this ledger: name them under{' '}
          <a href="#/settings">Sources</a>.
        </p>
      )}
      {events.length === 0 ? (
        <Empty title="Nothing was held against the operator">No challenge, no forced order, no epoch given up.</Empty>
      ) : (
        <Table
          caption="Everything that was told, newest first"
          columns={COLUMNS}
          rows={events}
          keyOf={({ block, position }) => `${block} ${position}`}
        />
      )}
      <button type="button" onClick={onAgain}>
        Look again
      </button>
    </>
  )
}
