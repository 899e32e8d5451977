import type { AcceptedBatch } from '../../order/receipt.ts'
import { type Check, equal, holds } from '../check.ts'
import type { CodeOf } from '../codes.ts'
import type { ForcedEvent, ForcedRecords } from '../records.ts'
import type { ChecksOf } from '../step.ts'

/** The queue as its events tell it. */
interface Queue {
  /** Commitments of the orders posted, by number. */
  readonly posted: bigint[]
  readonly discharged: Set<bigint>
  /** What is due: `from` up to, not including, `to`. */
  from: bigint
  to: bigint
  dueAt: bigint
}

type Checks = Generator<Check<CodeOf<'forced'>>>

/** Orders that traders forced in are taken in their order and in time. Whether a router dislikes them shows here, where nobody can hold them back unseen. */
export const forced = {
  /** @param batches accepted ones that discharges name, as far as they were read. */
  *end({
    forced: { events, due, uptime },
    batches,
  }: {
    forced: ForcedRecords
    batches: ReadonlyMap<bigint, AcceptedBatch>
  }): ChecksOf<'forced'> {
    const queue: Queue = { posted: [], discharged: new Set(), from: 0n, to: 0n, dueAt: 0n }
    for (const event of events) yield* follow(queue, event, batches)
    const left = leftOf(queue)
    const next = BigInt(queue.posted.length)
    // Between groups the inbox points behind the last one.
    const group = left === 0n ? `${next} … ${next}` : `${queue.from} … ${queue.to}`
    yield equal('forced-queue', { at: 'group that is due' }, group, `${due.from} … ${due.to}`)
    yield equal('forced-queue', { at: 'orders that are left' }, left, due.left)
    if (left === 0n) return
    const inTime = uptime <= due.dueAt && queue.dueAt <= due.dueAt
    yield holds(
      'forced-taken',
      placeOf(queue),
      inTime,
      `taken by ${due.dueAt} s of uptime`,
      `${left} left at ${uptime} s`,
    )
  },
}

function* follow(queue: Queue, event: ForcedEvent, batches: ReadonlyMap<bigint, AcceptedBatch>): Checks {
  const next = BigInt(queue.posted.length)
  if (event.kind === 'posted') {
    yield equal('forced-queue', { at: `order ${event.number}` }, next, event.number)
    queue.posted.push(event.commitment)
  } else if (event.kind === 'due') {
    const { from, to, dueAt } = event
    const follows = from === queue.to && to > from && to <= next && leftOf(queue) === 0n
    yield holds('forced-queue', { at: `group ${from}` }, follows, `the orders from ${queue.to} on`, `${from} … ${to}`)
    Object.assign(queue, { from, to, dueAt })
  } else if (event.kind === 'discharged') {
    yield* discharge(queue, event, batches)
  } else {
    const { left } = event
    yield holds('forced-taken', placeOf(queue), false, 'taken by its deadline', `${left} left, and the ledger frozen`)
  }
}

function* discharge(
  queue: Queue,
  { number, index, slot }: Extract<ForcedEvent, { kind: 'discharged' }>,
  batches: ReadonlyMap<bigint, AcceptedBatch>,
): Checks {
  const place = { at: `order ${number}` }
  const isDue = number >= queue.from && number < queue.to && !queue.discharged.has(number)
  yield holds('forced-queue', place, isDue, `one of ${queue.from} … ${queue.to}, once`, number)
  queue.discharged.add(number)
  const batch = batches.get(index)
  // Where the audit began later, the batch was not read.
  if (!batch) return
  const commitment = queue.posted[Number(number)] ?? 'no such order'
  yield equal('forced-discharge', { batch: index, ...place }, commitment, batch.commitments[slot] ?? 'an empty slot')
}

/** Orders of the group that were not discharged. */
function leftOf({ from, to, discharged }: Queue): bigint {
  let left = 0n
  for (let number = from; number < to; number++) if (!discharged.has(number)) left++
  return left
}

const placeOf = ({ from, to }: Queue) => ({ at: `orders ${from} … ${to - 1n}` })
