import { throwIfAborted } from '../../src/client/abort.ts'
import type { OrderFound } from '../wire/orders.ts'
import { foundAt } from './inclusion.ts'
import type { Handler } from './serve.ts'

/** Batches that are read at a time. */
const AT_A_TIME = 16

/** Looks for a commitment in the calldata of every accepted batch, newest first. An order that was deferred may be in several. */
export const find: Handler<'find'> = async (sources, commitment, note, signal) => {
  const acceptances = await sources.acceptances()
  const all = [...(await acceptances.latest())].reverse()
  const found: OrderFound[] = []
  for (let at = 0; at < all.length; at += AT_A_TIME) {
    throwIfAborted(signal)
    const batches = await Promise.all(all.slice(at, at + AT_A_TIME).map((acceptance) => acceptances.read(acceptance)))
    for (const batch of batches) {
      const slot = batch.submission.commitments.indexOf(commitment)
      if (slot >= 0) found.push(foundAt(batch, slot))
    }
    note({ looked: Math.min(all.length, at + AT_A_TIME), all: all.length })
  }
  return found
}
