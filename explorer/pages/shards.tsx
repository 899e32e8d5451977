import { useContext } from 'preact/hooks'
import type { PublishedPolicy } from '../../src/policy/policy.ts'
import { policyLookup } from '../data/epoch-policies.ts'
import { useJob } from '../data/job.ts'
import { LiveContext } from '../data/live.ts'
import { FULL_RAMP, type ShardState, shardStateOf } from '../data/shard-state.ts'
import { type ShardShare, sharesOf } from '../data/shares.ts'
import { counted, number, percent } from '../data/text.ts'
import { fullBar, ShareBar } from '../ui/share-bar.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import { type Column, Table } from '../ui/table.tsx'
import { Address, Badge, BatchLink } from '../ui/values.tsx'
import type { BatchDigest, EpochView } from '../wire/views.ts'

/** Batches that shares are counted over. */
const COUNT = 100

interface ShardRow extends ShardState, ShardShare {
  readonly shard: number
  readonly settlement: string
  /** What a full bar stands for. */
  readonly top: number
}

const COLUMNS: readonly Column<ShardRow>[] = [
  { title: 'Shard', cell: ({ shard }) => shard },
  {
    title: 'Breaker',
    cell: ({ open, sinceBatches }) => (
      <>
        <Badge kind={open ? 'good' : 'bad'}>{open ? 'open' : 'closed'}</Badge>
        {sinceBatches !== undefined && <small> for {counted(sinceBatches + 1, 'batch', 'batches')}</small>}
      </>
    ),
  },
  {
    title: 'Ramp',
    cell: ({ ramp }) => (ramp === undefined ? 'unknown' : `${ramp + 1} of ${FULL_RAMP + 1} quarters`),
    minor: true,
  },
  { title: 'Load', cell: ({ load }) => load },
  { title: 'Fee', numeric: true, cell: ({ fee }) => number(fee) },
  { title: 'Orders', numeric: true, minor: true, cell: ({ assigned }) => number(assigned) },
  { title: 'Share', numeric: true, cell: ({ share }) => percent(share) },
  {
    title: 'Weights: retail, inst.',
    numeric: true,
    minor: true,
    cell: ({ weights }) => `${percent(weights[0])}, ${percent(weights[1])}`,
  },
  {
    title: 'Share against weight',
    minor: true,
    cell: ({ share, weights, top }) => <ShareBar share={share} weights={weights} top={top} />,
  },
  { title: 'Settles at', minor: true, cell: ({ settlement }) => <Address value={settlement} /> },
]

/** Shards as the latest accepted batches published them. */
export function ShardsPage() {
  const { changes, connection } = useContext(LiveContext)
  const history = useJob('history', { count: COUNT }, [changes])
  const epochs = useJob('epochs', undefined, [history.data?.at(-1)?.epoch, connection])
  return (
    <>
      <h1>Shards</h1>
      <Answer loaded={history} what="batches from the chain">
        {(batches) => (
          <Answer loaded={epochs} what="epochs">
            {(known) => <Shards batches={batches} epochs={known} />}
          </Answer>
        )}
      </Answer>
    </>
  )
}

function Shards({
  batches,
  epochs,
}: {
  readonly batches: readonly BatchDigest[]
  readonly epochs: readonly EpochView[]
}) {
  const last = batches.at(-1)
  const policyOf = policyLookup(epochs)
  const policy = last && policyOf(last.epoch)
  if (!last || !policy)
    return <Empty title="Nothing is published yet">Shards show themselves with the first accepted batch.</Empty>
  return (
    <>
      <p>
        As published with batch <BatchLink index={last.index} />, shares over the latest{' '}
        {counted(batches.length, 'batch', 'batches')}. A shard’s backlog stays private; its fee tells on which side of
        the target it is.
      </p>
      <Table
        caption="Shards"
        columns={COLUMNS}
        rows={rowsOf(batches, policy, policyOf)}
        keyOf={({ shard }) => `${shard}`}
      />
      <p class="legend">
        In the bars: <span class="key bar" /> share of assigned orders, <span class="key retail" /> retail weight,{' '}
        <span class="key institutional" /> institutional weight.
      </p>
    </>
  )
}

function rowsOf(
  batches: readonly BatchDigest[],
  policy: PublishedPolicy,
  policyOf: (epoch: bigint) => PublishedPolicy | undefined,
): ShardRow[] {
  const feeMax = Number(policy.feeMax)
  const shares = sharesOf(batches, policyOf, policy.shards.length)
  const top = fullBar(shares)
  return shares.map((share, shard) => ({
    shard,
    top,
    ...share,
    ...shardStateOf(batches, shard, feeMax),
    settlement: policy.settlements[shard] ?? '',
  }))
}
