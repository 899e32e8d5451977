/** What came of many calls. */
export interface Timed {
  /** Receipts. */
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

/** Makes all calls, so many at once; each tells how many receipts it brought. Latencies are ms of a call. */
export async function timed(calls: readonly (() => Promise<number>)[], atOnce: number): Promise<Timed> {
  const latencies: number[] = []
  let receipts = 0
  const queue = calls.values()
  const begun = performance.now()
  const work = async () => {
    for (const call of queue) {
      const asked = performance.now()
      const got = await call()
      receipts += got
      latencies.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const perSecond = (receipts * 1000) / (performance.now() - begun)
  latencies.sort((a, b) => a - b)
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 0
  return { perSecond, p50: at(0.5), p99: at(0.99) }
}
