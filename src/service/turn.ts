import { ShapeError } from '../base/error.ts'
import { max } from '../base/integers.ts'
import type { Order } from '../order/order.ts'
import { SEALED_ASSIGNMENT } from '../order/sealed-assignment.ts'
import type { OrderOutcome, OrderRefusal, SignedReceipt, SignedReport } from './api.ts'
import {
  type BatchClosing,
  type BatchSealing,
  ConsistencyError,
  closeBatch,
  sealBatch,
  tipAfter,
} from './batch-closing.ts'
import type { LaneContext } from './lane-context.ts'
import {
  type BatchPlace,
  BlindBatch,
  basisOf,
  type Entry,
  type OpenBatch,
  outcomeOf,
  type Placement,
  placeAfter,
  RoutedBatch,
  type Tip,
} from './open-batch.ts'
import type { SignReceipts } from './ports.ts'
import type { LaneChange } from './store/lane-writes.ts'

/** An order that waits for its slot. */
export interface Ticket {
  readonly order: Order
  readonly commitment: bigint
  readonly keyId: string
}

/** Where the lane stands: between two batches, and in one when there is one. */
export interface LanePosition {
  readonly tip: Tip
  readonly open: OpenBatch | undefined
}

/** What a turn has to keep to besides the lane. */
export interface TurnTerms {
  readonly room?: number
  readonly end?: bigint
  readonly reports?: readonly SignedReport[]
}

type Verdict =
  | { readonly entry: Entry }
  | { readonly standing: Placement; readonly code: OrderRefusal['code']; readonly own: boolean }

/** One turn of the router in memory: places a group of orders, opens and closes batches, and ends as one change to commit. Failed turns are thrown away with the position. */
export class Turn {
  readonly #context: LaneContext
  readonly #accepted: Map<bigint, Placement>
  readonly #opened: BatchPlace[] = []
  readonly #entries: Entry[] = []
  readonly #closed: BatchClosing[] = []
  readonly #sealed: BatchSealing[] = []
  readonly #verdicts: Verdict[] = []
  readonly #mayOpen: number
  readonly #end: bigint | undefined
  readonly #reports: readonly SignedReport[]
  #tip: Tip
  #open: OpenBatch | undefined

  /**
   * @param accepted entries already accepted, or waiting for their draw, by commitment, among the orders that will come.
   * @param room how many batches may be under way when the turn ends, the open one counted.
   * @param end first index that the epoch does not have.
   * @param reports of shards, those that say more than was applied.
   */
  constructor(
    context: LaneContext,
    { tip, open }: LanePosition,
    accepted: Map<bigint, Placement>,
    { room = Infinity, end, reports = [] }: TurnTerms = {},
  ) {
    this.#end = end
    this.#reports = reports
    this.#context = context
    this.#tip = tip
    this.#open = open
    this.#accepted = accepted
    this.#mayOpen = Math.max(0, open ? room - 1 : room)
  }

