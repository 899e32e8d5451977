import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readClientKeys } from '../../../src/cli/shared/client-keys.ts'
import type { News, Orders } from './service.ts'
import type { Address } from './trader.ts'

/** These processes do not live long enough to gain from a second, slower compilation of the embedded database. */
const SHORT_LIVED = ['--liftoff', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering']
const SERVICE = new URL('./service.js', import.meta.url)
export const CLI = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url))
/** Longest that a start, or the way to an aimed write, may take on a busy machine. */
const PATIENCE_MS = 120_000

export interface Ready extends Address {
  readonly rpc: string
}

/** How a process ended. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A running service, or one that starts. */
export class Run {
  /** Rejects when the process ends before it is ready. */
  readonly ready: Promise<Ready>
  readonly ended: Promise<End>
  readonly child: ChildProcess
  /** Named writes since it is ready. */
  writes = 0

  constructor(child: ChildProcess, ready: Promise<Ready>, ended: Promise<End>) {
    this.child = child
    this.ready = ready
    this.ended = ended
    // Whoever kills it while it starts does not wait for it.
    ready.catch(() => {})
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }

  /** Resolves after so many more named writes, at the latest when the time is over. */
  async after(writes: number, limitMs: number): Promise<void> {
    const [target, giveUp] = [this.writes + writes, performance.now() + limitMs]
    while (this.writes < target && performance.now() < giveUp && this.child.exitCode === null) await delay(1)
  }

  ask(message: { readonly retry?: string; readonly change?: true; readonly stop?: true }): void {
    this.child.send(message)
  }
}

/** A local Fairlead that is started and killed over and over, on one data folder. */
export class System {
  /** Where the service is, while it is. */
  address: Ready | undefined
  /** How often each named write was seen. */
  readonly seen = new Map<string, number>()
  readonly unnamed = new Set<string>()
  readonly quarantined = new Set<string>()
  /** Ends that nobody asked for: crashes, failed starts. */
  readonly accidents: string[] = []
  /** Times from the order to start until ready, ms. */
  readonly startMs: number[] = []
  readonly #orders: Omit<Orders, 'aim'>
  #spare: { child: ChildProcess; loaded: Promise<unknown> } | undefined
  #run: Run | undefined

  constructor(orders: Omit<Orders, 'aim'>) {
    this.#orders = orders
  }

  /** Starts the service; the process was loaded ahead, while the one before it ran. */
  async start(orders: Pick<Orders, 'aim' | 'prover'> = {}): Promise<Run> {
    const { child, loaded } = this.#spare ?? load()
    this.#spare = undefined
    await loaded
    const run = this.#follow(child, `service ${JSON.stringify(orders)}`, (hear) => {
      child.on('message', (news: News) => {
        if (news.event === 'wrote') {
          run.writes++
          this.seen.set(news.name, (this.seen.get(news.name) ?? 0) + 1)
        } else if (news.event === 'unnamed') this.unnamed.add(news.what)
        else if (news.event === 'quarantined') this.quarantined.add(news.index)
        else if (news.event === 'failed') this.accidents.push(`${news.code}: ${news.message}`)
        else if (news.event === 'ready') hear(news)
      })
    })
    child.send({ ...this.#orders, ...orders })
    return run
  }

  /** Starts the service as a user does: `fairlead start`. */
  startCli(): Run {
    const { dataDir, chainPort } = this.#orders
    const child = spawn(process.execPath, cliArgs(dataDir, chainPort), { stdio: ['ignore', 'pipe', 'pipe'] })
    return this.#follow(child, 'fairlead start', (hear) => {
      if (!child.stdout) return
      createInterface(child.stdout).on('line', async (line) => {
        const { event, url, rpc } = JSON.parse(line) as { event: string; url: string; rpc: string }
        if (event !== 'ready') return
        const { retail = '', institutional = '', operator = '' } = await readClientKeys(dataDir)
        hear({ url, rpc, keys: { retail, institutional, operator } })
      })
    })
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    this.#spare?.child.kill('SIGKILL')
    this.#spare = undefined
    await this.#run?.kill()
  }

  #follow(child: ChildProcess, what: string, listen: (hear: (ready: Ready) => void) => void): Run {
    const began = performance.now()
    let errors = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4000)
    })
    const ended = once(child, 'exit').then(([code, signal]): End => {
      if (this.address === address) this.address = undefined
      if (signal !== 'SIGKILL' && !(code === 0 && signal === null))
        this.accidents.push(`${what}: exit code ${code}, signal ${signal}: ${errors.trim()}`)
      return { code, signal }
    })
    let address: Ready | undefined
    const ready = new Promise<Ready>((resolve, reject) => {
      listen((found) => {
        this.startMs.push(performance.now() - began)
        address = found
        this.address = found
        this.#spare ??= load()
        resolve(found)
      })
      void ended.then(({ code, signal }) =>
        reject(new Error(`${what} ended before it was ready: ${code} ${signal} ${errors}`)),
      )
    })
    const run = new Run(child, ready, ended)
    this.#run = run
    return run
  }
}

export const cliArgs = (dataDir: string, chainPort: number): string[] => [
  CLI,
  'start',
  ...['--no-sample', '--json', '--log-level', 'error'],
  ...['--data-dir', dataDir, '--port', '0', '--chain-port', String(chainPort)],
]

function load() {
  const child = fork(SERVICE, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: SHORT_LIVED })
  return { child, loaded: once(child, 'message') }
}

/** @throws Error after the test's patience. */
export async function within<T>(what: string, work: Promise<T>, limitMs = PATIENCE_MS): Promise<T> {
  const timer = new AbortController()
  const late = delay(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what}: nothing came of it in ${limitMs / 1000} s`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    timer.abort()
    late.catch(() => {})
  }
}
