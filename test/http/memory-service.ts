import { EventEmitter, once } from 'node:events'
import { SigningKey } from 'ethers'
import { hex32 } from '../../src/base/keccak.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { commitmentOf, type Order } from '../../src/order/order.ts'
import { type Receipt, receiptDigest } from '../../src/order/receipt.ts'
import { batchKeyOf } from '../../src/policy/keys.ts'
import { BatchRouter } from '../../src/route/route.ts'
import { startBatch } from '../../src/route/start.ts'
import { genesisStates } from '../../src/route/state.ts'
import type {
  BatchBundle,
  Caller,
  ChainAnswer,
  ChainCall,
  EpochEnding,
  OrderOutcome,
  OrderRefusal,
  OrderStatus,
  ProofJob,
  ReadinessCheck,
  ServiceApi,
  SignedReceipt,
  SignedReport,
  StreamEvent,
  Watching,
} from '../../src/service/api.ts'
import { ServiceError } from '../../src/service/errors.ts'
import { type BatchState, isAccepted } from '../../src/statement/batch-state.ts'
import { inclusionPath, orderRoot, recordHash, termsHash } from '../../src/statement/record.ts'
import { encodeStatement, type Statement, statementHash } from '../../src/statement/statement.ts'
import { routeBatch } from '../../src/witness/witness.ts'
import { element } from '../helpers/fixtures.ts'
import type { Happened, MemoryBatch } from './memory-batch.ts'
import { ACCOUNT, DOMAIN, inForce, largestOf, memoryPolicy, SHAPE } from './memory-policy.ts'

const ELAPSED = 2n ** 40n - 1n
const START = 1_515_053_700_000_000n

/**
 * A service in memory: it routes with the pure router and signs real receipts, but keeps nothing, proves nothing and sees no chain. Tests move its
 * batches by hand.
 */
export class MemoryService implements ServiceApi {
  readonly #policy = memoryPolicy()
  readonly #batches: MemoryBatch[] = []
  readonly #jobs = new Map<string, ProofJob>()
  readonly #happened: Happened[] = []
  readonly #told = new EventEmitter().setMaxListeners(0)
  /** Events that are deleted; their ids are 1 to this. */
  pruned = 0n
  readonly #signer = new SigningKey(hex32(element(50)))
  readonly #separator = domainSeparator(DOMAIN)
  #states = genesisStates(SHAPE.shards)
  #ending: EpochEnding | undefined
  /** ms that back-pressure asks callers to wait; none when undefined. */
  backPressureMs: number | undefined
  /** Thrown by every call while it is set. */
  failure: unknown
  checks: ReadinessCheck[] = [{ name: 'chain', ok: true, message: 'seen' }]