  get position(): LanePosition {
    return { tip: this.#tip, open: this.#open }
  }
  get change(): LaneChange {
    return {
      opened: this.#opened,
      entries: this.#entries,
      closed: this.#closed,
      sealed: this.#sealed,
      open: this.#open,
    }
  }
  get isEmpty(): boolean {
    return this.#entries.length + this.#closed.length + this.#sealed.length === 0
  }
  /** Whether the turn may open no further batch, however late it is. */
  get exhausted(): boolean {
    return this.#opened.length >= this.#mayOpen
  }
  /** Whether the epoch has no batch after those that there are. */
  get atEnd(): boolean {
    return !this.#open && this.#end !== undefined && this.#tip.nextIndex >= this.#end
  }
  /** Earliest time at which the next batch may open, µs. */
  get opensAt(): bigint {
    return this.#tip.time === 0n ? 0n : this.#tip.time + max(1n, this.#context.minInterval)
  }

  /**
   * Gives an order its verdict.
   * @param now µs since the Unix epoch.
   * @returns false when the next batch may not open yet: the order and those behind it wait.
   */
  place({ order, commitment, keyId }: Ticket, now: bigint): boolean {
    const standing = this.#accepted.get(commitment)
    if (standing)
      return this.#refuse(standing, waits(standing) ? 'ORDER_ALREADY_IN_BATCH' : 'ORDER_ALREADY_ACCEPTED', keyId)
    const inBatch = this.#open?.find(commitment)
    if (inBatch) return this.#refuse(inBatch, 'ORDER_ALREADY_IN_BATCH', keyId)
    const batch = this.#open ?? this.#openAt(now)
    if (!batch) return false
    // The clock may have stepped back since the batch opened; a receipt is never older than its batch.
    const entry = batch.place(order, commitment, max(now, batch.opening.time), keyId)
    if (entry.assignment > 0) this.#accepted.set(commitment, entry)
    this.#entries.push(entry)
    this.#verdicts.push({ entry })
    if (batch.full) this.close()
    return true
  }

  /** Closes the open batch, if there is one, or seals it in sealed mode. */
  close(): void {
    const open = this.#open
    if (!open) return
    let closing: BatchClosing | undefined
    if (open instanceof RoutedBatch) {
      closing = closeBatch(open)
      this.#closed.push(closing)
    } else this.#sealed.push(sealBatch(open))
    this.#tip = tipAfter(open.opening, open.count, closing)
    this.#open = undefined
  }

  /** The answers, in the order of {@link place}; only after the change is committed. */
  async outcomes(sign: SignReceipts): Promise<OrderOutcome[]> {
    const owed = this.#verdicts.flatMap(owedBy)
    const signed = new Map((await sign(owed)).map((receipt, i) => [owed[i], receipt]))
    return this.#verdicts.map((verdict) => answerOf(verdict, owedBy(verdict).map((row) => signed.get(row))[0]))
  }

  /** Who sent the order first has its receipt; nobody else is given it. */
  #refuse(standing: Placement, code: OrderRefusal['code'], keyId: string): true {
    this.#verdicts.push({ standing, code, own: standing.keyId === keyId })
    return true
  }

  #openAt(now: bigint): OpenBatch | undefined {
    if (this.atEnd || this.exhausted || now < this.opensAt) return undefined
    const place = placeAfter(this.#context, this.#tip, now, this.#reports)
    this.#open = this.#context.sealedMode ? new BlindBatch(this.#context, place) : this.#routed(place)
    this.#opened.push(this.#open.opening)
    return this.#open
  }

  #routed(place: BatchPlace): RoutedBatch {
    const { shards } = this.#tip
    if (shards) return new RoutedBatch(this.#context, { ...place, ...basisOf(shards, this.#context.seed) })
    const details = { batch: place.index, field: 'stateBefore' }
    throw new ConsistencyError('BATCH_INCONSISTENT', 'the states before the batch are not known', { details })
  }
}

/** Whether an order's draw is to come. */
const waits = (entry: Placement): boolean => outcomeOf(entry) === SEALED_ASSIGNMENT

/** The row whose receipt an answer holds, if it holds one. */
function owedBy(verdict: Verdict): Placement[] {
  if ('entry' in verdict) return [verdict.entry]
  return verdict.own ? [verdict.standing] : []
}

const REFUSED = {
  waits: 'the order is sealed in a batch that waits for its draw',
  accepted: 'the order was accepted before',
  here: 'the order is in this batch',
} as const

function answerOf(verdict: Verdict, receipt: SignedReceipt | undefined): OrderOutcome {
  if ('standing' in verdict) {
    const { standing, code } = verdict
    const message = REFUSED[waits(standing) ? 'waits' : code === 'ORDER_ALREADY_ACCEPTED' ? 'accepted' : 'here']
    return {
      status: 'refused',
      commitment: standing.commitment,
      refusal: { code, message, ...(receipt && { receipt }) },
    }
  }
  const { commitment, assignment } = verdict.entry
  if (!receipt) throw new ShapeError('SHAPE_MISMATCH', 'a row has no receipt')
  const status = waits(verdict.entry) ? 'sealed' : assignment > 0 ? 'accepted' : 'deferred'
  return { status, commitment, receipt }
}
