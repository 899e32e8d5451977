import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { readFlow } from '../../../src/cli/flow/csv.ts'
import { DEFAULT_RULES, selectOrders } from '../../../src/cli/flow/orders.ts'
import { SAMPLE_FILE } from '../../../src/cli/start/sample.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { freePort } from '../../contracts/chain.ts'
import { rpc } from './chain-side.ts'
import { inquest } from './inquest.ts'
import type { Aim } from './interpose.ts'
import { Dice } from './random.ts'
import { type Run, System, within } from './system.ts'
import { Trader } from './trader.ts'
import { STORE_WRITES } from './writes.ts'

const SEED = Number(process.env.FAIRLEAD_CRASH_SEED ?? Date.now() % 1_000_000)
/** Kills at random moments, between seals, draws and proofs. */
const RANDOM_KILLS = Number(process.env.FAIRLEAD_CRASH_KILLS ?? 10)

/** The chain lives on: with lost blocks the hashes that were seeds are gone for good (docs/guides/run.md). */
describe('a service in sealed mode that is killed', () => {
  const dice = new Dice(SEED)
  let dir = ''
  let system: System
  let trader: Trader

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fairlead-crash-'))
    system = new System({ dataDir: dir, chainPort: await freePort(), circuit: 'two-choice-4-8', sealed: true })
    const tape = await selectOrders(readFlow(join(packageRoot(), SAMPLE_FILE)), {}, DEFAULT_RULES)
    trader = new Trader(tape, () => system.address)
    console.log(`    seed ${SEED} (FAIRLEAD_CRASH_SEED)`)
  })
  after(async () => {
    trader.leave()
    await system.end()
    await rm(dir, { recursive: true, force: true })
  })

  const isRunning = ({ child }: Run): boolean => child.exitCode === null && child.signalCode === null

  /** Orders now and then, and blocks, until the process is gone. */
  async function flow(run: Run): Promise<void> {
    const { rpc: url } = await run.ready
    while (isRunning(run)) {
      if (trader.waiting < 8) trader.send(3)
      await delay(150)
      await rpc(url, 'anvil_mine', '0x4').catch(() => {})
    }
  }

  it('goes on from every write that sealing and drawing make', async () => {
    const writes = STORE_WRITES.filter(({ stage }) => stage === 'sealed')
    const aims: Aim[] = [
      ...writes.flatMap(({ name, kills }) => kills.map((moment): Aim => ({ write: name, moment }))),
      { write: 'sealBatch', moment: 'before' },
      { write: 'sealBatch', moment: 'after' },
    ]
    for (const aim of aims) {
      const run = await system.start({ aim, prover: 'idle' })
      void flow(run).catch(() => {})
      const name = `${aim.moment} ${aim.write}`
      const { signal } = await within(name, run.ended)
      expect(signal, `${name}: ${system.accidents.at(-1)}`).to.equal('SIGKILL')
    }
  })

  it('goes on from kills at random moments', async () => {
    for (let i = 0; i < RANDOM_KILLS; i++) {
      const run = await system.start()
      await within('a start', run.ready)
      void flow(run).catch(() => {})
      await run.after(dice.whole(1, 40), 3_000)
      await run.kill()
    }
  })

  it('has lost, doubled and contradicted no receipt, and drawn no batch twice', async () => {
    const run = await system.start()
    const ready = await within('the last start', run.ready)
    const { caught } = await inquest(ready, dir, trader, system)
    expect(trader.receipts.every(({ assignment }) => assignment === 255)).to.equal(true)
    expect(caught).to.include('lost')
    run.ask({ stop: true })
    await within('the end', run.ended)
  })
})
