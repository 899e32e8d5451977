import type { Kysely } from 'kysely'
import { type Head, headHash } from '../statement/record.ts'
import { ServiceError } from './errors.ts'
import { genesisShards } from './open-batch.ts'
import type { ChainReads } from './ports.ts'
import { batchOf } from './store/rows.ts'
import type { Tables } from './store/tables.ts'
import { headAfter } from './views.ts'

/** The head of a ledger without batches. */
export function genesisHead(shards: number): Head {
  const { state } = genesisShards(shards)
  return { epoch: 0n, nextIndex: 0n, state, time: 0n, orderCounter: 0n, counters: new Array<bigint>(shards).fill(0n) }
}

/** Batches that are looked through, newest first: far more than can be under way. */
const WINDOW = 1000

/**
 * Checks that chain and database tell one story: the ledger's head follows one of our batches, and none that we hold for final is missing there.
 * A chain that is ahead of us, or a little behind, is fine: the watcher catches up.
 * @throws ServiceError DATA_DIR_MISMATCH when the chain has batches that the database does not know, CHAIN_MISMATCH when it lacks final ones.
 */
export async function assertChainAgrees(
  db: Kysely<Tables>,
  chain: Pick<ChainReads, 'head'>,
  shards: number,
): Promise<void> {
  const head = await chain.head()
  const rows = await db
    .selectFrom('batch')
    .selectAll()
    .where('statement', 'is not', null)
    .where('state', '!=', 'abandoned')
    .orderBy('index', 'desc')
    .limit(WINDOW)
    .execute()
  for (const batch of rows.map(batchOf)) {
    if (headHash(headAfter(batch)) === head) return
    if (batch.state === 'final')
      throw new ServiceError(
        'CHAIN_MISMATCH',
        `the chain does not have batch ${batch.opening.index}, which was final`,
        {
          details: { batch: batch.opening.index, head },
        },
      )
  }
  if (rows.length < WINDOW && head === headHash(genesisHead(shards))) return
  throw new ServiceError('DATA_DIR_MISMATCH', 'the chain has batches that this database does not know', {
    details: { head, known: rows.length },
  })
}
