/** A service on test doubles: a prover that proves nothing, a chain of one's own (test-chain.ts), one database for a whole file. */
import { computeAddress, type SigningKey } from 'ethers'
import { sql } from 'kysely'
import { keccakWords } from '../../src/base/keccak.ts'
import { SendingTurn } from '../../src/chain/sending-turn.ts'
import type { Order } from '../../src/order/order.ts'
import { keyCommitmentOf } from '../../src/policy/keys.ts'
import { fullMultipliers } from '../../src/policy/multiplied.ts'
import type { Policy, PublishedPolicy } from '../../src/policy/policy.ts'
import { ProverError } from '../../src/proof/error.ts'
import type { ProvenStatement } from '../../src/proof/prover.ts'
import type { Caller, OrderOutcome } from '../../src/service/api.ts'
import { ChainWindow } from '../../src/service/chain-window.ts'
import type { Clock } from '../../src/service/clock.ts'
import { Limits } from '../../src/service/config.ts'
import type { BatchEvent } from '../../src/service/events.ts'
import type { StopCause } from '../../src/service/gate.ts'
import { type LaneContext, laneContext } from '../../src/service/lane-context.ts'
import { createLog } from '../../src/service/log.ts'
import type { BatchOpening } from '../../src/service/open-batch.ts'
import type { CheckedBatch, ChecksWitness, Proves } from '../../src/service/ports.ts'
import { EpochSigner } from '../../src/service/receipt-signer.ts'
import { FairleadService } from '../../src/service/service.ts'
import type { ServiceParts } from '../../src/service/service-parts.ts'
import { type Database, openPGlite, openPostgres } from '../../src/service/store/database.ts'
import type { StoredBatch } from '../../src/service/store/rows.ts'
import type { BatchState } from '../../src/statement/batch-state.ts'
import type { CircuitInputs } from '../../src/witness/witness.ts'
import { element, orderFixture, policyFixture } from '../helpers/fixtures.ts'
import { OPEN_END, TestChain } from './test-chain.ts'

const LEDGER = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
export const SIGNER_KEY = keccakWords([42n])
export const T0 = 1_515_053_700_000_000n

/** PostgreSQL when FAIRLEAD_TEST_DATABASE_URL names one (its `public` and `pgboss` schemas are emptied), else PGlite in memory. */
export function openTestDatabase(): Promise<Database> {
  const url = process.env.FAIRLEAD_TEST_DATABASE_URL
  return url === undefined ? openPGlite() : openPostgres(url)
}

let shared: Promise<Database> | undefined
/** One for all suites of the process: opening one takes seconds. */
const sharedDatabase = (): Promise<Database> => (shared ??= openTestDatabase())
// Benches take parts of this, without a suite to end.
if ('after' in globalThis) after(async () => (await shared)?.close())

/** Empties a database between tests. */
export async function emptyDatabase({ db, pool }: Database): Promise<void> {
  await sql`truncate epoch, batch, entry, proof, submission, report, shard_total, event cascade`.execute(db)
  await sql`update lane set term = 0, holder = null, receipts = 0, accepted = 0, deferred = 0`.execute(db)
  await pool.query(`do $$ begin if to_regclass('pgboss.job') is not null then delete from pgboss.job; end if; end $$`)
}

/** A clock that moves when it is told to, and by a millisecond whenever it is read. */
export class TestClock {
  #now = T0
  readonly read: Clock = () => (this.#now += 1000n)
  advance(ms: number): void {
    this.#now += BigInt(ms) * 1000n
  }
}

/** Says that it proved what it was asked to; can be told to fail, and to wait. */
export class TestProver implements Proves {
  readonly inputs: CircuitInputs[] = []
  failWith: Error | undefined
  paused = false

