import { ClientError, createClient } from '../../client/client.ts'
import type { Segment } from '../../order/order.ts'
import { CliError } from '../shared/exit.ts'

/** What became of an order, by the service's word; `fairlead audit receipt` asks the chain. */
export interface Fate {
  readonly state: string
  readonly batch: bigint
  /** From 0; null when it was deferred. */
  readonly shard: number | null
}

interface Waiting {
  readonly url: string
  readonly key: string
  readonly segment: Segment
  readonly interrupted: AbortSignal
}

/** Longest wait: seals, finality and a proof are some minutes on slow chains. */
const WAIT_MS = 600_000

/** Waits until the chain has accepted an order's batch. @throws ClientError `WAIT_TIMED_OUT`, `BATCH_ABANDONED`; CliError INTERRUPTED. */
export async function awaitFate(commitment: bigint, { url, key, segment, interrupted }: Waiting): Promise<Fate> {
  const client = createClient({ url, key, segment, trust: { from: 'service' } })
  try {
    const entry = await client.waitFor(commitment, { timeoutMs: WAIT_MS, signal: interrupted })
    const byte = entry.outcome ?? entry.receipt.assignment
    return { state: entry.batchState, batch: entry.receipt.batch, shard: byte === 0 ? null : byte - 1 }
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'ABORTED') throw error
    throw new CliError('INTERRUPTED', 'stopped by Ctrl-C', { cause: error })
  } finally {
    await client.close()
  }
}
