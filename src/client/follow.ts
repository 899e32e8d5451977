import type { BatchState } from '../statement/batch-state.ts'
import { sleep } from './abort.ts'
import { ClientError } from './error.ts'
import type { BatchSummary, OrderStatus } from './wire.ts'

/** States that a batch goes through on its way; the other two are where it stops. */
export type Milestone = Exclude<BatchState, 'quarantined' | 'abandoned'>

/** How a wait looks again, and what ends it: ClientError `ABORTED`. */
export interface Patience {
  readonly signal?: AbortSignal | undefined
  /** Pause between two looks, ms, on average: each is spread over half to one and a half of it. Default 500. Far longer where events tell when to look. */
  readonly intervalMs?: number | undefined
}

/** The pause between two looks that {@link Patience} has by default, ms. */
export const INTERVAL_MS = 500
const RANK: Readonly<Record<Milestone, number>> = {
  open: 0,
  sealed: 1,
  closed: 2,
  proven: 3,
  sent: 4,
  accepted: 5,
  final: 6,
}

/** Whether a state is at or past a milestone. A quarantined batch waits, closed, for a person. */
export const hasReached = (state: BatchState, milestone: Milestone): boolean =>
  state !== 'abandoned' && RANK[state === 'quarantined' ? 'closed' : state] >= RANK[milestone]

/** Spread, so that clients that began together do not go on asking together. */
export const pause = ({ signal, intervalMs = INTERVAL_MS }: Patience): Promise<void> =>
  sleep(intervalMs * (0.5 + Math.random()), signal)

/** The entry of an order that counts: where it was accepted or waits for its draw, else its last deferral, unless its batch is void. */
export function entryOf({ entries }: OrderStatus): OrderStatus['entries'][number] | undefined {
  const standing = entries.filter(({ batchState }) => batchState !== 'abandoned')
  return standing.find(({ receipt, outcome }) => (outcome ?? receipt.assignment) !== 0) ?? standing.at(-1)
}

/** The entry of an order once its batch is far enough. @throws ClientError `BATCH_ABANDONED` when all its batches are void. */
export function entryAt(status: OrderStatus, milestone: Milestone): OrderStatus['entries'][number] | undefined {
  const entry = entryOf(status)
  if (entry) return hasReached(entry.batchState, milestone) ? entry : undefined
  throw new ClientError('BATCH_ABANDONED', 'the batch will never be accepted; send the order again in a new epoch', {
    details: { batches: status.entries.map(({ receipt }) => receipt.batch) },
  })
}

/** Pages of batches below an index, newest first. */
export type Pages = (before: bigint | undefined) => AsyncIterable<BatchSummary>

/**
 * Every change of a batch's state, from the batch `since` on, older batches first; never ends by itself. States that came and went between two looks are
 * not seen.
 */
export async function* follow(pages: Pages, since: bigint, patience: Patience): AsyncGenerator<BatchSummary, never> {
  const seen = new Map<bigint, BatchState>()
  // Below it, all batches are at their end.
  let unfinished = since
  for (;;) {
    const news: BatchSummary[] = []
    for await (const batch of pages(undefined)) {
      if (batch.index < unfinished) break
      news.push(batch)
    }
    for (const batch of news.reverse()) {
      if (batch.index === unfinished && isOver(batch.state)) unfinished++
      if (seen.get(batch.index) === batch.state) continue
      seen.set(batch.index, batch.state)
      yield batch
    }
    for (const index of seen.keys()) if (index < unfinished) seen.delete(index)
    await pause(patience)
  }
}

const isOver = (state: BatchState): boolean => state === 'final' || state === 'abandoned'
