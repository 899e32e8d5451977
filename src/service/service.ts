import type { Registry } from 'prom-client'
import type { Order } from '../order/order.ts'
import type {
  BatchBundle,
  BatchSummary,
  Caller,
  ChainAnswer,
  ChainCall,
  ChainPlace,
  EpochEnding,
  OrderOutcome,
  OrderStatus,
  PolicyView,
  ProofJob,
  ReadinessCheck,
  ServiceApi,
  ServiceStatus,
  ShardView,
  SignedReport,
  StreamEvent,
  WatchedProof,
  Watching,
} from './api.ts'
import { cancelJob, renewJob } from './cancellation.ts'
import { genesisHead } from './chain-agreement.ts'
import { DutyRole } from './duty-role.ts'
import { assertChangeable } from './epoch-change.ts'
import { EpochWatch } from './epoch-watch.ts'
import { ServiceError } from './errors.ts'
import { EventFeed } from './event-feed.ts'
import { ServiceBus } from './events.ts'
import { Gate, STOP_CAUSES } from './gate.ts'
import { JobQueue } from './job-queue.ts'
import { Lease } from './lease.ts'
import { serviceMetrics } from './metrics.ts'
import { Pressure } from './pressure.ts'
import { ProverRole } from './prover-role.ts'
import { releaseQuarantined } from './quarantine.ts'
import { takeReport } from './reports.ts'
import { Router } from './router.ts'
import { SealerRole } from './sealer-role.ts'
import type { ServiceParts } from './service-parts.ts'
import { acceptedHead, laneCounters } from './store/counters.ts'
import { endingOf } from './store/epoch-ends.ts'
import { ensureEpoch } from './store/epochs.ts'
import { batchAt, lastBatch } from './store/lane-reads.ts'
import { proofByJob } from './store/proofs.ts'
import { SubmitterRole } from './submitter-role.ts'
import { batchPage, bundleOf, shardViews, statusOf } from './views.ts'
import { WatcherRole } from './watcher-role.ts'
import { WitnessCheck } from './witness-check.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The service in one process: router, prover, submitter and watcher over one database, behind {@link ServiceApi}. */
export class FairleadService implements ServiceApi {
  /** What happens, as it happens. */
  readonly events: ServiceBus
  readonly metrics: Registry
  /** Resolves when nothing of the epoch is left to do and the next one is open for good: then the service has to be opened again, which brings it there. */
  readonly over: Promise<void>
  /** For what shares the database with the service, such as API keys. */
  readonly database: ServiceParts['database']
  readonly #parts: ServiceParts
  readonly #queue: JobQueue
  readonly #lease: Lease
  readonly #gate: Gate
  readonly #router: Router
  readonly #pressure: Pressure
  readonly #feed: EventFeed
  #stopped: Promise<void> | undefined
  /** In the order in which they start; they stop in this order too, as work flows from each to the next. */
  readonly #roles: readonly { start(): Promise<void>; stop(): Promise<void> }[]

