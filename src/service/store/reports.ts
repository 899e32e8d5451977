import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { Uint } from '../../base/schema.ts'
import type { ServedReport } from '../../order/served.ts'
import type { SignedReport } from '../api.ts'
import type { Tables } from './tables.ts'

const Row = z.object({ epoch: Uint(63), shard: z.int(), counter: Uint(64), time: Uint(63), signature: z.string() })

/** Keeps a report. Of two for the same work the earlier one: it answers for more batches. */
export async function storeReport(
  db: Kysely<Tables>,
  { epoch, shard, counter, time, signature }: SignedReport,
): Promise<void> {
  await db
    .insertInto('report')
    .values({ epoch, shard, counter, time, signature })
    .onConflict((conflict) =>
      conflict
        .columns(['epoch', 'shard', 'counter'])
        .doUpdateSet({ time, signature })
        .where('report.time', '>', `${time}`),
    )
    .execute()
}

/** Reports of an epoch that say more than was applied. @param applied counters by shard. */
export async function newReports(
  db: Kysely<Tables>,
  epoch: bigint,
  applied: readonly bigint[],
): Promise<SignedReport[]> {
  const rows = await db
    .selectFrom('report')
    .selectAll()
    .where('epoch', '=', `${epoch}`)
    .where(sql<boolean>`counter > (${applied.map(String)}::numeric[])[shard + 1]`)
    .execute()
  return rows.map((row) => Row.parse(row))
}

/** A report for at least so much work of a shard that was made no later than a batch. */
export async function reportFor(
  db: Kysely<Tables>,
  { epoch, shard, counter, time }: ServedReport,
): Promise<SignedReport | undefined> {
  const row = await db
    .selectFrom('report')
    .selectAll()
    .where('epoch', '=', `${epoch}`)
    .where('shard', '=', shard)
    .where('counter', '>=', `${counter}`)
    .where('time', '<=', `${time}`)
    .orderBy('counter')
    .limit(1)
    .executeTakeFirst()
  return row && Row.parse(row)
}
