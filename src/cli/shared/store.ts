import { dataPaths } from '../../service/config.ts'
import { lockDataDir } from '../../service/data-lock.ts'
import { type Database, openPGlite, openPostgres } from '../../service/store/database.ts'
import { openDataDir } from './data-dir.ts'

/** Where a service keeps its rows. */
export interface StoreChoice {
  readonly dataDir: string
  readonly databaseUrl?: string
}

/** Opens the store for a moment. @throws CliError FILE_UNREADABLE, NOT_A_DATA_DIR; ServiceError DATA_DIR_LOCKED, DATABASE_UNREACHABLE. */
export async function withDatabase<T>(
  { dataDir, databaseUrl }: StoreChoice,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== undefined) return closing(await openPostgres(databaseUrl), use)
  const paths = dataPaths((await openDataDir(dataDir)).path)
  const lock = await lockDataDir(paths.lock)
  try {
    return await closing(await openPGlite(paths.database), use)
  } finally {
    await lock.release()
  }
}

async function closing<T>(database: Database, use: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}
