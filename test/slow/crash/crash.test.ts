import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { isAlive } from '../../../src/chain/process-id.ts'
import { readFlow } from '../../../src/cli/flow/csv.ts'
import { DEFAULT_RULES, selectOrders } from '../../../src/cli/flow/orders.ts'
import { SAMPLE_FILE } from '../../../src/cli/start/sample.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { dataPaths } from '../../../src/service/config.ts'
import { freePort } from '../../contracts/chain.ts'
import { rpc } from './chain-side.ts'
import { DRAIN_MS, inquest, Sayings } from './inquest.ts'
import type { Aim } from './interpose.ts'
import { Dice } from './random.ts'
import type { Orders } from './service.ts'
import { cliArgs, type Run, System, within } from './system.ts'
import { Trader } from './trader.ts'
import { FILE_WRITES, type Moment, STORE_WRITES, type Stage } from './writes.ts'

const SEED = Number(process.env.FAIRLEAD_CRASH_SEED ?? Date.now() % 1_000_000)
/** Kills at random moments of the replay. */
const RANDOM_KILLS = Number(process.env.FAIRLEAD_CRASH_KILLS ?? 50)
/** Only writes whose names match, to look into one. */
const WRITES = new RegExp(process.env.FAIRLEAD_CRASH_WRITES ?? '')
/** Before and after each named write; by default the dice pick one of the two. */
const ALL_MOMENTS = process.env.FAIRLEAD_CRASH_MOMENTS === 'all'
const CHAIN_KILLS = 3
/** Receipts stop when a batch is older than 200 s: between kills the chain must come after, on slow machines too. */
const CATCH_UP_MS = 90_000
/** Every so many kills hit a `fairlead start`, a start that is under way, and the chain as well. */
const EVERY = { cli: 8, starting: 5, withChain: 6 } as const
const CIRCUIT = 'two-choice-4-8'

