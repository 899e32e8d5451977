/** One local Fairlead for all end-to-end tests: chain, contracts, store, router, prover and HTTP API as `fairlead start` runs them, nothing doubled. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { type ServeOptions, type Serving, serve } from '../../src/cli/start/local.ts'
import { BatchBundleView } from '../../src/http/schema/batches.ts'
import { OrderStatusView, PlacedView, ResultsView } from '../../src/http/schema/orders.ts'
import type { Segment } from '../../src/order/order.ts'
import { dataPaths } from '../../src/service/config.ts'
import type { BatchEvent } from '../../src/service/events.ts'
import { loadSecrets } from '../../src/service/secrets.ts'
import { isAccepted } from '../../src/statement/batch-state.ts'
import { fairlead } from '../cli/terminal.ts'
import { freePort } from '../contracts/chain.ts'
import { element } from '../helpers/fixtures.ts'

/** An order as a user of the HTTP API writes it. */
export interface UserOrder {
  readonly size: number
  readonly side: 'buy' | 'sell'
  readonly details: string
}

/** Size that the development policy's slowest shard just holds: the four shards take at most six of these at a time. */
const NEAR_LIMIT = 3900

/** Where a world answers, and how. */
type Place = Pick<ServeOptions, 'port' | 'chainPort' | 'explorer'>

export class World {
  /** What a sent order came back as. */
  readonly placed: z.infer<typeof PlacedView>[] = []
  readonly #dir: string
  readonly #ports: Place
  #serving: Serving
  #sent = 0

  private constructor(dir: string, ports: Place, serving: Serving) {
    this.#dir = dir
    this.#ports = ports
    this.#serving = serving
  }

  /** Starts everything in a new folder. */
  static async empty({ sealed = false, ...options }: Pick<ServeOptions, 'explorer' | 'sealed'> = {}): Promise<World> {
    const dir = await mkdtemp(join(tmpdir(), 'fairlead-e2e-'))
    const ports = { port: await freePort(), chainPort: await freePort(), ...options }
    // Its first start alone says in which mode: the folder keeps it.
    return new World(dir, ports, await serveFrom(dir, { ...ports, sealed }))
  }

  /** {@link empty}, with three batches accepted: one of both segments, one with deferrals, one of a single order. */
  static async start(options: Pick<ServeOptions, 'explorer'> = {}): Promise<World> {
    const world = await World.empty(options)
    await Promise.all([world.send('retail', world.orders(5, 100)), world.send('institutional', world.orders(3, 400))])
    await Promise.all([
      world.send('retail', world.orders(4, NEAR_LIMIT)),
      world.send('institutional', world.orders(4, NEAR_LIMIT)),
    ])
    await world.settled()
    await world.sendOne('retail', world.orders(1, 7)[0])
    await world.settled()
    return world
  }

