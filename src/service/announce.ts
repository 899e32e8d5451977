import { type ServiceBus, shardCounts } from './events.ts'
import type { LaneChange } from './store/lane-writes.ts'

/** Tells what a committed turn of the router did. */
export function announce(bus: ServiceBus, { opened, entries, closed }: LaneChange, shards: number): void {
  for (const { index } of opened) bus.emit('batch', { index, state: 'open' })
  for (const { opening, count, deferred } of closed)
    bus.emit('batch', { index: opening.index, state: 'closed', count, deferred })
  if (entries.length === 0) return
  const assignments = entries.map(({ assignment }) => assignment)
  const accepted = assignments.filter((assignment) => assignment > 0).length
  bus.emit('receipts', {
    accepted,
    deferred: entries.length - accepted,
    shards: shardCounts(assignments, shards),
  })
}
