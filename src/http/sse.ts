import type { Response } from 'express'
import { jsonText } from '../base/json.ts'
import type { StreamEvent } from '../service/api.ts'
import type { Streaming } from './endpoint.ts'

/** Times of a stream, ms. */
export interface StreamTimes {
  /** Between two signs of life, each with a look at whether the key still holds. Default: 10 s, well below every idle limit. */
  readonly heartbeatMs: number
  /** How long a reader may leave what was sent unread. Default: 10 s. */
  readonly drainMs: number
  /** When a reader should come back after a stream ended. Default: 2 s. */
  readonly retryMs: number
}

/** The defaults; tests shorten them. */
export const STREAM_TIMES: StreamTimes = { heartbeatMs: 10_000, drainMs: 10_000, retryMs: 2_000 }

/**
 * Sends events as `text/event-stream`, one at a time and never more than the connection takes: a slow reader waits at its own place in the store, and one
 * that does not read at all is cut off.
 * @param stillGood whether the reader's key still holds; the stream ends when it does not.
 */
export async function sendEvents(
  res: Response,
  { events, from }: Streaming,
  stillGood: () => Promise<boolean>,
  stop: AbortController,
  times: StreamTimes,
): Promise<void> {
  res.status(200).setHeader('Content-Type', 'text/event-stream')
  if (from !== undefined) res.setHeader('Last-Event-ID', `${from}`)
  // Proxies that know this header do not hold events back.
  res.setHeader('X-Accel-Buffering', 'no')
  const heartbeat = setInterval(async () => {
    if (!(await stillGood().catch(() => true))) return stop.abort()
    if (!res.writableNeedDrain && !stop.signal.aborted) res.write(':\n\n')
  }, times.heartbeatMs)
  try {
    const id = from === undefined ? '' : `id: ${from}\n`
    if (!res.write(`${id}retry: ${times.retryMs}\n\n`)) await drained(res, times.drainMs)
    for await (const event of events) {
      if (stop.signal.aborted) break
      if (!res.write(frameOf(event))) await drained(res, times.drainMs)
    }
  } finally {
    clearInterval(heartbeat)
  }
  res.end()
}

/** One event as text. */
export function frameOf(event: StreamEvent): string {
  return `id: ${event.id}\nevent: ${event.kind}\ndata: ${jsonText(dataOf(event))}\n\n`
}

function dataOf(event: StreamEvent): unknown {
  if (event.kind === 'batch') return event.batch
  if (event.kind === 'proof') return event.job
  return event.kind === 'receipts' ? { receipts: event.receipts } : { upTo: event.id }
}

/** Waits until the reader has taken what was sent. One that takes too long is cut off. */
function drained(res: Response, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (res.destroyed) return resolve()
    const done = (): void => {
      clearTimeout(late)
      res.off('drain', done).off('close', done)
      resolve()
    }
    const late = setTimeout(() => res.destroy(), limitMs)
    res.once('drain', done).once('close', done)
  })
}
