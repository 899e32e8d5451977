import type { ServiceClient } from '../service-client.ts'
import type { Tally } from './tally.ts'

/**
 * Counts what the draws made of sealed orders, from the statements of their batches, which the chain has accepted by now.
 * @param sealed commitments, in decimal digits.
 */
export async function countDraws(
  client: Pick<ServiceClient, 'batch'>,
  tally: Tally,
  sealed: ReadonlySet<string>,
): Promise<void> {
  const { firstBatch, lastBatch } = tally
  if (sealed.size === 0 || firstBatch === undefined || lastBatch === undefined) return
  for (let index = firstBatch; index <= lastBatch; index++) {
    const { statement } = await client.batch(index)
    for (const [slot, commitment] of (statement?.commitments ?? []).entries()) {
      if (!sealed.has(commitment)) continue
      tally.sealed--
      if (statement?.assignments[slot] === 0) tally.deferred++
      else tally.accepted++
    }
  }
}
