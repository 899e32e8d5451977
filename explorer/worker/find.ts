import { throwIfAborted } from '../../src/client/abort.ts'
import { foundAt } from './inclusion.ts'
import type { Handler } from './serve.ts'

/** Looks for a commitment in the calldata of every accepted batch, newest first. An order that was deferred may be in several. */
export const find: Handler<'find'> = async (sources, commitment, note, signal) => {
  const acceptances = await sources.acceptances()
  const all = [...(await acceptances.latest())].reverse()
  const batches = await acceptances.readAll(all, (looked) => {
    throwIfAborted(signal)
    note({ looked, all: all.length })
  })
  return batches.flatMap((batch) => {
    const slot = batch.submission.commitments.indexOf(commitment)
    return slot < 0 ? [] : [foundAt(batch, slot)]
  })
}
