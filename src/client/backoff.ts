import { sleep } from './abort.ts'
import { ClientError, ServiceProblem } from './error.ts'

/** How often, and how patiently, a request is sent again. Times are in ms. */
export interface RetryPolicy {
  /** Tries after the first; 0: none. */
  readonly retries: number
  /** Upper end of the first pause; it doubles with each try. */
  readonly baseMs: number
  /** Upper end of every pause of the client's own. */
  readonly capMs: number
  /** A `Retry-After` above this ends the tries: the caller should know. */
  readonly longestWaitMs: number
}

/** Six tries, with 6.2 s of pauses at most besides what the service asks for. */
export const DEFAULT_RETRIES: RetryPolicy = { retries: 5, baseMs: 200, capMs: 10_000, longestWaitMs: 60_000 }

/**
 * The pause before the next try: exponential with full jitter, on top of what the service asked for, so that callers who were all told the same second
 * do not come back together.
 * @param attempt tries so far, less one.
 * @param random in [0, 1).
 */
export const backoffMs = (
  { baseMs, capMs }: Pick<RetryPolicy, 'baseMs' | 'capMs'>,
  attempt: number,
  retryAfterMs = 0,
  random = Math.random(),
): number => retryAfterMs + random * Math.min(capMs, baseMs * 2 ** attempt)

/** Runs until it succeeds, fails for good, or has had its tries. @throws what `run` threw last; ClientError `ABORTED`. */
export async function withRetries<T>(
  run: () => Promise<T>,
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const askedMs = error instanceof ServiceProblem ? (error.retryAfterMs ?? 0) : 0
      if (!mayPass(error) || attempt >= policy.retries || askedMs > policy.longestWaitMs) throw error
      await sleep(backoffMs(policy, attempt, askedMs), signal)
    }
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof ServiceProblem ? error.passes : error instanceof ClientError && error.code === 'SERVICE_UNREACHABLE'
