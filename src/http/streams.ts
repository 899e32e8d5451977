import { HttpError } from './problem.ts'

/** How many streams of events are open, in all and by key. */
export class OpenStreams {
  readonly #most: { readonly perKey: number; readonly inAll: number }
  readonly #byKey = new Map<string, number>()
  #inAll = 0

  constructor(most: { readonly perKey: number; readonly inAll: number }) {
    this.#most = most
  }

  get count(): number {
    return this.#inAll
  }

  /** @returns lets the next one in. @throws HttpError TOO_MANY_STREAMS. */
  enter(keyId: string): () => void {
    const mine = this.#byKey.get(keyId) ?? 0
    const { perKey, inAll } = this.#most
    if (mine >= perKey || this.#inAll >= inAll)
      throw new HttpError('TOO_MANY_STREAMS', mine >= perKey ? `${perKey} streams a key` : 'too many streams', {
        facts: { retryAfterMs: 5_000 },
      })
    this.#byKey.set(keyId, mine + 1)
    this.#inAll++
    return () => {
      this.#inAll--
      const left = (this.#byKey.get(keyId) ?? 1) - 1
      if (left > 0) this.#byKey.set(keyId, left)
      else this.#byKey.delete(keyId)
    }
  }
}