  async submitOrders(orders: readonly Order[], caller: Caller): Promise<OrderOutcome[]> {
    this.#check()
    return orders.map((order) => this.#submit(order, caller))
  }

  async submitReport({ shard }: SignedReport): Promise<bigint> {
    this.#check()
    if (shard >= SHAPE.shards) throw new ServiceError('REPORT_REFUSED', `shard ${shard} does not report`)
    return 0n
  }

  /** Closes the open batch, if any. */
  close(): void {
    const batch = this.#batches.at(-1)
    if (batch?.state !== 'open') return
    const { statement, after } = routeBatch({
      policy: this.#policy,
      key: element(1),
      seed: element(2),
      batchIndex: batch.index,
      orderCounter: 0n,
      time: START + batch.index,
      elapsed: ELAPSED,
      served: this.#policy.shards.map(() => ELAPSED),
      before: batch.before,
      blindBefore: 0n,
      blindAfter: element(3),
      orders: batch.orders,
    })
    this.#states = [...after]
    batch.statement = statement
    this.#enter(batch, 'closed')
  }

  /** Moves a closed batch on. */
  move(index: bigint, state: BatchState): void {
    const batch = this.#batches[Number(index)]
    if (batch) this.#enter(batch, state)
  }

  /** Moves a proof job on. */
  moveJob(id: string, change: Partial<ProofJob>): void {
    const job = this.#jobs.get(id)
    if (job) this.#setJob({ ...job, ...change })
  }

  async orderStatus(commitment: bigint, reader?: Pick<Caller, 'keyId'>): Promise<OrderStatus | undefined> {
    this.#check()
    const entries = this.#batches.flatMap((batch) =>
      batch.receipts
        .filter(({ slot }) => reader === undefined || batch.senders[slot] === reader.keyId)
        .filter((receipt) => receipt.commitment === commitment)
        .map((receipt) => {
          const { statement, state } = batch
          if (!statement || (state !== 'accepted' && state !== 'final')) return { receipt, batchState: state }
          const path = inclusionPath(statement, receipt.slot)
          const inclusion = { orderRoot: orderRoot(statement), path, record: this.#record(statement) }
          return { receipt, batchState: state, inclusion }
        }),
    )
    return entries.length === 0 ? undefined : { commitment, entries }
  }

  async batches({ before, limit }: { before?: bigint; limit: number }) {
    this.#check()
    const below = this.#batches.filter(({ index }) => before === undefined || index < before)
    return below
      .reverse()
      .slice(0, limit)
      .map((batch) => this.#summary(batch))
  }

  async batch(index: bigint): Promise<BatchBundle | undefined> {
    this.#check()
    const batch = this.#batches[Number(index)]
    if (!batch) return undefined
    const bundle = { ...this.#summary(batch), ...DOMAIN, signer: ACCOUNT }
    const { statement, state } = batch
    if (!statement) return bundle
    const parts = { orderRoot: orderRoot(statement), terms: termsHash(statement, ACCOUNT) }
    const v = encodeStatement(SHAPE, statement)
    const closed = { ...bundle, ...parts, statement, statementHash: statementHash(v) }
    if (state !== 'accepted') return closed
    return {
      ...closed,
      record: this.#record(statement),
      head: hex32(6n),
      signature: this.#signer.sign(statementHash(v)).serialized,
      proof: {
        words: [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n],
        digest: element(1),
        alpha: element(2),
        y: element(3),
        beneficiary: ACCOUNT,
        verifierId: hex32(7n),
      },
    }
  }

  async requestProof(batchIndex: bigint): Promise<ProofJob> {
    this.#check()
    const batch = this.#batches[Number(batchIndex)]
    if (!batch) throw new ServiceError('BATCH_NOT_FOUND', 'there is no batch with this index')
    if (batch.state === 'open') throw new ServiceError('BATCH_NOT_CLOSED', 'the batch is still open')
    const id = `00000000-0000-4000-8000-${batchIndex.toString().padStart(12, '0')}`
    const known = this.#jobs.get(id)
    if (known && known.state !== 'cancelled') return known
    return this.#setJob({ id, batchIndex, state: 'queued', attempts: 0 })
  }

  async cancelProof(id: string): Promise<ProofJob | undefined> {
    this.#check()
    const job = this.#jobs.get(id)
    if (!job || job.state === 'cancelled') return job
    if (job.state === 'done' || job.state === 'failed') throw new ServiceError('PROOF_JOB_OVER', 'the job is over')
    return this.#setJob({ ...job, state: 'cancelled' })
  }

  async newestEvent(): Promise<bigint> {
    this.#check()
    return BigInt(this.#happened.length)
  }

  async *watch({ after, receiptsOf }: Watching, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    this.#check()
    let at = after
    if (at < this.pruned || at > BigInt(this.#happened.length)) {
      at = at < this.pruned ? this.pruned : BigInt(this.#happened.length)
      yield { id: at, kind: 'gap' }
    }
    for (; !signal.aborted; ) {
      const next = this.#happened[Number(at)]
      if (!next) {
        await once(this.#told, 'event', { signal }).catch(() => {})
        continue
      }
      at += 1n
      const { keyId, ...event } = next
      if (keyId === undefined || receiptsOf === 'everybody' || (receiptsOf !== 'nobody' && receiptsOf.keyId === keyId))
        yield { ...event, id: at } as StreamEvent // the union is lost where the id is put in
    }
  }

  async watchProof(id: string, after: bigint | undefined, signal: AbortSignal) {
    this.#check()
    const job = this.#jobs.get(id)
    return job && { job, events: this.#watchJob(job, after, signal) }
  }

  async *#watchJob(job: ProofJob, after: bigint | undefined, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    const now = BigInt(this.#happened.length)
    const over = ({ state }: ProofJob) => state !== 'queued' && state !== 'running'
    if (after === undefined) {
      yield { id: now, kind: 'proof', job }
      if (over(job)) return
    } else if (over(job) && after >= now) return
    for await (const event of this.watch({ after: after ?? now, receiptsOf: 'nobody' }, signal)) {
      if (event.kind !== 'proof' || event.job.id !== job.id) continue
      yield event
      if (over(event.job)) return
    }
  }

  #setJob(job: ProofJob): ProofJob {
    this.#jobs.set(job.id, job)
    this.#tell({ kind: 'proof', job })
    return job
  }

  #enter(batch: MemoryBatch, state: BatchState): void {
    batch.state = state
    const { circuit: _, ...change } = this.#summary(batch)
    this.#tell({ kind: 'batch', batch: change })
  }

  #tell(event: Happened): void {
    this.#happened.push(event)
    this.#told.emit('event')
  }

  async proofJob(id: string): Promise<ProofJob | undefined> {
    this.#check()
    return this.#jobs.get(id)
  }

  async changeEpoch(nextSealed = false): Promise<EpochEnding> {
    this.#check()
    const { epoch } = inForce(this.#policy)
    if (!this.#batches.some(({ state }) => isAccepted(state)))
      throw new ServiceError('EPOCH_CHANGE_REFUSED', 'the ledger would not take the next epoch: EpochWaiting')
    this.#ending ??= { epoch, end: BigInt(this.#batches.length), nextSealed }
    return this.#ending
  }

  async policy() {
    this.#check()
    return inForce(this.#policy)
  }

  async shards() {
    this.#check()
    return this.#states.map(({ open, fee }, shard) => ({ shard, open, fee, settlement: ACCOUNT, assigned: 0 }))
  }

  async status() {
    this.#check()
    const receipts = this.#batches.flatMap((batch) => batch.receipts)
    const deferred = receipts.filter(({ assignment }) => assignment === 0).length
    return {
      receipts: receipts.length,
      accepted: receipts.length - deferred,
      deferred,
      batchesOpenToSent: this.#batches.length,
      head: { epoch: 1n, nextIndex: 0n, state: 0n, time: 0n, orderCounter: 0n, counters: [0n, 0n, 0n, 0n] },
    }
  }

  async readiness() {
    this.#check()
    return this.checks
  }

  async chainPlace() {
    this.#check()
    return { ...DOMAIN, registry: ACCOUNT }
  }

  async askChain(calls: readonly ChainCall[]): Promise<ChainAnswer[]> {
    this.#check()
    return calls.map(({ method }) =>
      method === 'eth_chainId'
        ? { result: `0x${DOMAIN.chainId.toString(16)}` }
        : { error: { code: 3, message: 'execution reverted', data: '0x08c379a0' } },
    )
  }

  get largest() {
    return largestOf(this.#policy)
  }

  #check(): void {
    if (this.failure !== undefined) throw this.failure
  }

  #submit(order: Order, caller: Caller): OrderOutcome {
    const commitment = commitmentOf(order)
    const refuse = (code: OrderRefusal['code'], facts: Omit<OrderRefusal, 'code' | 'message'> = {}): OrderOutcome => ({
      status: 'refused',
      commitment,
      refusal: { code, message: 'refused', ...facts },
    })
    if (order.segment !== caller.segment) return refuse('SEGMENT_MISMATCH')
    const largest = this.largest[order.segment]
    if (order.size > largest) return refuse('ORDER_TOO_LARGE', { largestSize: largest })
    const known = this.#batches.flatMap(({ state, receipts, senders }) =>
      receipts
        .filter((r) => r.commitment === commitment)
        .map((receipt) => ({ state, receipt, own: senders[receipt.slot] === caller.keyId })),
    )
    const standing = ({ own, receipt }: { own: boolean; receipt: SignedReceipt }) => (own ? { receipt } : {})
    const accepted = known.find(({ receipt }) => receipt.assignment > 0)
    if (accepted) return refuse('ORDER_ALREADY_ACCEPTED', standing(accepted))
    const here = known.find(({ state }) => state === 'open')
    if (here) return refuse('ORDER_ALREADY_IN_BATCH', standing(here))
    if (this.backPressureMs !== undefined) return refuse('BACK_PRESSURE', { retryAfterMs: this.backPressureMs })
    return this.#place(order, commitment, caller.keyId)
  }

  #place(order: Order, commitment: bigint, keyId: string): OrderOutcome {
    const batch = this.#open()
    const assignment = batch.router.assign(order, commitment)
    const slot = batch.receipts.length
    const plain: Receipt = { epoch: 1n, batch: batch.index, slot, commitment, assignment, time: START + batch.index }
    const receipt = { ...plain, signature: this.#signer.sign(receiptDigest(this.#separator, plain)).serialized }
    batch.orders.push(order)
    batch.receipts.push(receipt)
    batch.senders.push(keyId)
    this.#tell({ kind: 'receipts', receipts: [receipt], keyId })
    if (batch.orders.length === SHAPE.slots) this.close()
    return { status: assignment === 0 ? 'deferred' : 'accepted', commitment, receipt }
  }

  #open(): MemoryBatch {
    const last = this.#batches.at(-1)
    if (last?.state === 'open') return last
    const before = this.#states
    const start = startBatch(
      this.#policy,
      before,
      before.map(() => ELAPSED),
    )
    const router = new BatchRouter(this.#policy, start, {
      batchKey: batchKeyOf(element(1), element(2)),
      orderCounter: 0n,
    })
    const index = BigInt(this.#batches.length)
    const batch: MemoryBatch = { state: 'open', index, router, before, orders: [], receipts: [], senders: [] }
    this.#batches.push(batch)
    this.#enter(batch, 'open')
    return batch
  }

  #summary({ index, state, receipts }: MemoryBatch) {
    const deferred = receipts.filter(({ assignment }) => assignment === 0).length
    const circuit = 'two-choice-4-8'
    return { epoch: 1n, index, state, time: START + index, count: receipts.length, deferred, circuit }
  }

  #record(statement: Statement): string {
    const v = statementHash(encodeStatement(SHAPE, statement))
    return recordHash({
      orderRoot: orderRoot(statement),
      statementHash: v,
      head: hex32(6n),
      terms: termsHash(statement, ACCOUNT),
    })
  }
}
