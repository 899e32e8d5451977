import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect } from 'chai'
import { bootView } from '../../src/cli/start/boot-view.ts'
import { flowView } from '../../src/cli/start/flow-view.ts'
import { liveView } from '../../src/cli/start/live-view.ts'
import { checkSample } from '../../src/cli/start/sample.ts'
import { ServiceBus } from '../../src/service/events.ts'
import { catchError } from '../helpers/catch-error.ts'
import { tempDir } from './temp-dir.ts'
import { failureCode, fairlead, Screen } from './terminal.ts'

describe('start', () => {
  const dir = tempDir()

  it('tells a busy port before it does anything', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    // A TCP server's address is never a text.
    const { port } = taken.address() as { port: number }
    const ran = await fairlead(['start', '--port', String(port), '--data-dir', dir.path('data')])
    taken.close()
    expect([ran.exitCode, failureCode(ran), ran.stdout]).to.deep.equal([2, 'PORT_IN_USE', ''])
    expect(existsSync(dir.path('data'))).to.equal(false)
  })

  it('refuses a circuit that the catalog does not have', async () => {
    const ran = await fairlead(['start', '--circuit', 'none', '--data-dir', dir.path('data')])
    expect([ran.exitCode, failureCode(ran)]).to.deep.equal([2, 'CIRCUIT_UNKNOWN'])
  })

  it('ends at the next step when Ctrl-C is pressed while it starts', async () => {
    const step = bootView(liveView(new Screen()), AbortSignal.abort())
    expect((await catchError(() => step('chain', 'begun'))).code).to.equal('INTERRUPTED')
  })

  it('shows a line for each batch on chain, without a status line where there is no terminal', () => {
    const screen = new Screen()
    const bus = new ServiceBus()
    const stop = flowView(liveView(screen), bus)
    bus.emit('batch', { index: 3n, state: 'closed', count: 8, deferred: 1 })
    bus.emit('proof', { batch: 3n, state: 'done', witnessMs: 100, proveMs: 1234 })
    bus.emit('batch', { index: 3n, state: 'accepted', shards: [2, 3, 1, 1], gasUsed: 289_123n })
    stop()
    bus.emit('batch', { index: 4n, state: 'accepted' })
    expect(screen.text).to.equal('batch 3   8 orders, 1 deferred; shards 2 3 1 1; proof 1.2 s; 289,123 gas\n')
  })

  it('keeps lines above a status line on a terminal', () => {
    const screen = Object.assign(new Screen(), { isTTY: true, columns: 20 })
    const view = liveView(screen)
    view.status('a status that is far too long')
    view.line('kept')
    view.end()
    expect(screen.text.split('\r').at(-1)).to.equal('\u001b[K')
    expect(screen.text).to.include('kept\n')
    for (const part of screen.text.split(/[\r\n]/)) expect(part.replace('\u001b[K', '').length).to.be.below(20)
  })
})

describe('checkSample', () => {
  const flow = {
    orders: 152,
    accepted: 130,
    deferred: 18,
    sealed: 0,
    tooLarge: 4,
    resent: 0,
    waits: 0,
    retail: 106,
    institutional: 46,
    batches: 20,
    batchesAccepted: true,
    seconds: 30,
  }
  const counts = { checks: 700, batches: 20, epochs: 1, steps: [], failures: [], unchecked: [] }
  const audit = { ok: true, verdict: 'good' as const, ...counts }
  const missed = (change: object, failed = {}): string[] =>
    checkSample({ ...flow, ...change }, { ...audit, ...failed })
      .filter(({ ok }) => !ok)
      .map(({ name }) => name)

  it('is content with a full run', () => {
    expect(missed({})).to.deep.equal([])
  })

  it('names each goal that was missed', () => {
    expect(missed({ accepted: 129 })).to.deep.equal(['sample-settled'])
    expect(missed({ batchesAccepted: false })).to.deep.equal(['sample-accepted'])
    expect(missed({ accepted: 99, tooLarge: 35 })).to.deep.equal(['sample-orders'])
    expect(missed({ batches: 11 })).to.deep.equal(['sample-batches'])
    expect(missed({ institutional: 0 })).to.deep.equal(['sample-segments'])
    expect(missed({ deferred: 0, accepted: 148 })).to.deep.equal(['sample-deferral'])
    expect(missed({}, { ok: false, failures: [{ name: 'proof', ok: false }] })).to.deep.equal(['sample-audit'])
  })
})