  prove(_circuit: string, inputs: CircuitInputs, options: { signal?: AbortSignal } = {}): Promise<ProvenStatement> {
    this.inputs.push(inputs)
    if (this.failWith) return Promise.reject(this.failWith)
    const { signal } = options
    if (this.paused)
      return new Promise((_, reject) => {
        const abort = () => reject(new ProverError('PROOF_CANCELLED', 'cancelled'))
        if (signal?.aborted) abort()
        signal?.addEventListener('abort', abort)
      })
    const publicSignals = ['digest', 'alpha', 'y'].map((name) => inputs[name]).filter((s) => typeof s === 'bigint')
    const proof = {
      a: [1n, 2n],
      b: [
        [1n, 2n],
        [3n, 4n],
      ],
      c: [5n, 6n],
    } as const
    return Promise.resolve({ proof, publicSignals, witnessMs: 1, proveMs: 2 })
  }
}

/** Finds a witness for every batch, but for those it is told not to; can be told to wait. */
export class TestWitness implements ChecksWitness {
  /** Indices in the order of the checks. */
  readonly checked: bigint[] = []
  readonly refuse = new Set<bigint>()
  failWith: Error | undefined
  #paused: (() => void)[] | undefined

  async check({ witness: { batchIndex } }: CheckedBatch, signal: AbortSignal): Promise<string | undefined> {
    this.checked.push(batchIndex)
    if (this.failWith) throw this.failWith
    const paused = this.#paused
    if (paused)
      await new Promise<void>((resolve, reject) => {
        paused.push(resolve)
        signal.addEventListener('abort', () => reject(new ProverError('PROVER_CRASHED', 'ended')))
      })
    return this.refuse.has(batchIndex) ? 'WITNESS_UNSATISFIED' : undefined
  }

  pause(): void {
    this.#paused ??= []
  }
  resume(): void {
    const waiting = this.#paused ?? []
    this.#paused = undefined
    for (const go of waiting) go()
  }
}

export interface TestSetup {
  readonly slots?: number
  readonly policy?: Policy
  readonly limits?: Partial<Limits>
  readonly change?: Partial<ServiceParts>
  readonly epoch?: bigint
  readonly fromReset?: boolean
  /** In sealed mode. */
  readonly sealed?: boolean
  /** The chain that is there already. */
  readonly chain?: TestChain
  /** Of every shard's report signer. */
  readonly reportKey?: SigningKey
  /** First index past the epoch before, which was abandoned. */
  readonly endBefore?: bigint
}

/** The lane of the tests: S = 4. */
export function testContext(setup: TestSetup = {}): LaneContext {
  const { slots = 8, policy = policyFixture(4), epoch: number = 1n, fromReset = false, sealed = false } = setup
  const key = element(1)
  const published: PublishedPolicy = {
    ...policy,
    settlements: policy.shards.map(() => LEDGER),
    reportSigners: policy.shards.map(() => (setup.reportKey ? computeAddress(setup.reportKey.publicKey) : LEDGER)),
  }
  const domain = { chainId: 31337n, ledger: LEDGER }
  const shape = { shards: policy.shards.length, slots }
  const circuit = { name: 'test', shape, verifierId: keccakWords([7n]) }
  const fixed = { keyCommit: keyCommitmentOf(key), seed: element(2 * Number(number)), signer: LEDGER }
  const epoch = { epoch: number, firstBatch: 0n, ...fixed, fromReset, sealedMode: sealed }
  const weighed = { policy: published, published, multipliers: fullMultipliers(policy.shards.length) }
  return laneContext({ ...epoch, ...weighed, domain, circuit, key, minInterval: 1000n })
}

/** Starts a service; the doubles are given back for the test to play with. */
export async function startTestService(database: Database, setup: TestSetup = {}) {
  const context = testContext(setup)
  const doubles = {
    clock: new TestClock(),
    prover: new TestProver(),
    witness: new TestWitness(),
    chain: setup.chain ?? new TestChain(),
    lines: [] as string[],
  }
  doubles.chain.running = context.epoch
  if (setup.endBefore !== undefined)
    doubles.chain.ends.set(context.epoch - 1n, { ...OPEN_END, end: setup.endBefore, abandoned: true })
  const signer = new EpochSigner(SIGNER_KEY, context.separator)
  const service = await FairleadService.start({
    config: { roles: ['router', 'prover', 'submitter'], limits: Limits.parse({ chainLookMs: 20, ...setup.limits }) },
    database,
    exclusive: true,
    context,
    signer,
    signReceipts: signer.receipts,
    reader: doubles.chain,
    chain: new ChainWindow('http://127.0.0.1:1', { ...context.domain, registry: LEDGER }),
    writer: doubles.chain,
    epochs: doubles.chain,
    sealing: context.sealedMode ? sealingOn(doubles.chain) : undefined,
    prover: doubles.prover,
    verify: async () => true,
    witness: doubles.witness,
    verifier: 0,
    beneficiary: LEDGER,
    deadlineS: 600,
    finalityDepth: 3,
    clock: doubles.clock.read,
    log: createLog('debug', { write: (line) => doubles.lines.push(line) }),
    close: async () => {},
    ...setup.change,
  })
  await whenReady(service)
  return { service, context, ...doubles }
}

const sealingOn = (chain: TestChain) => ({
  chain: {
    blockNumber: () => chain.blockNumber(),
    block: (number: number) => chain.blockAt(number),
    seal: (epoch: bigint, index: bigint) => chain.seal(epoch, index),
    transaction: (hash: string) => chain.transaction(hash),
  },
  writer: chain,
  turn: new SendingTurn(),
})

async function whenReady(service: FairleadService): Promise<void> {
  await gated(service, 'chain', false)
  await gated(service, 'starting', false)
}

/** A batch with all that routing it takes. */
export function openingOf({ opening, basis }: StoredBatch): BatchOpening {
  if (!basis) throw new Error('the batch is not drawn')
  return { ...opening, ...basis }
}

export const callerOf = (order: Order): Caller => ({ keyId: 'test', segment: order.segment })

/** The i-th order of fixtures, as a retail order that fits. */
export const retail = (i: number): Order => ({ ...orderFixture(i), segment: 'retail', size: 1 + (i % 500) })
export const RETAIL: Caller = { keyId: 'test', segment: 'retail' }

/** Codes of refusals, or the statuses. */
export const verdicts = (outcomes: readonly OrderOutcome[]): string[] =>
  outcomes.map((outcome) => (outcome.status === 'refused' ? outcome.refusal.code : outcome.status))

/** Resolves when a batch reaches a state, though it may have left it by then. */
export function reached(service: FairleadService, index: bigint, state: BatchState): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      service.events.off('batch', onBatch)
      resolve()
    }
    const onBatch = (event: BatchEvent) => {
      if (event.index === index && event.state === state) done()
    }
    service.events.on('batch', onBatch)
    service.batch(index).then((batch) => batch?.state === state && done(), reject)
  })
}

