import { INTERVAL_MS, type Patience, pause } from './follow.ts'
import type { Frame } from './stream.ts'

/** How much longer a waiter pauses while a stream tells it when to look: it looks on its own too, should the stream have gone silent. */
const LIVE_FACTOR = 20

/**
 * Tells a waiter when to look again: at once for an event that concerns it, else after a pause. A stream that is refused, or breaks for good, only means that
 * the waiter goes by its pauses alone.
 */
export class News {
  readonly #concerns: (frame: Frame) => boolean
  readonly #end = new AbortController()
  /** The stream has told something, so what comes will be told. */
  #live = false
  #heard = false
  #wake: (() => void) | undefined

  /**
   * @param open a stream from now on, until its signal aborts.
   * @param concerns whether an event is a reason to look.
   */
  constructor(open: (signal: AbortSignal) => AsyncIterable<Frame>, concerns: (frame: Frame) => boolean) {
    this.#concerns = concerns
    void this.#listen(open(this.#end.signal))
  }

  /** Resolves when it is time to look. @throws ClientError `ABORTED`. */
  async next({ signal, intervalMs = INTERVAL_MS }: Patience): Promise<void> {
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    if (this.#heard) woken.abort()
    const either = signal ? AbortSignal.any([signal, woken.signal]) : woken.signal
    try {
      await pause({ signal: either, intervalMs: (this.#live ? LIVE_FACTOR : 1) * intervalMs })
    } catch (error) {
      if (signal?.aborted || !woken.signal.aborted) throw error
    }
    this.#heard = false
  }

  /** Ends the stream. */
  close(): void {
    this.#end.abort()
  }

  async #listen(stream: AsyncIterable<Frame>): Promise<void> {
    try {
      for await (const frame of stream) {
        // What happened before the stream was there is seen by one more look.
        if (!this.#live || this.#concerns(frame)) this.#tell()
        this.#live = true
      }
    } catch {
      // The waiter's own requests say what is wrong, if it matters to them.
    }
    this.#live = false
    this.#tell()
  }

  #tell(): void {
    this.#heard = true
    this.#wake?.()
  }
}
