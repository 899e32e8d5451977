import { Empty } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'

/** What a router can be held to, and what shows it. */
const FAULTS = [
  {
    fault: 'An accepted batch says otherwise than a receipt',
    shown: 'the receipt and the batch',
    code: 'receipt-kept',
  },
  { fault: 'Two receipts contradict each other', shown: 'both receipts', code: 'receipt-once' },
  { fault: 'A receipt’s batch is overdue', shown: 'the receipt, after the deadline', code: 'receipt-overdue' },
  { fault: 'One commitment was accepted twice', shown: 'both batches', code: 'accepted-once' },
] as const

/** Challenges of this ledger. */
export const ChallengesPage = () => (
  <>
    <h1>Challenges</h1>
    <Empty title="Not shown here">
      This page does not look for challenge contracts. What could be challenged can be found and shown all the same.
    </Empty>
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
      Hold a receipt to the chain under <a href="#/orders">Orders</a>; look for the last one with an{' '}
      <a href="#/audit">audit</a> of the whole ledger.
    </p>
  </>
)
