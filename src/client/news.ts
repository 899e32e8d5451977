import { INTERVAL_MS, type Patience, pause } from './follow.ts'
import type { Frame } from './stream.ts'

/** How much longer a waiter pauses while a stream tells it when to look: it looks on its own too, should the stream have gone silent. */
const LIVE_FACTOR = 20

/** Whether an event is a reason to look. */
type Concern = (frame: Frame) => boolean

/**
 * Tells waiters when to look again: at once for an event that concerns them, else after a pause. All share one stream, which is there while anybody waits: a
 * service allows few of them a key. A stream that is refused, or breaks for good, only means that the waiters go by their pauses alone.
 */
export class NewsDesk {
  readonly #open: (signal: AbortSignal) => AsyncIterable<Frame>
  readonly #waiters = new Map<Waiter, Concern>()
  #stream: { readonly end: AbortController; live: boolean } | undefined

  /** @param open a stream from now on, until its signal aborts. */
  constructor(open: (signal: AbortSignal) => AsyncIterable<Frame>) {
    this.#open = open
  }

  /** Another waiter, until it is closed. What happened before is for it to look at by itself. */
  waiter(concern: Concern): Waiter {
    const waiter: Waiter = new Waiter({
      isLive: () => this.#stream?.live ?? false,
      leave: () => {
        this.#waiters.delete(waiter)
        if (this.#waiters.size === 0) this.#end()
      },
    })
    // What happened between its last look and now was told to others only.
    if (this.#stream?.live) waiter.tell()
    this.#waiters.set(waiter, concern)
    if (!this.#stream) void this.#listen()
    return waiter
  }

  #end(): void {
    this.#stream?.end.abort()
    this.#stream = undefined
  }

  async #listen(): Promise<void> {
    const stream = { end: new AbortController(), live: false }
    this.#stream = stream
    try {
      for await (const frame of this.#open(stream.end.signal)) {
        if (this.#stream !== stream) return
        for (const [waiter, concern] of this.#waiters) {
          // What happened before the stream was there is seen by one more look.
          if (!stream.live || concern(frame)) waiter.tell()
        }
        stream.live = true
      }
    } catch {
      // The waiters' own requests say what is wrong, if it matters to them.
    }
    // It stays, dead, while they wait: who was refused is not to knock again and again.
    stream.live = false
    if (this.#stream === stream) for (const waiter of this.#waiters.keys()) waiter.tell()
  }
}

/** One who waits; {@link NewsDesk} makes them. */
export class Waiter {
  readonly #desk: { isLive(): boolean; leave(): void }
  #heard = false
  #wake: (() => void) | undefined

  constructor(desk: { isLive(): boolean; leave(): void }) {
    this.#desk = desk
  }

  /** Resolves when it is time to look. @throws ClientError `ABORTED`. */
  async next({ signal, intervalMs = INTERVAL_MS }: Patience): Promise<void> {
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    if (this.#heard) woken.abort()
    const either = signal ? AbortSignal.any([signal, woken.signal]) : woken.signal
    try {
      await pause({ signal: either, intervalMs: (this.#desk.isLive() ? LIVE_FACTOR : 1) * intervalMs })
    } catch (error) {
      if (signal?.aborted || !woken.signal.aborted) throw error
    }
    this.#heard = false
  }

  /** That it is time to look. */
  tell(): void {
    this.#heard = true
    this.#wake?.()
  }

  /** Waits no more. */
  close(): void {
    this.#desk.leave()
  }
}
