import { SEALED_ASSIGNMENT } from '../order/sealed-assignment.ts'
import { DEFERRED } from '../route/route.ts'
import type { BatchClosing } from './batch-closing.ts'
import { type ServiceBus, shardCounts } from './events.ts'
import type { LaneChange } from './store/lane-writes.ts'

/** Tells what a committed turn of the router did. */
export function announce(bus: ServiceBus, { opened, entries, closed, sealed }: LaneChange, shards: number): void {
  for (const { index } of opened) bus.emit('batch', { index, state: 'open' })
  for (const { opening, count, deferred } of closed)
    bus.emit('batch', { index: opening.index, state: 'closed', count, deferred })
  for (const { opening, count } of sealed) bus.emit('batch', { index: opening.index, state: 'sealed', count })
  if (entries.length === 0) return
  const routed = entries.filter(({ assignment }) => assignment !== SEALED_ASSIGNMENT)
  bus.emit('receipts', { ...outcomesOf(routed, shards), sealed: entries.length - routed.length })
}

/** Tells what the draw of a sealed batch came to. */
export function announceDraw(
  bus: ServiceBus,
  { opening, entries, count, deferred }: BatchClosing,
  shards: number,
): void {
  bus.emit('draw', { batch: opening.index, ...outcomesOf(entries, shards) })
  bus.emit('batch', { index: opening.index, state: 'closed', count, deferred })
}

function outcomesOf(entries: BatchClosing['entries'], shards: number) {
  const assignments = entries.map(({ assignment }) => assignment)
  const deferred = assignments.filter((assignment) => assignment === DEFERRED).length
  return { accepted: entries.length - deferred, deferred, shards: shardCounts(assignments, shards) }
}