  get serving(): Serving {
    return this.#serving
  }
  get rpc(): string {
    return this.#serving.local.chain.url
  }
  get dataDir(): string {
    return join(this.#dir, 'data')
  }
  get ledger(): string {
    return this.#serving.local.deployment.ledger
  }
  /** Arguments of an audit of the ledger. */
  get chainArgs(): string[] {
    return ['--rpc', this.rpc, '--ledger', this.ledger]
  }

  /** Orders that were never sent. */
  orders(count: number, size: number): UserOrder[] {
    return Array.from({ length: count }, () => ({
      size,
      side: this.#sent % 2 === 0 ? 'buy' : 'sell',
      details: `${element(77, this.#sent++)}`,
    }))
  }

  /** Sends a list of orders and keeps those that got a receipt. */
  async send(segment: Segment, orders: readonly UserOrder[]): Promise<z.infer<typeof ResultsView>['results']> {
    const { results } = ResultsView.parse(await this.ask('/v1/orders', segment, { orders }))
    for (const result of results) if (result.status !== 'refused') this.placed.push(result)
    return results
  }

  /** Sends one order. */
  async sendOne(segment: Segment, order: UserOrder | undefined): Promise<z.infer<typeof PlacedView>> {
    const result = PlacedView.parse(await this.ask('/v1/orders', segment, order))
    this.placed.push(result)
    return result
  }

  async bundle(index: bigint | string): Promise<z.infer<typeof BatchBundleView>> {
    return BatchBundleView.parse(await this.ask(`/v1/batches/${index}`, 'retail'))
  }

  /** A bundle as a user keeps it: the body as it came, in a file. */
  async bundleFile(index: bigint | string): Promise<string> {
    const body: unknown = await this.ask(`/v1/batches/${index}/bundle`, 'retail')
    return this.write(`bundle-${index}.json`, JSON.stringify(body))
  }

  /** What the API says of a batch, with its state: no bundle. */
  async viewFile(index: bigint): Promise<string> {
    return this.write(`view-${index}.json`, JSON.stringify(await this.ask(`/v1/batches/${index}`, 'retail')))
  }

  /** An anchor in a file, as `fairlead anchor export` makes it. */
  async anchorFile(...args: readonly string[]): Promise<string> {
    const path = join(this.#dir, `anchor${args.join('')}.json`)
    const ran = await fairlead(['anchor', 'export', ...this.chainArgs, ...args, '--out', path])
    if (ran.exitCode !== 0) throw new Error(ran.stderr)
    return path
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.#dir, name)
    await writeFile(path, content)
    return path
  }

  /** The key that receipts of this ledger are signed with: for tests that cheat. */
  async signerKey(): Promise<string> {
    return (await loadSecrets(dataPaths(join(this.#dir, 'data')).secrets)).signerKey
  }

  async order(commitment: string): Promise<z.infer<typeof OrderStatusView>> {
    return OrderStatusView.parse(await this.ask(`/v1/orders/${commitment}`, 'operator'))
  }

  /** Asks the HTTP API. @returns the body, whatever the status. */
  async ask(path: string, holder: Segment | 'operator', body?: unknown): Promise<unknown> {
    const { http, keys } = this.#serving
    const answer = await fetch(`${http.url}${path}`, {
      headers: { authorization: `Bearer ${keys[holder]}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    return answer.json()
  }

  /** Indices of all batches that placed orders are in, in order. */
  get batches(): bigint[] {
    const indices = new Set(this.placed.map(({ receipt }) => BigInt(receipt.batch)))
    return [...indices].sort((a, b) => Number(a - b))
  }

  /** Resolves when the chain has accepted the batches of all orders so far. */
  async settled(): Promise<void> {
    await this.accepted(this.batches.at(-1) ?? 0n)
  }

  /** Resolves when the chain has accepted a batch, and with it all before it. */
  accepted(index: bigint): Promise<void> {
    const { service } = this.#serving.local
    return new Promise((resolve, reject) => {
      const done = () => {
        service.events.off('batch', onBatch)
        resolve()
      }
      const onBatch = (event: BatchEvent) => {
        if (event.state === 'quarantined') reject(new Error(`batch ${event.index} is quarantined`))
        if (event.index === index && isAccepted(event.state)) done()
      }
      service.events.on('batch', onBatch)
      service.batch(index).then((batch) => batch && isAccepted(batch.state) && done(), reject)
    })
  }

  /** Ends the service in order and starts it again on the same folder and ports. */
  async restart(): Promise<void> {
    await this.down()
    await this.up()
  }

  async down(): Promise<void> {
    await this.#serving.stop()
  }

  /** After {@link down}. */
  async up(): Promise<void> {
    this.#serving = await serveFrom(this.#dir, this.#ports)
  }

  /** Ends the service in order, lets somebody at its folder, and starts it again. */
  async paused<T>(use: (dataDir: string) => Promise<T>): Promise<T> {
    await this.#serving.stop()
    try {
      return await use(join(this.#dir, 'data'))
    } finally {
      this.#serving = await serveFrom(this.#dir, this.#ports)
    }
  }

  async stop(): Promise<void> {
    await this.#serving.stop()
    await rm(this.#dir, { recursive: true, force: true })
  }
}

/** A transaction a batch, however busy the machine: what tests bend is one batch's. */
const limits = { maxBatchesPerTransaction: 1 }

const serveFrom = (dir: string, ports: Place & Pick<ServeOptions, 'sealed'>): Promise<Serving> =>
  serve({
    ...ports,
    dataDir: join(dir, 'data'),
    host: '127.0.0.1',
    circuit: 'two-choice-4-8',
    limits,
    logLevel: 'error',
  })

let users = 0
let shared: Promise<World> | undefined

/** The world that all end-to-end files share; the last one to finish ends it. Call inside `describe`. */
export function sharedWorld(): () => World {
  users++
  let world: World | undefined
  before(async function () {
    this.timeout(300_000) // The first one builds the circuit, where nothing is cached.
    shared ??= World.start()
    world = await shared
  })
  after(async () => {
    users--
    if (users === 0) await (await shared)?.stop()
  })
  return () => {
    if (!world) throw new Error('the world is there in tests only')
    return world
  }
}
