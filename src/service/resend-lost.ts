import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { ACCEPTED_STATES } from '../statement/batch-state.ts'
import { headHash } from '../statement/record.ts'
import { genesisHead } from './chain-agreement.ts'
import { ServiceError } from './errors.ts'
import type { ChainReads, ChainWrites } from './ports.ts'
import { acceptedHead } from './store/counters.ts'
import { batchOf, type StoredBatch } from './store/rows.ts'
import { submissionFor } from './store/submissions.ts'
import type { Tables } from './store/tables.ts'
import { headAfter } from './views.ts'

interface ResendParts {
  readonly db: Kysely<Tables>
  readonly reader: Pick<ChainReads, 'head' | 'transaction'>
  readonly writer: Pick<ChainWrites, 'broadcast'>
  readonly shards: number
}

const LOOK_MS = 50
/** For each batch, ms: a development chain mines at once. */
const MINED_LIMIT_MS = 15_000

/**
 * Gives a development chain back what it lost when its process was killed: the accepted batches after its head, byte for byte, in order. Final ones too, whose
 * orders are erased: their transactions are kept. Only for a chain that is this operator's alone; on any other a missing final batch is an alarm.
 * @returns how many batches were sent again.
 * @throws ServiceError CHAIN_MISMATCH when the chain does not take one of them.
 */
export async function resendLost({ db, reader, writer, shards }: ResendParts): Promise<number> {
  const [head, known] = await Promise.all([reader.head(), acceptedHead(db)])
  // As it nearly always is: no need to look through all batches.
  if (!known || headHash(known) === head) return 0
  const rows = await db.selectFrom('batch').selectAll().where('state', 'in', ACCEPTED_STATES).orderBy('index').execute()
  const accepted = rows.map(batchOf)
  const reached = accepted.findLastIndex((batch) => headHash(headAfter(batch)) === head)
  if (reached < 0 && head !== headHash(genesisHead(shards))) return 0
  const lost = accepted.slice(reached + 1)
  for (const batch of lost) await resend(batch, db, reader, writer)
  return lost.length
}

async function resend(
  { opening: { index } }: StoredBatch,
  db: ResendParts['db'],
  reader: ResendParts['reader'],
  writer: ResendParts['writer'],
): Promise<void> {
  const submission = await submissionFor(db, index)
  const refused = (): ServiceError =>
    new ServiceError('CHAIN_MISMATCH', `the chain lost batch ${index} and does not take it again`, {
      details: { batch: index },
    })
  if (submission?.raw === undefined) throw refused()
  // The first of its batches brings the others along.
  await writer.broadcast({ raw: submission.raw, hash: submission.hash })
  for (const giveUp = performance.now() + MINED_LIMIT_MS; ; await delay(LOOK_MS)) {
    const found = await reader.transaction(submission.hash)
    if (found?.succeeded) return
    if (found || performance.now() > giveUp) throw refused()
  }
}
