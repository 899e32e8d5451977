import { setTimeout as delay } from 'node:timers/promises'
import type { ServiceClient } from '../service-client.ts'
import { CliError } from '../shared/exit.ts'

interface SettlementOptions {
  /** Ends the wait when no further batch was accepted for so long, ms. */
  readonly stallMs: number
  readonly interrupted: AbortSignal
  /** Told after every look. @param accepted how many of the awaited batches are accepted. */
  readonly onProgress?: (accepted: number, total: number) => void
}

const LOOK_MS = 400

/**
 * Waits until the chain has accepted every batch from `first` to `last`.
 * @returns whether it has; false when nothing moved for `stallMs`.
 * @throws CliError SERVICE_UNREACHABLE, SERVICE_REFUSED, INTERRUPTED.
 */
export async function awaitAcceptance(
  client: Pick<ServiceClient, 'status'>,
  first: bigint,
  last: bigint,
  options: SettlementOptions,
): Promise<boolean> {
  const total = Number(last - first + 1n)
  let moved = performance.now()
  let before = -1
  for (;;) {
    const { lastAcceptedBatch } = await client.status()
    const reached = lastAcceptedBatch === undefined ? -1n : BigInt(lastAcceptedBatch)
    const accepted = Math.min(total, Math.max(0, Number(reached - first + 1n)))
    options.onProgress?.(accepted, total)
    if (accepted === total) return true
    if (accepted !== before) moved = performance.now()
    else if (performance.now() - moved > options.stallMs) return false
    before = accepted
    await delay(LOOK_MS, undefined, { signal: options.interrupted }).catch((cause: unknown) => {
      throw new CliError('INTERRUPTED', 'stopped by Ctrl-C', { cause })
    })
  }
}
