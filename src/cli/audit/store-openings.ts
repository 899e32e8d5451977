import { ZodError } from 'zod'
import { OPENINGS_FORMAT, type Openings } from '../../audit/openings.ts'
import { batchKeyOf } from '../../policy/keys.ts'
import { stateWord } from '../../route/state.ts'
import { dataPaths } from '../../service/config.ts'
import { lockDataDir } from '../../service/data-lock.ts'
import { loadSecrets } from '../../service/secrets.ts'
import { type Database, openPGlite, openPostgres } from '../../service/store/database.ts'
import { epochAt } from '../../service/store/epochs.ts'
import { batchAt, entriesOf } from '../../service/store/lane-reads.ts'
import { openDataDir } from '../shared/data-dir.ts'
import { CliError } from '../shared/exit.ts'

/** Where an operator's batches are. */
export interface StoreChoice {
  readonly dataDir: string
  readonly databaseUrl?: string
}

/**
 * Openings of an operator's own batches, from its store alone: the chain need not answer.
 * @throws CliError USAGE for a batch whose orders are erased, or that is not closed yet.
 */
export async function openingsOfStore(
  { dataDir, databaseUrl }: StoreChoice,
  [first, last]: readonly [bigint, bigint],
): Promise<Openings> {
  const { path } = await openDataDir(dataDir)
  const paths = dataPaths(path)
  const { operatorKey } = await loadSecrets(paths.secrets)
  if (databaseUrl !== undefined) return read(await openPostgres(databaseUrl), operatorKey, first, last)
  const lock = await lockDataDir(paths.lock)
  try {
    return await read(await openPGlite(paths.database), operatorKey, first, last)
  } finally {
    await lock.release()
  }
}

async function read(database: Database, operatorKey: bigint, first: bigint, last: bigint): Promise<Openings> {
  try {
    const found = []
    for (let index = first; index <= last; index++) found.push(await openingOf(database, index, operatorKey))
    const domain = found[0]?.domain
    if (!domain) throw new CliError('USAGE', 'there is no batch to disclose')
    const { chainId, ledger } = domain
    return { format: OPENINGS_FORMAT, chainId, ledger, batches: found.map(({ opening }) => opening), orders: [] }
  } finally {
    await database.close()
  }
}

async function openingOf({ db }: Database, index: bigint, operatorKey: bigint) {
  const batch = await batchAt(db, index)
  const domain = batch && (await epochAt(db, batch.opening.epoch))
  if (!batch?.closing || !domain) throw new CliError('USAGE', `batch ${index} is not there, or not closed yet`)
  const entries = await entriesOf(db, [index]).catch((error: unknown) => {
    // Rows without their orders: they are erased with finality.
    if (error instanceof ZodError) return []
    throw error
  })
  if (entries.length !== batch.count)
    throw new CliError(
      'USAGE',
      `the orders of batch ${index} are erased: it is final, and openings are kept until then only`,
    )
  const { before, blindBefore } = batch.opening
  const opening: Openings['batches'][number] = {
    index,
    batchKey: batchKeyOf(operatorKey, domain.seed),
    before: before.map(stateWord),
    blindBefore,
    blindAfter: batch.closing.blindAfter,
    orders: entries.map(({ order }) => order),
  }
  return { domain, opening }
}
