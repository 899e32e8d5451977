import type { PublishedPolicy } from '../../src/policy/policy.ts'
import { number } from '../data/text.ts'
import { Facts } from './facts.tsx'
import { Empty } from './states.tsx'
import { Table } from './table.tsx'
import { Address } from './values.tsx'

/** A policy in full; with another one beside it, what differs is marked. */
export function PolicyTable({
  policy,
  against,
  multipliers = [],
  caption,
}: {
  readonly policy: PublishedPolicy | undefined
  readonly against?: PublishedPolicy | undefined
  /** What reputation multiplies the weights by, of 256, by shard: shown where any is below. */
  readonly multipliers?: readonly number[]
  readonly caption: string
}) {
  if (!policy) return <Empty title="Not a policy">Its words break a rule of the protocol.</Empty>
  const rows = policy.shards.map((shard, i) => ({
    i,
    shard,
    old: against?.shards[i],
    settlement: policy.settlements[i] ?? '',
  }))
  type Row = (typeof rows)[number]
  const ticks = (title: string, of: (shard: Row['shard']) => bigint, minor = false) => ({
    title,
    numeric: true,
    minor,
    cell: ({ shard, old }: Row) => marked(number(of(shard)), old && number(of(old))),
  })
  return (
    <>
      <Facts
        facts={[
          ['Kind', marked(policy.kind, against?.kind)],
          ['Lowest fee', marked(number(policy.feeMin), against && number(against.feeMin))],
          ['Highest fee', marked(number(policy.feeMax), against && number(against.feeMax))],
        ]}
      />
      <Table
        caption={caption}
        columns={[
          { title: 'Shard', cell: ({ i }) => i },
          ticks('Retail weight', ({ weights }) => weights[0]),
          ticks('Institutional weight', ({ weights }) => weights[1]),
          ...(multipliers.some((each) => each < 256)
            ? [{ title: 'Times', numeric: true, cell: ({ i }: Row) => `${multipliers[i] ?? 256}/256` }]
            : []),
          ticks('Ticks a lot', ({ tau }) => tau),
          ticks('Limit', ({ limit }) => limit),
          ticks('Trip', ({ trip }) => trip, true),
          ticks('Reset', ({ reset }) => reset, true),
          ticks('Skew', ({ skew }) => skew, true),
          ticks('Target', ({ target }) => target, true),
          {
            title: 'Reports',
            minor: true,
            cell: ({ shard, old }) => marked(shard.reporting ? 'yes' : 'no', old && (old.reporting ? 'yes' : 'no')),
          },
          { title: 'Settles at', minor: true, cell: ({ settlement }) => <Address value={settlement} /> },
        ]}
        rows={rows}
        keyOf={({ i }) => `${i}`}
      />
    </>
  )
}

/** A value, with the one that it takes the place of. */
const marked = (now: string, before: string | undefined) =>
  before === undefined || before === now ? (
    now
  ) : (
    <>
      <ins>{now}</ins> <del>{before}</del>
    </>
  )
