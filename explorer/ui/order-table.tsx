import type { VerifiedBatch } from '../wire/views.ts'
import { Empty } from './states.tsx'
import { type Column, Table } from './table.tsx'
import { Badge, Short } from './values.tsx'

interface Slot {
  readonly slot: number
  readonly commitment: bigint
  readonly assignment: number
}

const COLUMNS: readonly Column<Slot>[] = [
  { title: 'Slot', numeric: true, cell: ({ slot }) => slot },
  {
    title: 'Commitment',
    cell: ({ commitment }) => (
      <a href={`#/orders/${commitment}`}>
        <Short value={commitment} />
      </a>
    ),
  },
  {
    title: 'Assigned to',
    cell: ({ assignment }) =>
      assignment === 0 ? <Badge kind="plain">deferred</Badge> : <Badge kind="good">{`shard ${assignment - 1}`}</Badge>,
  },
]

/** The orders of a batch, as far as the public sees them. */
export const OrderTable = ({ batch: { commitments, assignments } }: { readonly batch: VerifiedBatch }) =>
  commitments.length === 0 ? (
    <Empty title="No orders">A batch without orders is made when a deadline asks for it.</Empty>
  ) : (
    <Table
      caption="Orders by slot"
      columns={COLUMNS}
      rows={commitments.map((commitment, slot) => ({ slot, commitment, assignment: assignments[slot] ?? 0 }))}
      keyOf={({ slot }) => `${slot}`}
    />
  )
