import type { SigningDomain } from '../order/domain.ts'
import type { Segment } from '../order/order.ts'
import type { BatchState } from '../statement/batch-state.ts'
import { abortable } from './abort.ts'
import { ClientError } from './error.ts'
import { entryAt, follow as followBatches, type Milestone, type Patience } from './follow.ts'
import { type CheckedInclusion, checkOpening, openingFromChain, openingFromService } from './inclusion.ts'
import { NewsDesk, type Waiter } from './news.ts'
import { MOST_ORDERS, type PlacedOrder, type Placement, placeOrders } from './place.ts'
import { type NewOrder, type PreparedOrder, prepareOrder } from './prepare.ts'
import { type VerifiedReceipt, verifyReceipt } from './receipt.ts'
import { type Frame, frames, type StreamPlace } from './stream.ts'
import type { Transport } from './transport.ts'
import type { Anchor } from './trust.ts'
import {
  BatchBundle,
  type BatchChange,
  BatchPage,
  type BatchSummary,
  OrderStatus,
  PolicyInForce,
  type ProofJob,
  ServiceStatus,
  type Shard,
  Shards,
} from './wire.ts'

/** How a call may be stopped. */
export interface Stoppable {
  readonly signal?: AbortSignal | undefined
}

/** For which state of a batch to wait, and how long: after it, ClientError `WAIT_TIMED_OUT`. */
export interface WaitOptions extends Patience {
  /** Default `accepted`. */
  readonly state?: Milestone
  /** Default two minutes; `Infinity` for none. */
  readonly timeoutMs?: number
}

/** One receipt of an order, checked, and how far its batch is by the service's word. */
export interface OrderEntry {
  readonly receipt: VerifiedReceipt
  readonly batchState: BatchState
  /** Of a sealed receipt, once its batch is drawn, by the service's word: 0 deferred, else shard + 1. */
  readonly outcome?: number
}

/** Where the opening comes from. Either way it is held to the record that the chain has. */
export interface InclusionOptions extends Stoppable {
  /** Who opens the record: the service (one call to the chain), or the chain's own calldata (nothing needed of the service). Default `service`. */
  readonly from?: 'service' | 'chain'
}

/** Where a stream begins. After a lost connection the client goes on by itself. */
export interface EventOptions extends Stoppable {
  /** The last event that was seen, `0n` for none: the stream goes on after it. From now on when left out. */
  readonly lastEventId?: bigint | undefined
}

/** One event of a service. Ids grow and survive restarts. */
export type ClientEvent = { readonly id: bigint } & (
  | { readonly kind: 'batch'; readonly batch: BatchChange }
  | { readonly kind: 'proof'; readonly job: ProofJob }
  | { readonly kind: 'receipts'; readonly receipts: readonly VerifiedReceipt[] }
  /** Events up to this one are not kept any more: read what you follow anew. */
  | { readonly kind: 'gap' }
)

const WAIT_MS = 120_000
/** The longest pause that timers take. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * A service, seen by one API key; make one with `createClient`.
 *
 * Every method that asks throws ServiceProblem when the service says no, ClientError for what the client finds, and ChainError when the chain cannot be
 * asked; all of them are CodedErrors. Requests are tried again while that may help, and stop with their signal.
 */
export class FairleadClient {
  /** The segment that the key attests; it is part of every commitment. */
  readonly segment: Segment
  readonly #transport: Transport
  readonly #anchor: Anchor
  readonly #news = new NewsDesk((signal) => this.#frames({ lastEventId: undefined, signal }))

  constructor(segment: Segment, transport: Transport, anchor: Anchor) {
    this.segment = segment
    this.#transport = transport
    this.#anchor = anchor
  }

