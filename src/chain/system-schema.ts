import { z } from 'zod'
import { Address, Bytes32 } from '../base/schema.ts'

/*
 * Shapes of what the contracts around a ledger answer and tell, by position as the ABI lists the fields.
 */

const Small = z.bigint().transform(Number)

/** `ForcedInbox.due`. */
export const DueFields = z
  .tuple([z.bigint(), z.bigint(), z.bigint(), z.bigint()])
  .transform(([from, to, left, dueAt]) => ({ from, to, left, dueAt }))

/** `OrderForced`: an opened order that has to be taken; `side` and `segment` are bits. */
export const ForcedEvent = z
  .tuple([z.bigint(), z.bigint(), Address, Small, Small, Small, z.bigint()])
  .transform(([number, commitment, trader, size, side, segment, details]) => ({
    number,
    commitment,
    trader,
    size,
    side,
    segment,
    details,
  }))
export type ForcedOrder = z.infer<typeof ForcedEvent>

/** `ReportDemanded`: the report must be for at least `counter` and no later than `batchTime` (µs). Window: seconds since the Unix epoch, and a block. */
export const DemandEvent = z
  .tuple([z.bigint(), Small, z.bigint(), z.bigint(), z.bigint(), z.bigint(), z.bigint()])
  .transform(([index, shard, epoch, counter, batchTime, untilTimeS, untilBlock]) => ({
    index,
    shard,
    epoch,
    counter,
    batchTime,
    untilTimeS,
    untilBlock,
  }))
export type ReportDemand = z.infer<typeof DemandEvent>

/** `ReportPosted`. */
export const PostedReportEvent = z
  .tuple([z.bigint(), Small, z.bigint(), z.bigint()])
  .transform(([epoch, shard, counter, dueTimeS]) => ({ epoch, shard, counter, dueTimeS }))
export type PostedReport = z.infer<typeof PostedReportEvent>

/** Arguments of `postReport`: a report, and its signature as r and vs. */
export const PostCall = z
  .tuple([z.tuple([z.bigint(), Small, z.bigint(), z.bigint()]), z.tuple([Bytes32, Bytes32])])
  .transform(([[epoch, shard, counter, time], [r, vs]]) => ({
    report: { epoch, shard, counter, time },
    signature: `${r}${vs.slice(2)}`,
  }))

/** `OverdueNoticed`. */
export const OverdueEvent = z
  .tuple([z.bigint(), z.bigint(), z.bigint(), z.bigint()])
  .transform(([epoch, batch, untilTimeS, untilBlock]) => ({ epoch, batch, untilTimeS, untilBlock }))
export type OverdueNotice = z.infer<typeof OverdueEvent>
