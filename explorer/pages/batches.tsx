import { useContext, useState } from 'preact/hooks'
import { useJob } from '../data/job.ts'
import { LiveContext } from '../data/live.ts'
import { number, timeText } from '../data/text.ts'
import { Facts } from '../ui/facts.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { Badge, BatchLink, Short } from '../ui/values.tsx'
import type { BatchRow } from '../wire/views.ts'

const KINDS = {
  open: 'busy',
  sealed: 'busy',
  closed: 'busy',
  proven: 'busy',
  sent: 'busy',
  accepted: 'good',
  final: 'good',
  quarantined: 'bad',
  abandoned: 'bad',
} as const

const COLUMNS: readonly Column<BatchRow>[] = [
  { title: 'Batch', cell: ({ index }) => <BatchLink index={index} /> },
  { title: 'State', cell: ({ state }) => <Badge kind={KINDS[state]}>{state}</Badge> },
  { title: 'Orders', numeric: true, cell: ({ count }) => number(count) },
  { title: 'Deferred', numeric: true, cell: ({ deferred }) => (deferred === undefined ? '' : number(deferred)) },
  { title: 'Time', minor: true, cell: ({ time }) => (time === undefined ? '' : timeText(time)) },
  { title: 'Epoch', numeric: true, minor: true, cell: ({ epoch }) => `${epoch}` },
  { title: 'Circuit', minor: true, cell: ({ circuit }) => circuit ?? '' },
  { title: 'Gas', numeric: true, minor: true, cell: ({ gasUsed }) => (gasUsed === undefined ? '' : number(gasUsed)) },
  { title: 'Transaction', minor: true, cell: ({ transaction }) => transaction && <Short value={transaction} /> },
]

/** Batches as they go on, newest first. */
export function BatchesPage() {
  const { changes } = useContext(LiveContext)
  const [before, setBefore] = useState<readonly bigint[]>([])
  const from = before.at(-1)
  const loaded = useJob('batches', { before: from }, [from, changes])
  return (
    <>
      <h1>Batches</h1>
      <Counts />
      <Answer loaded={loaded} what="batches">
        {({ rows, more }) =>
          rows.length === 0 ? (
            <Empty title="No batch yet">The first order opens the first batch. This page shows it at once.</Empty>
          ) : (
            <>
              <Table
                caption={from === undefined ? 'Latest batches' : `Batches before ${from}`}
                columns={COLUMNS}
                rows={rows}
                keyOf={({ index }) => `${index}`}
              />
              <p class="pager">
                <button type="button" disabled={before.length === 0} onClick={() => setBefore(before.slice(0, -1))}>
                  Newer
                </button>
                <button type="button" disabled={!more} onClick={() => setBefore([...before, rows.at(-1)?.index ?? 0n])}>
                  Older
                </button>
              </p>
            </>
          )
        }
      </Answer>
    </>
  )
}

function Counts() {
  const { changes } = useContext(LiveContext)
  const { data } = useJob('status', undefined, [changes])
  if (!data) return null
  const { receipts, accepted, deferred, batchesOpenToSent, lastAcceptedBatch } = data
  return (
    <Facts
      facts={[
        ['Receipts', number(receipts)],
        ['Orders assigned', number(accepted)],
        ['Orders deferred', number(deferred)],
        ['Batches under way', number(batchesOpenToSent)],
        ['Last on chain', lastAcceptedBatch === undefined ? 'none' : <BatchLink index={lastAcceptedBatch} />],
      ]}
    />
  )
}
