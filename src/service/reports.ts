import type { Kysely } from 'kysely'
import { signerOf } from '../order/domain.ts'
import { servedDigest } from '../order/served.ts'
import type { SignedReport } from './api.ts'
import type { Clock } from './clock.ts'
import { ServiceError } from './errors.ts'
import type { LaneContext } from './lane-context.ts'
import { storeReport } from './store/reports.ts'
import type { Tables } from './store/tables.ts'

/** How far a shard's clock may be ahead, µs. */
const MOST_AHEAD = 60_000_000n
/** Most that a counter may rise in one batch, ticks. */
const RISE_MAX = 2n ** 40n - 1n

/**
 * Keeps a shard's report, to be applied by the next batch that opens no earlier than the report's time.
 * @throws ServiceError REPORT_REFUSED for one of another epoch or signer, of a shard that does not report, or from the future.
 */
export async function takeReport(
  db: Kysely<Tables>,
  context: Pick<LaneContext, 'epoch' | 'policy' | 'separator'>,
  clock: Clock,
  report: SignedReport,
): Promise<void> {
  const { epoch, shard, counter, time, signature } = report
  const refuse = (why: string): ServiceError =>
    new ServiceError('REPORT_REFUSED', why, { details: { epoch, shard, counter } })
  if (epoch !== context.epoch) throw refuse(`the epoch is ${context.epoch}`)
  if (!context.policy.shards[shard]?.reporting) throw refuse(`shard ${shard} does not report`)
  const digest = servedDigest(context.separator, { epoch, shard, counter, time })
  if (signerOf(digest, signature) !== context.policy.reportSigners[shard])
    throw refuse(`the signature is not that of shard ${shard}`)
  if (time > clock() + MOST_AHEAD) throw refuse('the report is from the future')
  await storeReport(db, report)
}

/** Counters that a batch applies: of each shard the newest report that is not younger than the batch, as far as one batch can take it. */
export function countersAt(
  time: bigint,
  applied: readonly bigint[],
  reports: readonly Pick<SignedReport, 'shard' | 'counter' | 'time'>[],
): bigint[] {
  return applied.map((before, j) => {
    let counter = before
    for (const report of reports)
      if (report.shard === j && report.time <= time && report.counter > counter) counter = report.counter
    return counter - before > RISE_MAX ? before + RISE_MAX : counter
  })
}