/** Resolves when the proof of a closed batch is there. */
export async function proved(service: FairleadService, index: bigint): Promise<void> {
  for (;;) {
    const changed = new Promise((resolve) => service.events.once('proof', resolve))
    if ((await service.requestProof(index)).state === 'done') return
    await changed
  }
}

/** Resolves when a cause stops receipts, or lets them go on. */
export async function gated(service: FairleadService, cause: StopCause, stopped = true): Promise<void> {
  const holds = async () => (await service.readiness()).some(({ name, ok }) => name === cause && ok !== stopped)
  for (;;) {
    // Listen before looking: the embedded database may move things on between the two.
    const changed = new Promise((resolve) => service.events.once('gate', resolve))
    if (await holds()) return
    await changed
  }
}

/** The suites' database, emptied before each test, and a way to start services on it that are stopped after each test. @param defaults of every start. */
export function useServices(defaults: TestSetup = {}) {
  const running: FairleadService[] = []
  let database: Database | undefined
  before(async () => {
    database = await sharedDatabase()
  })
  beforeEach(() => emptyDatabase(opened()))
  afterEach(async () => {
    for (const service of running.splice(0)) await service.stop()
  })
  const opened = (): Database => {
    if (!database) throw new Error('the suite has not begun')
    return database
  }
  const start = async (setup: TestSetup = {}) => {
    const started = await startTestService(opened(), { ...defaults, ...setup })
    running.push(started.service)
    return started
  }
  const stop = async (service: FairleadService) => {
    running.splice(running.indexOf(service), 1)
    await service.stop()
  }
  return { database: opened, start, stop }
}
