import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream'
import type { z } from 'zod'
import { jsonOf } from '../base/json.ts'
import { sleep } from './abort.ts'
import { backoffMs } from './backoff.ts'
import { ClientError } from './error.ts'
import type { Transport } from './transport.ts'
import { StreamFrame } from './wire.ts'

/** What a stream tells, before receipts are checked. */
export type Frame = z.output<typeof StreamFrame>

/** Which stream, and from where in it. */
export interface StreamPlace {
  readonly path: '/v1/events' | '/v1/proofs/{id}/events'
  readonly params?: Readonly<Record<string, string>>
  /** The last event that was seen; from now on when left out. */
  readonly lastEventId: bigint | undefined
  readonly signal: AbortSignal | undefined
}

/** The service shows a sign of life every ten seconds; without one for so long the connection is dead, ms. */
const SILENCE_MS = 45_000
/** When to come back after a stream that ended well, ms, unless the service says. */
const RETRY_MS = 2_000
const SHORTEST_MS = 10
const LONGEST_MS = 60_000

/**
 * The events of a stream, without a loss or a double: a connection that ends or breaks is made again after a pause, from the last event on. Ends when the
 * service says that there will be no more.
 * @throws ServiceProblem that waiting does not change; ClientError `ANSWER_INVALID`, `ABORTED`, and `SERVICE_UNREACHABLE` after all tries.
 */
export async function* frames(
  transport: Transport,
  { path, params, lastEventId, signal }: StreamPlace,
): AsyncGenerator<Frame, void> {
  let last = lastEventId
  let retryMs = RETRY_MS
  for (let breaks = 0; ; ) {
    const connection = new AbortController()
    const end = (): void => connection.abort(signal?.reason)
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted) end()
    try {
      const response = await transport.open(path, { ...(params && { params }), lastEventId: last, connection, signal })
      if (response.status === 204) return
      last ??= idOf(response.headers.get('last-event-id'))
      const parser = new EventSourceParserStream({
        onRetry: (ms) => (retryMs = Math.max(SHORTEST_MS, Math.min(ms, LONGEST_MS))),
      })
      for await (const message of messages(response, parser, connection)) {
        const frame = parse(message)
        if (!frame) continue
        last = frame.id
        breaks = 0
        yield frame
      }
    } catch (error) {
      if (signal?.aborted) throw new ClientError('ABORTED', 'stopped by its signal', { cause: signal.reason })
      // Opening has had its tries; what broke was open.
      if (!(error instanceof BrokenStream)) throw error
    } finally {
      signal?.removeEventListener('abort', end)
      connection.abort()
    }
    await sleep(backoffMs({ baseMs: retryMs, capMs: LONGEST_MS }, breaks), signal)
    breaks = Math.min(breaks + 1, 6)
  }
}

/** Never leaves this file: the stream begins anew after it. */
class BrokenStream extends Error {}

/** The messages of one connection; one that is silent for too long counts as broken. */
async function* messages(
  { body }: Response,
  parser: EventSourceParserStream,
  connection: AbortController,
): AsyncGenerator<EventSourceMessage> {
  let watchdog: ReturnType<typeof setTimeout> | undefined
  const alive = (): void => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => connection.abort(), SILENCE_MS)
  }
  const heard = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      alive()
      controller.enqueue(chunk)
    },
  })
  const reader = body?.pipeThrough(heard).pipeThrough(new TextDecoderStream()).pipeThrough(parser).getReader()
  alive()
  try {
    for (;;) {
      const next = await reader?.read().catch((cause) => {
        throw new BrokenStream('the stream broke', { cause })
      })
      if (!next || next.done) return
      yield next.value
    }
  } finally {
    clearTimeout(watchdog)
    // A loop that is left early must not leave the connection open.
    await reader?.cancel().catch(() => {})
  }
}

/** A message by the schema of its kind; kinds that a newer service has are left out. @throws ClientError `ANSWER_INVALID`. */
function parse({ id, event, data }: EventSourceMessage): Frame | undefined {
  if (!StreamFrame.options.some((option) => option.shape.event.value === event)) return undefined
  const parsed = StreamFrame.safeParse({ id, event, data: jsonOf(data) })
  if (parsed.success) return parsed.data
  throw new ClientError('ANSWER_INVALID', 'the stream tells something else than the API says', {
    details: { event, fields: parsed.error.issues.map((issue) => issue.path.join('.')) },
  })
}

const idOf = (text: string | null): bigint | undefined =>
  text && /^[0-9]{1,19}$/.test(text) ? BigInt(text) : undefined
