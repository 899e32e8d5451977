import { ZodError } from 'zod'
import { OPENINGS_FORMAT, type Openings } from '../../audit/openings.ts'
import { batchKeyOf } from '../../policy/keys.ts'
import { stateWord } from '../../route/state.ts'
import { dataPaths } from '../../service/config.ts'
import { readSecrets } from '../../service/secrets.ts'
import type { Database } from '../../service/store/database.ts'
import { epochAt } from '../../service/store/epochs.ts'
import { batchAt, entriesOf } from '../../service/store/lane-reads.ts'
import { openDataDir } from '../shared/data-dir.ts'
import { CliError } from '../shared/exit.ts'
import { type StoreChoice, withDatabase } from '../shared/store.ts'

/**
 * Openings of an operator's own batches, from its store alone: the chain need not answer.
 * @throws CliError USAGE for a batch whose orders are erased, or that is not closed yet.
 */
export async function openingsOfStore(
  choice: StoreChoice,
  [first, last]: readonly [bigint, bigint],
): Promise<Openings> {
  const { path } = await openDataDir(choice.dataDir)
  const secrets = await readSecrets(dataPaths(path).secrets)
  if (!secrets) throw new CliError('NOT_A_DATA_DIR', `${path} holds no keys of a service`)
  return withDatabase(choice, async (database) => {
    const found = []
    for (let index = first; index <= last; index++) found.push(await openingOf(database, index, secrets.operatorKey))
    const domain = found[0]?.domain
    if (!domain) throw new CliError('USAGE', 'there is no batch to disclose')
    const { chainId, ledger } = domain
    return { format: OPENINGS_FORMAT, chainId, ledger, batches: found.map(({ opening }) => opening), orders: [] }
  })
}

async function openingOf({ db }: Database, index: bigint, operatorKey: bigint) {
  const batch = await batchAt(db, index)
  const domain = batch && (await epochAt(db, batch.opening.epoch))
  if (!batch?.closing || !batch.basis || !domain)
    throw new CliError('USAGE', `batch ${index} is not there, or not closed yet`)
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
  const { seed, before, blindBefore } = batch.basis
  const opening: Openings['batches'][number] = {
    index,
    batchKey: batchKeyOf(operatorKey, seed),
    before: before.map(stateWord),
    blindBefore,
    blindAfter: batch.closing.blindAfter,
    orders: entries.map(({ order }) => order),
  }
  return { domain, opening }
}