  /** The ledger for which orders are made and receipts are signed, by the trusted source. */
  domain({ signal }: Stoppable = {}): Promise<SigningDomain> {
    return abortable(this.#anchor.domain(), signal)
  }

  /**
   * Makes an order with a fresh salt and its commitment; nothing is sent. Keep what it returns (`orderToJson`): it alone opens the commitment.
   * @throws ClientError `ORDER_INVALID`.
   */
  async makeOrder(order: NewOrder, { signal }: Stoppable = {}): Promise<PreparedOrder> {
    return prepareOrder(order, this.segment, await this.domain({ signal }))
  }

  /**
   * Sends an order and checks its receipt. Safe to repeat, after a failure or a restart too: an order that was placed before answers with the receipt that
   * stands. A deferred order found no room; place it again for the next batch.
   */
  async place(order: PreparedOrder, options: Stoppable = {}): Promise<PlacedOrder> {
    const [placement] = await this.placeMany([order], options)
    if (placement?.status === 'refused') throw placement.error
    if (placement) return placement
    throw new ClientError('ANSWER_INVALID', 'the order has no result')
  }

  /**
   * Sends any number of orders, {@link MOST_ORDERS} a request, one request after the other.
   * @returns one placement an order, in their order; one that is refused does not stop the others of its request.
   */
  async placeMany(orders: readonly PreparedOrder[], { signal }: Stoppable = {}): Promise<Placement[]> {
    // A chain that does not answer is found out before anything is sent.
    if (this.#anchor.from === 'chain') await this.domain({ signal })
    const placements: Placement[] = []
    for (let at = 0; at < orders.length; at += MOST_ORDERS) {
      const means = { transport: this.#transport, anchor: this.#anchor, signal }
      placements.push(...(await placeOrders(orders.slice(at, at + MOST_ORDERS), means)))
    }
    return placements
  }

  /** All that is known of a commitment, receipts checked, oldest first. @throws ServiceProblem `ORDER_NOT_FOUND`. */
  async order(commitment: bigint, { signal }: Stoppable = {}): Promise<OrderEntry[]> {
    const { entries } = await this.#status(commitment, signal)
    return Promise.all(entries.map((entry) => this.#checked(entry, commitment, signal)))
  }

  /**
   * Waits until the batch of an order has come to a state: where the order was accepted, else where it was last deferred. Looks when the service's events tell
   * that it may have; where they cannot be had, now and then.
   * @throws ClientError `WAIT_TIMED_OUT`, `ABORTED`, `BATCH_ABANDONED`, `RECEIPT_FORGED`.
   */
  async waitFor(commitment: bigint, options: WaitOptions = {}): Promise<OrderEntry> {
    const { state = 'accepted', timeoutMs = WAIT_MS, intervalMs, signal: given } = options
    const limit = AbortSignal.timeout(Math.min(timeoutMs, LONGEST_TIMER_MS))
    const signal = given ? AbortSignal.any([given, limit]) : limit
    try {
      return await this.#checked(await this.#reached(commitment, state, { signal, intervalMs }), commitment, signal)
    } catch (error) {
      if (!limit.aborted || given?.aborted || !(error instanceof ClientError && error.code === 'ABORTED')) throw error
      throw new ClientError('WAIT_TIMED_OUT', `the batch was not ${state} within ${timeoutMs} ms`, {
        details: { commitment, state, timeoutMs },
      })
    }
  }

  /**
   * Checks on the chain that an accepted batch holds what a receipt promised. Call it from `accepted` on, and once more when the batch is `final` if a
   * reorganization of the chain would hurt.
   * @returns the inclusion, as a settlement contract takes it.
   * @throws ClientError `CHAIN_NEEDED`, `NOT_ACCEPTED`, `INCLUSION_MISSING`, `INCLUSION_FORGED`, `RECEIPT_CONTRADICTED`.
   */
  async checkInclusion(receipt: VerifiedReceipt, options: InclusionOptions = {}): Promise<CheckedInclusion> {
    const { from = 'service', signal } = options
    const chain = await abortable(this.#anchor.chain(), signal)
    if (from === 'chain') {
      const found = openingFromChain(chain, receipt).then((opening) => checkOpening(receipt, opening, chain))
      return abortable(found, signal)
    }
    const [{ entries }, bundle] = await Promise.all([
      this.#status(receipt.commitment, signal),
      this.batch(receipt.batch, { signal }),
    ])
    const path = entries.find((entry) => entry.receipt.batch === receipt.batch)?.inclusion?.path
    // Without a record there is nothing to open yet, whatever the service says.
    if (!path && (await abortable(chain.record(receipt.batch), signal)) === undefined)
      throw new ClientError('NOT_ACCEPTED', `the chain has no batch ${receipt.batch}`)
    return abortable(checkOpening(receipt, openingFromService(bundle, receipt.slot, path), chain), signal)
  }

  /** All batches below `before`, newest first, read page by page as they are gone through. */
  async *batches(options: Stoppable & { readonly before?: bigint | undefined } = {}): AsyncGenerator<BatchSummary> {
    const { signal } = options
    for (let { before } = options; ; ) {
      const query = { limit: '100', ...(before !== undefined && { before: `${before}` }) }
      const page = await this.#transport.get('/v1/batches', BatchPage, { query, signal })
      yield* page.batches
      const last = page.batches.at(-1)
      if (!last || last.index === 0n || page.next === undefined) return
      if (before !== undefined && last.index >= before) throw new ClientError('ANSWER_INVALID', 'pages do not go on')
      before = last.index
    }
  }

  /**
   * What happens, as it happens, until the loop is left or the signal aborts: batches and proofs that change their state, and receipts of this key's
   * orders, checked. Lost connections are made again from the last event on, so that nothing is lost or told twice.
   * @throws ClientError `RECEIPT_FORGED`.
   */
  async *events(options: EventOptions = {}): AsyncGenerator<ClientEvent, void> {
    const { signal, lastEventId } = options
    for await (const frame of this.#frames({ lastEventId, signal })) yield this.#told(frame, signal)
  }

  /** How far one proof is and every change of it, until it is done, failed or cancelled. @throws ServiceProblem `PROOF_JOB_NOT_FOUND`. */
  async *proofEvents(id: string, { signal }: Stoppable = {}): AsyncGenerator<ProofJob, void> {
    const place = { path: '/v1/proofs/{id}/events', params: { id }, lastEventId: undefined, signal } as const
    for await (const { event, data } of frames(this.#transport, place)) {
      if (event !== 'proof') continue
      yield data
      if (data.state !== 'queued' && data.state !== 'running') return
    }
  }

  /**
   * Every change of a batch's state from the batch `since` on (default: the newest), older batches first, until the loop is left or the signal aborts. Looks
   * again and again, for services behind something that streams do not pass; states that came and went between two looks are not seen.
   */
  async *follow(options: Patience & { readonly since?: bigint } = {}): AsyncGenerator<BatchSummary> {
    const { signal } = options
    const since = options.since ?? (await this.#newest(signal))
    yield* followBatches(() => this.batches({ signal }), since, options)
  }

  /** Everything public about a batch, unchecked. @throws ServiceProblem `BATCH_NOT_FOUND`. */
  batch(index: bigint, { signal }: Stoppable = {}): Promise<BatchBundle> {
    return this.#transport.get('/v1/batches/{index}', BatchBundle, { params: { index: `${index}` }, signal })
  }

  policy({ signal }: Stoppable = {}): Promise<PolicyInForce> {
    return this.#transport.get('/v1/policy', PolicyInForce, { signal })
  }

  async shards({ signal }: Stoppable = {}): Promise<Shard[]> {
    return (await this.#transport.get('/v1/shards', Shards, { signal })).shards
  }

  status({ signal }: Stoppable = {}): Promise<ServiceStatus> {
    return this.#transport.get('/v1/status', ServiceStatus, { signal })
  }

  /** Lets go of the connection to the chain, if the client made it. */
  close(): Promise<void> {
    return this.#anchor.close()
  }

  async #told(frame: Frame, signal: AbortSignal | undefined): Promise<ClientEvent> {
    const { id } = frame
    if (frame.event === 'batch') return { id, kind: 'batch', batch: frame.data }
    if (frame.event === 'proof') return { id, kind: 'proof', job: frame.data }
    if (frame.event === 'gap') return { id, kind: 'gap' }
    const checks = frame.data.receipts.map((receipt) =>
      verifyReceipt(receipt, { commitment: receipt.commitment }, this.#anchor),
    )
    return { id, kind: 'receipts', receipts: await abortable(Promise.all(checks), signal) }
  }

  /** Looks until an order's batch has come to a state. */
  async #reached(commitment: bigint, state: Milestone, patience: Patience): Promise<OrderStatus['entries'][number]> {
    const { signal } = patience
    let batches: readonly bigint[] = []
    let news: Waiter | undefined
    const concerns = ({ event, data }: Frame): boolean => {
      if (event === 'batch') return batches.includes(data.index)
      return (
        event === 'gap' || (event === 'receipts' && data.receipts.some((receipt) => receipt.commitment === commitment))
      )
    }
    try {
      for (;;) {
        const status = await this.#status(commitment, signal)
        const entry = entryAt(status, state)
        if (entry) return entry
        batches = status.entries.map(({ receipt }) => receipt.batch)
        news ??= this.#news.waiter(concerns)
        await news.next(patience)
      }
    } finally {
      news?.close()
    }
  }

  #frames = (from: Pick<StreamPlace, 'lastEventId' | 'signal'>): AsyncGenerator<Frame, void> =>
    frames(this.#transport, { path: '/v1/events', ...from })

  #status(commitment: bigint, signal: AbortSignal | undefined): Promise<OrderStatus> {
    return this.#transport.get('/v1/orders/{commitment}', OrderStatus, {
      params: { commitment: `${commitment}` },
      signal,
    })
  }

  async #checked(
    { receipt, batchState, outcome }: OrderStatus['entries'][number],
    commitment: bigint,
    signal: AbortSignal | undefined,
  ): Promise<OrderEntry> {
    const verified = await abortable(verifyReceipt(receipt, { commitment }, this.#anchor), signal)
    return { receipt: verified, batchState, ...(outcome !== undefined && { outcome }) }
  }

  async #newest(signal: AbortSignal | undefined): Promise<bigint> {
    for await (const { index } of this.batches({ signal })) return index
    return 0n
  }
}
