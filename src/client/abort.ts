import { ClientError } from './error.ts'

/** Waits. @throws ClientError `ABORTED` as soon as the signal is. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortedBy(signal))
    const stop = (): void => {
      clearTimeout(timer)
      if (signal) reject(abortedBy(signal))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Awaits work that knows no signals, no longer than the signal lets. @throws ClientError `ABORTED`, and what the work throws. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(abortedBy(signal))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** @throws ClientError `ABORTED`. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedBy(signal)
}

const abortedBy = (signal: AbortSignal): ClientError =>
  new ClientError('ABORTED', 'stopped by its signal', { cause: signal.reason })
