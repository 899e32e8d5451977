import { type Check, holds } from '../check.ts'
import type { CodeOf } from '../codes.ts'
import { rebuild } from '../rebuild.ts'
import type { KnownBatch, Rebuilt } from '../step.ts'

/** V, put together from calldata and from what the chain knows itself. The steps after this one look at the result. */
export const statement = {
  *batch({
    config,
    epoch,
    verifier,
    before,
    batch,
  }: KnownBatch): Generator<Check<CodeOf<'statement'>>, Rebuilt | undefined> {
    const shape = { shards: config.shards, slots: verifier.slots }
    const rebuilt = rebuild(shape, epoch, before, batch)
    const isWhole = typeof rebuilt !== 'string'
    yield holds('statement-form', { batch: before.nextIndex }, isWhole, 'a well-formed V', isWhole ? '' : rebuilt)
    return isWhole ? rebuilt : undefined
  },
}
