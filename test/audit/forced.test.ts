import { expect } from 'chai'
import { auditLedger } from '../../src/audit/audit.ts'
import type { ForcedEvent, ForcedRecords } from '../../src/audit/records.ts'
import { report } from '../../src/audit/report.ts'
import { forcedFixture, waiting } from './forced-fixture.ts'
import { hashProof, ledgerFixture } from './ledger-fixture.ts'

describe('forced orders', () => {
  const ledger = ledgerFixture()
  const failures = async (change?: (events: ForcedEvent[]) => Partial<ForcedRecords>): Promise<string[]> => {
    const forced = forcedFixture(ledger.batches, change)
    return (await report(auditLedger({ ...ledger, forced }, { verifyProofs: hashProof }))).failures.map(
      ({ name, at }) => `${name}: ${at}`,
    )
  }

  it('are good when they were taken, or have time left', async () => {
    expect(await failures()).to.deep.equal([])
    expect(await failures((events) => ({ ...waiting(events), uptime: 712n }))).to.deep.equal([])
    const none = { events: [], due: { from: 0n, to: 0n, left: 0n, dueAt: 0n }, uptime: 0n }
    expect(await failures(() => none)).to.deep.equal([])
  })

  it('that were not taken in time are named, by their group', async () => {
    expect(await failures((events) => ({ ...waiting(events), uptime: 713n }))).to.deep.equal([
      'forced-taken: orders 1 … 1',
    ])
  })

  it('that froze the ledger stay named, though they are due anew', async () => {
    const frozen = (events: ForcedEvent[]) => ({
      events: [...events.slice(0, -1), { kind: 'frozen', time: 900n, from: 1n, left: 1n } as const],
      due: { from: 1n, to: 2n, left: 1n, dueAt: 1400n },
      uptime: 800n,
    })
    expect(await failures(frozen)).to.deep.equal(['forced-taken: orders 1 … 1'])
  })

  it('that are due are those of the events, with their deadline', async () => {
    const [from, to] = [1n, 2n]
    const said = (due: ForcedRecords['due']) => failures((events) => ({ ...waiting(events), due }))
    expect(await said({ from, to, left: 0n, dueAt: 712n })).to.deep.equal(['forced-queue: orders that are left'])
    expect(await said({ from, to: 3n, left: 1n, dueAt: 712n })).to.deep.equal(['forced-queue: group that is due'])
    expect(await said({ from, to, left: 1n, dueAt: 711n })).to.deep.equal(['forced-taken: orders 1 … 1'])
  })

  const queues: Readonly<Record<string, (events: ForcedEvent[]) => ForcedEvent[]>> = {
    'posted out of order': (events) =>
      events.map((event) => (event.kind === 'posted' ? { ...event, number: 5n } : event)),
    'a group left out': (events) => events.toSpliced(4, 1),
    'discharged twice': (events) => [...events, ...events.slice(-1)],
    'discharged before it was due': (events) => events.toSpliced(3, 2),
  }
  for (const [what, change] of Object.entries(queues))
    it(`that were ${what} are named`, async () => {
      expect((await failures((events) => ({ events: change(events) })))[0]).to.match(/^forced-queue/)
    })

  it('are discharged by a batch that holds them alone', async () => {
    const elsewhere = (change: { index?: bigint; slot?: number }) =>
      failures((events) => ({
        events: events.map((event) => (event.kind === 'discharged' ? { ...event, ...change } : event)),
      }))
    expect(await elsewhere({ index: 0n })).to.deep.equal(['forced-discharge: order 1'])
    expect(await elsewhere({ slot: 1 })).to.deep.equal(['forced-discharge: order 0', 'forced-discharge: order 1'])
    expect(await elsewhere({ slot: 40 })).to.have.length(2)
    // A batch that was not read says nothing.
    expect(await elsewhere({ index: 99n })).to.deep.equal([])
  })
})