  private constructor(parts: ServiceParts, queue: JobQueue) {
    const { database, context, config, clock, log, exclusive } = parts
    const { limits } = config
    const bus = new ServiceBus()
    const gate = new Gate((cause, stopped) => bus.emit('gate', { cause, stopped }))
    for (const cause of ['starting', 'chain'] as const) gate.set(cause, true)
    const lease = new Lease(database.db, limits.leaseMs)
    const shards = context.policy.shards.length
    const shared = { database, context, queue, bus, gate, clock, log, lease }
    this.#parts = parts
    this.#queue = queue
    this.#lease = lease
    this.#gate = gate
    this.events = bus
    this.over = new Promise((resolve) => bus.on('epoch', ({ state }) => state === 'over' && resolve()))
    this.database = database
    this.#pressure = new Pressure({ ...shared, ...limits, deadlineS: parts.deadlineS })
    this.#feed = new EventFeed({ ...shared, signer: parts.signer })
    const check = new WitnessCheck({ ...shared, ...parts, maxUnchecked: limits.maxUnchecked })
    const { finalityDepth } = parts
    const epoch = new EpochWatch({ ...shared, chain: parts.reader, finalityDepth })
    const sealer = parts.sealing && new SealerRole({ ...shared, ...parts.sealing, ...limits, finalityDepth, check })
    const { signReceipts, signer } = parts
    this.#router = new Router({ ...shared, signReceipts, signer, limits, check: sealer ?? check, epoch })
    const prover = new ProverRole({ ...shared, prover: parts.prover, beneficiary: parts.beneficiary })
    const submitter = new SubmitterRole({
      ...{ ...shared, ...parts },
      chain: parts.writer,
      ledger: parts.reader,
      epoch,
      maxBatches: limits.maxBatchesPerTransaction,
      repriceAfterMs: limits.repriceAfterMs,
    })
    const watcher = new WatcherRole({
      ...shared,
      chain: parts.reader,
      finalityDepth,
      shards,
      everyMs: limits.chainLookMs,
    })
    const runs = (role: (typeof config.roles)[number]) => config.roles.includes(role)
    const router = this.#router
    const duties =
      parts.around && new DutyRole({ ...shared, ...parts.around, chain: parts.reader, finalityDepth, router })
    this.#roles = [
      // First: what is void does not stand before what comes.
      epoch,
      ...(runs('router') ? [this.#router, check] : []),
      ...(sealer && runs('router') ? [sealer] : []),
      ...(runs('prover') ? [{ start: () => prover.start(exclusive), stop: () => prover.stop() }] : []),
      ...(runs('submitter') ? [submitter] : []),
      // With the router, of which there is one.
      ...(duties && runs('router') ? [duties] : []),
      watcher,
      this.#pressure,
      this.#feed,
    ]
    this.metrics = serviceMetrics({
      bus,
      underWay: () => this.#pressure.underWay,
      waiting: () => this.#router.waiting,
    })
  }

  /**
   * Starts a service on parts that are open already; {@link stop} does not close them, but what the parts' `close` closes.
   * @throws ServiceError LEASE_LOST when another router keeps the lane, CHAIN_MISMATCH when the database is of another ledger.
   */
  static async start(parts: ServiceParts): Promise<FairleadService> {
    const { database, context, config, log } = parts
    const queue = await JobQueue.start(database, config.limits.proofLeaseS, (err) =>
      log.warn({ err }, 'job queue maintenance'),
    )
    const service = new FairleadService(parts, queue)
    try {
      await ensureEpoch(database.db, context.domain, context)
      if (config.roles.includes('router')) await service.#lease.take(parts.exclusive)
      for (const role of service.#roles) await role.start()
      await service.#pressure.look()
    } catch (error) {
      await service.stop()
      throw error
    }
    service.#gate.set('starting', false)
    log.info({ epoch: `${context.epoch}`, circuit: context.circuit.name, roles: config.roles }, 'the service runs')
    return service
  }

  /** Takes no more orders, ends the work at hand, leaves everything else durable, and closes what the service opened. May be called twice. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    this.#gate.set('stopping', true)
    for (const role of this.#roles) await role.stop()
    await this.#lease.release()
    await this.#queue.stop()
    await this.#parts.close()
  }

  submitOrders(orders: readonly Order[], caller: Caller): Promise<OrderOutcome[]> {
    return this.#router.submit(orders, caller)
  }

  async submitReport(report: SignedReport): Promise<bigint> {
    const { database, context, clock } = this.#parts
    await takeReport(database.db, context, clock, report)
    const last = await lastBatch(database.db)
    return (last?.opening.epoch === context.epoch ? last.opening.counters[report.shard] : undefined) ?? 0n
  }

  orderStatus = (commitment: bigint, reader?: Pick<Caller, 'keyId'>): Promise<OrderStatus | undefined> =>
    statusOf({ ...this.#views, signer: this.#parts.signer }, commitment, reader)

  batches = (page: { before?: bigint; limit: number }): Promise<BatchSummary[]> => batchPage(this.#views, page)

  batch = (index: bigint): Promise<BatchBundle | undefined> => bundleOf(this.#views, index)

  async requestProof(index: bigint): Promise<ProofJob> {
    const { db } = this.#parts.database
    const job = await renewJob(db, this.#queue, index)
    if (job) return job
    const found = await batchAt(db, index)
    if (found) throw new ServiceError('BATCH_NOT_CLOSED', `batch ${index} is still ${found.state}`)
    throw new ServiceError('BATCH_NOT_FOUND', `there is no batch ${index}`)
  }

  async proofJob(id: string): Promise<ProofJob | undefined> {
    return UUID.test(id) ? (await proofByJob(this.#parts.database.db, id))?.job : undefined
  }

  async cancelProof(id: string): Promise<ProofJob | undefined> {
    return UUID.test(id) ? cancelJob(this.#parts.database.db, this.#queue, id) : undefined
  }

  newestEvent = (): Promise<bigint> => this.#feed.newest()

  watch = (watching: Watching, signal: AbortSignal): AsyncIterable<StreamEvent> => this.#feed.watch(watching, signal)

  async watchProof(id: string, after: bigint | undefined, signal: AbortSignal): Promise<WatchedProof | undefined> {
    return UUID.test(id) ? this.#feed.watchProof(id, after, signal) : undefined
  }

  async changeEpoch(nextSealed = this.#parts.context.sealedMode): Promise<EpochEnding> {
    const { context, database, reader, epochs: writer } = this.#parts
    const { epoch } = context
    const decided = await endingOf(database.db, epoch)
    if (decided) return decided
    const last = await lastBatch(database.db)
    // The router may open more before it decides; that the ledger takes as well.
    const end = last ? last.opening.index + 1n : context.firstBatch
    await assertChangeable({ reader, writer }, { epoch, end, nextSealed })
    return this.#router.endEpoch(nextSealed)
  }

  async policy(): Promise<PolicyView> {
    const { epoch, policy, published, multipliers, policyHash, ...context } = this.#parts.context
    const { domain, signer, keyCommit, seed, sealedMode, largestSize } = context
    const weights = policy.shards.map((shard) => shard.weights)
    const inForce = { policy: published, multipliers: multipliers.map(Number), weights }
    return { epoch, ...inForce, policyHash, ...domain, signer, keyCommit, seed, sealedMode, largestSize }
  }

  shards = (): Promise<ShardView[]> => shardViews(this.#views)

  async status(): Promise<ServiceStatus> {
    const { db } = this.#parts.database
    const shards = this.#parts.context.policy.shards.length
    const [counters, head] = await Promise.all([laneCounters(db), acceptedHead(db)])
    return {
      ...counters,
      batchesOpenToSent: this.#pressure.underWay.unaccepted,
      ...(head && { lastAcceptedBatch: head.nextIndex - 1n }),
      head: head ?? genesisHead(shards),
    }
  }

  /** One check for each cause that can stop receipts, and whether this process can prove, if that is its part. */
  async readiness(): Promise<ReadinessCheck[]> {
    const causes = STOP_CAUSES.filter((cause) => cause !== 'queue').map((name) => {
      const stop = this.#gate.stopOf(name)
      return { name, ok: stop === undefined, message: stop?.message ?? 'ok' }
    })
    if (!this.#parts.config.roles.includes('prover')) return causes
    return [...causes, { name: 'prover', ...(this.#parts.prover.health?.() ?? { ok: true, message: 'ok' }) }]
  }

  chainPlace = async (): Promise<ChainPlace> => this.#parts.chain.place

  askChain = (calls: readonly ChainCall[]): Promise<ChainAnswer[]> => this.#parts.chain.ask(calls)

  /** A person's decision on a quarantined batch: try its proof and transaction again. @throws ServiceError BATCH_NOT_FOUND when it is not quarantined. */
  retryBatch(index: bigint): Promise<void> {
    return releaseQuarantined(this.#parts.database.db, this.#queue, index)
  }

  get #views() {
    return { db: this.#parts.database.db, context: this.#parts.context }
  }
}
