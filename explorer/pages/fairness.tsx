import { useContext, useMemo, useState } from 'preact/hooks'
import { policyLookup } from '../data/epoch-policies.ts'
import { useJob } from '../data/job.ts'
import { LiveContext } from '../data/live.ts'
import { sharesOf } from '../data/shares.ts'
import { counted, number, percent } from '../data/text.ts'
import { Chart, type Series } from '../ui/chart.tsx'
import { fullBar, ShareBar } from '../ui/share-bar.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { Table } from '../ui/table.tsx'
import type { BatchDigest, EpochView } from '../wire/views.ts'

const COUNTS = [50, 200, 1_000] as const

/** How the flow was spread, over time. */
export function FairnessPage() {
  const { changes, connection } = useContext(LiveContext)
  const [count, setCount] = useState<number>(COUNTS[1])
  const history = useJob('history', { count }, [changes, count])
  const epochs = useJob('epochs', undefined, [history.data?.at(-1)?.epoch, connection])
  return (
    <>
      <h1>Fairness</h1>
      <p>
        <label>
          Batches to look at{' '}
          <select value={count} onChange={({ currentTarget }) => setCount(Number(currentTarget.value))}>
            {COUNTS.map((choice) => (
              <option key={choice} value={choice}>
                latest {number(choice)}
              </option>
            ))}
          </select>
        </label>
      </p>
      <Answer loaded={history} what="batches from the chain">
        {(batches) => (
          <Answer loaded={epochs} what="epochs">
            {(known) =>
              batches.length === 0 ? (
                <Empty title="No batch is accepted yet">Charts begin with the first.</Empty>
              ) : (
                <Charts batches={batches} epochs={known} />
              )
            }
          </Answer>
        )}
      </Answer>
    </>
  )
}

function Charts({
  batches,
  epochs,
}: {
  readonly batches: readonly BatchDigest[]
  readonly epochs: readonly EpochView[]
}) {
  const shards = batches[0]?.fees.length ?? 0
  const points = useMemo(() => batches.map(({ index }) => Number(index)), [batches])
  const cumulative = useMemo(() => shareSeries(batches, shards), [batches])
  const flow = useMemo(() => flowSeries(batches), [batches])
  const fees = useMemo(() => feeSeries(batches, shards), [batches])
  const shares = sharesOf(batches, policyLookup(epochs), shards)
  const top = fullBar(shares)
  return (
    <>
      <p>
        What the chain published of {counted(batches.length, 'batch', 'batches')}. That every single order followed the
        policy is proven batch by batch; these charts show what came of it. Weights say where flow would go if all
        shards were open, idle and warm: headroom, slow start and the choice between two candidates move it from there.
      </p>
      <Table
        caption="Share of assigned orders against published weight"
        columns={[
          { title: 'Shard', cell: ({ shard }) => shard },
          { title: 'Share', numeric: true, cell: ({ share }) => percent(share) },
          { title: 'Retail weight', numeric: true, cell: ({ weights }) => percent(weights[0]) },
          { title: 'Institutional weight', numeric: true, cell: ({ weights }) => percent(weights[1]) },
          { title: 'Picture', cell: ({ share, weights }) => <ShareBar share={share} weights={weights} top={top} /> },
        ]}
        rows={shares.map((share, shard) => ({ shard, ...share }))}
        keyOf={({ shard }) => `${shard}`}
      />
      <Chart
        title="Shares so far"
        summary="Each shard’s part of all orders assigned since the first batch shown."
        points={points}
        series={cumulative}
        format={percent}
      />
      <Chart
        title="Orders and deferrals"
        summary="Orders of each batch, and those that found no room."
        points={points}
        series={flow}
        format={number}
        kind="bars"
      />
      <Chart
        title="Congestion fees"
        summary="Each shard’s fee: it rises while its backlog is above target, and falls otherwise."
        points={points}
        series={fees}
        format={number}
      />
    </>
  )
}

function shareSeries(batches: readonly BatchDigest[], shards: number): Series[] {
  const totals = new Array<number>(shards).fill(0)
  const values = totals.map((): (number | null)[] => [])
  let all = 0
  for (const { assigned } of batches) {
    for (const [shard, count] of assigned.entries()) {
      totals[shard] = (totals[shard] ?? 0) + count
      all += count
    }
    for (const [shard, total] of totals.entries()) values[shard]?.push(all === 0 ? null : total / all)
  }
  return values.map((points, shard) => ({ title: `Shard ${shard}`, values: points }))
}

const flowSeries = (batches: readonly BatchDigest[]): Series[] => [
  { title: 'Orders', values: batches.map(({ count }) => count) },
  { title: 'Deferred', values: batches.map(({ deferred }) => deferred) },
]

const feeSeries = (batches: readonly BatchDigest[], shards: number): Series[] =>
  Array.from({ length: shards }, (_, shard) => ({
    title: `Shard ${shard}`,
    values: batches.map(({ fees }) => fees[shard] ?? null),
  }))