describe('a service that is killed', () => {
  const dice = new Dice(SEED)
  const counts = { setUp: 0, writes: 0, random: 0, cli: 0, starting: 0, withChain: 0, chainAlone: 0 }
  let dir = ''
  let chainPort = 0
  let system: System
  let trader: Trader
  let caughtUpAt = performance.now()

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fairlead-crash-'))
    chainPort = await freePort()
    system = new System({ dataDir: dir, chainPort, circuit: CIRCUIT })
    const tape = await selectOrders(readFlow(join(packageRoot(), SAMPLE_FILE)), {}, DEFAULT_RULES)
    trader = new Trader(tape, () => system.address)
    console.log(`    seed ${SEED} (FAIRLEAD_CRASH_SEED), ${RANDOM_KILLS} random kills (FAIRLEAD_CRASH_KILLS)`)
  })
  // What a failed test left running would keep the folder from those after it.
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await system.end()
  })
  after(async () => {
    trader.leave()
    await system.end()
    await rm(dir, { recursive: true, force: true })
  })

  /** Starts with an aim and sees the process die there. @param drive what brings the write about, once the service is ready. */
  async function killAt(aim: Aim, drive: (run: Run) => Promise<void> = flow, prover?: Orders['prover']): Promise<void> {
    const run = await system.start({ aim, ...(prover && { prover }) })
    const name = `${aim.moment} ${aim.write}`
    void run.ready.then(() => drive(run)).catch(() => {})
    const { signal } = await within(name, run.ended)
    progress(name)
    expect(signal, `${name}: ${system.accidents.at(-1)}`).to.equal('SIGKILL')
  }

  /** Orders now and then, and blocks, until the process is gone. */
  async function flow(run: Run, mining = true): Promise<void> {
    for (let turn = 0; isRunning(run); turn++) {
      if (trader.waiting < 8) trader.send(3)
      await delay(150)
      // Finality is a matter of blocks: some come ahead of their time.
      if (mining && turn > 4 && system.address) await rpc(system.address.rpc, 'anvil_mine', '0x4')
    }
  }

  const isRunning = ({ child }: Run): boolean => child.exitCode === null && child.signalCode === null
  const aims = (stage: Stage): Aim[] =>
    STORE_WRITES.filter((write) => write.stage === stage && WRITES.test(write.name)).flatMap(({ name, kills }) =>
      momentsOf(kills).map((moment): Aim => ({ write: name, moment })),
    )
  const around = (write: string, nth = 1): Aim[] =>
    momentsOf(['before', 'after']).map((moment): Aim => ({ write, moment, nth }))
  const momentsOf = (kills: readonly Moment[]): readonly Moment[] =>
    ALL_MOMENTS || kills.length < 2 ? kills : kills.slice(dice.whole(1, kills.length) - 1).slice(0, 1)

  it('sets up anew, or goes on, wherever its set-up was cut short', async () => {
    const steps: Aim[] = [
      ...around('secrets.json'),
      // The store is opened before the rest of a set-up, and has its schema after the first start that lives so long.
      ...around('schema', dice.whole(2, 12)),
      ...around('addresses.json'),
      { write: 'deploy', moment: 'after', nth: dice.whole(1, 14) },
      { write: 'announceEpoch', moment: 'after' },
      { write: 'openEpoch', moment: 'after' },
      ...around('chain.json.kept'),
      ...around('deployment.json'),
      ...aims('set-up').filter(({ write }) => write !== 'schema'),
      ...around('client-keys.json'),
    ]
    for (const aim of steps) {
      await killAt(aim, flow, 'idle')
      // A ledger that is written down as deployed must be there, whatever its chain was about to write.
      if (aim.write === 'deployment.json' || dice.next() < 0.5) await killChain()
      counts.setUp++
    }
    expect(FILE_WRITES.filter((file) => !steps.some(({ write }) => write === file))).to.deep.equal([])
  })

  it('lets no second service onto its folder', async () => {
    const run = await system.start()
    await run.ready
    const second = spawn(process.execPath, cliArgs(dir, await freePort()), { stdio: ['ignore', 'pipe', 'pipe'] })
    let [output, errors] = ['', '']
    second.stdout.on('data', (chunk) => (output += chunk))
    second.stderr.on('data', (chunk) => (errors += chunk))
    const [code] = await within('the second service', once(second, 'exit'))
    expect([code, JSON.parse(output).error.code]).to.deep.equal([2, 'DATA_DIR_LOCKED'])
    expect(errors).to.match(/^fairlead: DATA_DIR_LOCKED: /)
    trader.send(3)
    await trader.settled()
    await run.kill()
  })

  it('goes on from every named write', async () => {
    for (const aim of aims('flow')) {
      await catchUp()
      await killAt(aim, flow, needsProof(aim) ? undefined : 'idle')
      counts.writes++
    }
  })

  it('goes on from every write that counts failures, quarantines and retries', async () => {
    for (const aim of aims('failing-prover')) {
      await killAt(aim, flow, 'failing')
      counts.writes++
      await retryAll()
    }
    for (const aim of aims('retry')) {
      await quarantineOne()
      await killAt(aim, async (run) => run.ask({ retry: await quarantinedIndex() }), 'idle')
      counts.writes++
      await retryAll()
    }
  })

  it('goes on from every write that a reorg causes', async () => {
    for (const aim of aims('reorg')) {
      await killAt(aim, async (run) => {
        const { rpc: url } = await run.ready
        void flow(run, false)
        const accepted = () => system.seen.get('shards-counted')
        while (isRunning(run)) {
          for (const before = accepted(); accepted() === before && isRunning(run); ) await delay(20)
          await rpc(url, 'anvil_reorg', 5, [])
        }
      })
      counts.writes++
    }
  })

  it('goes on from every step of a change of epoch', async () => {
    const steps: Aim[] = [...aims('epoch'), ...around('announceEpoch'), ...around('openEpoch')]
    for (const aim of steps) {
      await catchUp(0)
      await killAt(aim, async (run) => {
        void flow(run)
        for (; isRunning(run); await delay(200)) run.ask({ change: true })
      })
      counts.writes++
    }
    // What was begun is brought to its end, by whoever lives.
    const begun = system.seen.get('epoch-begun') ?? 0
    const run = await system.start()
    await within('a start', run.ready)
    void flow(run)
    // Refused until a batch of the running epoch is accepted.
    const done = async (): Promise<void> => {
      for (; (system.seen.get('epoch-begun') ?? 0) === begun; await delay(200)) run.ask({ change: true })
    }
    await within('the next epoch', done(), DRAIN_MS)
    await run.kill()
  })

  it('goes on from kills at random moments of a replay', async () => {
    for (let i = 0; i < RANDOM_KILLS; i++) {
      await catchUp()
      const cli = i % EVERY.cli === 0
      // Every second life proves; the others have more time for the rest.
      const run = cli ? system.startCli() : await system.start(i % 2 === 0 ? {} : { prover: 'idle' })
      if (i % EVERY.starting === 1) {
        const slowest = Math.max(...system.startMs.slice(-5))
        await Promise.race([delay(dice.next() * slowest), run.ended])
        counts.starting++
      } else {
        await within('a start', run.ready)
        if (trader.waiting < 24) trader.send(dice.whole(1, 5))
        if (dice.next() < 0.5) trader.sendAgain(dice.next())
        if (cli) await delay(dice.whole(0, 1500))
        else await run.after(dice.whole(1, 30), 1_000)
      }
      if (cli) counts.cli++
      if (i % EVERY.withChain === 2) await killWithChain(run)
      else await run.kill()
      counts.random++
      progress(`random ${i}: ${trader.receipts.length} receipts, ${trader.waiting} requests wait`)
    }
  })

  it('gives no receipt while its chain is dead, and goes on after the next start', async () => {
    for (let i = 0; i < CHAIN_KILLS; i++) {
      await catchUp()
      const run = await system.start()
      const { url } = await within('a start', run.ready)
      trader.send(dice.whole(2, 6))
      await run.after(dice.whole(1, 30), 3_000)
      expect(await killChain()).to.equal(true)
      counts.chainAlone++
      await within('back-pressure', noReceipts(url))
      await delay(200)
      const { length } = trader.receipts
      trader.send(2)
      await delay(500)
      expect(trader.receipts.length).to.equal(length)
      await run.kill()
    }
  })

  it('has lost, doubled and contradicted no receipt, and accounts for every order', async () => {
    const run = system.startCli()
    const ready = await within('the last start', run.ready)
    const { side, caught } = await inquest(ready, dir, trader, system)
    const receipts = new Set(trader.receipts.map(({ signature }) => signature))
    const starts = [...system.startMs].sort((a, b) => a - b)
    console.log(
      [
        `    kills: ${counts.setUp} in the set-up, ${counts.writes} at named writes, ${counts.random} at random (${counts.cli} of "fairlead start",`,
        `${counts.starting} while starting, ${counts.withChain} together with the chain), ${counts.chainAlone} of the chain alone`,
        `\n    ${trader.orders.size} orders, ${trader.resent} requests cut off, ${receipts.size} receipts, ${side.batches.size} batches,`,
        `${side.audit.checks} audit checks; sabotage caught: ${caught.join(', ')}`,
        `\n    ready after ${Math.round(starts[starts.length >> 1] ?? 0)} ms (median of ${starts.length} starts)`,
      ].join(' '),
    )
    run.child.kill('SIGINT')
    expect(await run.ended).to.deep.equal({ code: 0, signal: null })
  })

  /** Now and then, lets a service live until the chain has accepted what waits. */
  async function catchUp(afterMs = CATCH_UP_MS): Promise<void> {
    if (performance.now() - caughtUpAt < afterMs) return
    const run = await system.start()
    const says = new Sayings(await within('a start', run.ready))
    const done = async (): Promise<void> => {
      while ((await says.status()).batchesOpenToSent > 0 || trader.waiting > 0) await delay(100)
    }
    await within('what waits', done(), DRAIN_MS)
    caughtUpAt = performance.now()
    await run.kill()
  }

  /** SIGKILL for the chain that the folder names, if it runs; the service's watchdog has sent it SIGTERM perhaps. */
  async function killChain(): Promise<boolean> {
    const text = await readFile(`${dataPaths(dir).chainState}.pid`, 'utf8').catch(() => '')
    const [pid = '', start = ''] = text.split(' ')
    if (!(await isAlive({ pid: Number(pid), start }))) return false
    return process.kill(Number(pid), 'SIGKILL')
  }

  /** The service first: it must not see its chain die. */
  async function killWithChain(run: Run): Promise<void> {
    run.child.kill('SIGKILL')
    if (await killChain()) counts.withChain++
    await run.ended
  }

  /** Lets a batch fail until it is quarantined. */
  async function quarantineOne(): Promise<void> {
    if (system.quarantined.size > 0) return
    const run = await system.start({ prover: 'failing' })
    await within('a start', run.ready)
    void flow(run)
    const held = async (): Promise<void> => {
      while (system.quarantined.size === 0) await delay(20)
    }
    await within('a quarantine', held())
    await run.kill()
  }

  async function quarantinedIndex(): Promise<string> {
    const [index] = system.quarantined
    return index ?? ''
  }

  /** A person's decision on what was quarantined: try again. */
  async function retryAll(): Promise<void> {
    const run = await system.start({ prover: 'idle' })
    const says = new Sayings(await within('a start', run.ready))
    for (const { index, state } of await says.batches()) if (state === 'quarantined') run.ask({ retry: index })
    const held = async (): Promise<boolean> => (await says.batches()).some(({ state }) => state === 'quarantined')
    while (await held()) await delay(50)
    system.quarantined.clear()
    await run.kill()
  }

  async function noReceipts(url: string): Promise<void> {
    while ((await fetch(`${url}/readyz`)).status === 200) await delay(20)
  }
})

/** Whether a write of the flow comes after a proof: other lives are too short for one. */
const needsProof = ({ write }: Aim): boolean =>
  STORE_WRITES.some(({ name, proven }) => name === write && proven === true)

/** Says what was killed, to who wants to see it (FAIRLEAD_CRASH_VERBOSE). */
function progress(what: string): void {
  if (process.env.FAIRLEAD_CRASH_VERBOSE !== undefined)
    console.log(`      ${(performance.now() / 1000).toFixed(1)} s: ${what}`)
}
