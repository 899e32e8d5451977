import type { BatchRecord, ForcedEvent, ForcedRecords } from '../../src/audit/records.ts'

/** Two forced orders, each a group of its own, taken by the first two batches. @param change makes it another queue. */
export function forcedFixture(
  batches: readonly BatchRecord[],
  change: (events: ForcedEvent[]) => Partial<ForcedRecords> = () => ({}),
): ForcedRecords {
  const [first = 0n, second = 0n] = batches.map(({ submission }) => submission.commitments[0])
  const events: ForcedEvent[] = [
    { kind: 'posted', time: 100n, number: 0n, commitment: first },
    { kind: 'due', time: 100n, from: 0n, to: 1n, dueAt: 700n },
    { kind: 'posted', time: 110n, number: 1n, commitment: second },
    { kind: 'discharged', time: 112n, number: 0n, index: 0n, slot: 0 },
    { kind: 'due', time: 112n, from: 1n, to: 2n, dueAt: 712n },
    { kind: 'discharged', time: 130n, number: 1n, index: 1n, slot: 0 },
  ]
  return { events, due: { from: 2n, to: 2n, left: 0n, dueAt: 0n }, uptime: 500n, ...change(events) }
}

/** The second order still waits. */
export const waiting = (events: readonly ForcedEvent[]): Pick<ForcedRecords, 'events' | 'due'> => ({
  events: events.slice(0, -1),
  due: { from: 1n, to: 2n, left: 1n, dueAt: 712n },
})
