import type { OrderFound } from '../wire/orders.ts'
import { Facts } from './facts.tsx'
import { Badge, BatchLink, Short } from './values.tsx'

/** An order's place on chain, and whether its path leads there. */
export const FoundOrder = ({
  order: { batch, slot, shard, path, orderRoot, included },
}: {
  readonly order: OrderFound
}) => (
  <Facts
    facts={[
      ['Batch', <BatchLink key="batch" index={batch} />],
      ['Slot', slot],
      ['Outcome', shard === undefined ? 'deferred: it found no room' : `assigned to shard ${shard}`],
      [
        'Inclusion',
        included ? (
          <Badge kind="good">{`proven: ${path.length} hashes lead to the root`}</Badge>
        ) : (
          <Badge kind="bad">the path does not lead to the stored record</Badge>
        ),
      ],
      ['Order root', <Short key="root" value={orderRoot} />],
    ]}
  />
)
