import { mkdir } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, Migrator, PostgresDialect } from 'kysely'
import pg from 'pg'
import { z } from 'zod'
import { ServiceError } from '../errors.ts'
import { migrations } from './migrations/index.ts'
import { pgliteClient } from './pglite-client.ts'
import type { Tables } from './tables.ts'

/** An open database. The same SQL runs on both kinds. */
export interface Database {
  readonly kind: 'pglite' | 'postgres'
  readonly db: Kysely<Tables>
  /** For what does not go through Kysely: the job queue. On PGlite it has one connection, so never wait for it inside a transaction. */
  readonly pool: pg.Pool
  /**
   * Calls back for each NOTIFY on a channel. Notifications are hints: after a lost connection some may be missed, so listeners also look on their own, seldom.
   * @returns stops listening.
   */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** Connections of the pool on PostgreSQL. */
const POOL_SIZE = 8

/**
 * Opens the embedded database and brings its schema up to date. It survives a killed process, not a power cut: PGlite does not fsync.
 * @param dataDir its folder, made if need be; without one the database lives in memory.
 * @throws ServiceError DATABASE_UNREACHABLE when the folder cannot be opened as a database.
 */
export async function openPGlite(dataDir?: string): Promise<Database> {
  const pglite = await attempt('cannot open the embedded database', async () => {
    if (dataDir !== undefined) await mkdir(dataDir, { recursive: true })
    return PGlite.create(dataDir === undefined ? {} : { dataDir })
  })
  const pool = new pg.Pool({ Client: pgliteClient(pglite), max: 1, idleTimeoutMillis: 0 })
  return migrated({
    kind: 'pglite',
    pool,
    listen: (channel, heard) => listenIn(pglite, pool, channel, heard),
    close: async () => {
      await pool.end()
      await pglite.close()
    },
  })
}

/**
 * Connects to PostgreSQL (13 or later) and brings the schema up to date; several processes may do so at once.
 * @throws ServiceError DATABASE_UNREACHABLE.
 */
export async function openPostgres(connectionString: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString, max: POOL_SIZE })
  // An idle connection that breaks is replaced by the pool; queries report their own errors.
  pool.on('error', () => {})
  return migrated({
    kind: 'postgres',
    pool,
    listen: (channel, heard) => listenOn(connectionString, channel, heard),
    close: () => pool.end(),
  })
}

async function migrated({ close, ...opened }: Omit<Database, 'db'>): Promise<Database> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: opened.pool }) })
  const provider = { getMigrations: async () => ({ ...migrations }) }
  await attempt('cannot bring the database up to date', async () => {
    if (await isCurrent(opened.pool)) return
    const { error } = await new Migrator({ db, provider }).migrateToLatest()
    if (error) throw error
  }).catch(async (error) => {
    await close()
    throw error
  })
  return { ...opened, db, close }
}

/** Whether all migrations have run and no others. Kysely's own way to find out tours the catalog, which a start need not wait for. */
async function isCurrent(pool: pg.Pool): Promise<boolean> {
  try {
    const { rows } = await pool.query('select name from kysely_migration order by name')
    return JSON.stringify(Names.parse(rows).map(({ name }) => name)) === JSON.stringify(Object.keys(migrations).sort())
  } catch {
    return false // There is no such table yet, or the migrator will say what is wrong.
  }
}

const Names = z.array(z.object({ name: z.string() }))

/**
 * Listens in the one session that there is. Through the pool, as a query that goes to PGlite directly may come between the messages of one
 * that the pool's client has begun, and end it.
 */
async function listenIn(
  pglite: PGlite,
  pool: pg.Pool,
  channel: string,
  heard: (payload: string) => void,
): Promise<() => Promise<void>> {
  const off = pglite.onNotification((of, payload) => {
    if (of === channel) heard(payload)
  })
  await pool.query(`listen ${pg.escapeIdentifier(channel)}`)
  return async () => off()
}

/** A connection of its own that listens; a lost one is made again after a second. */
async function listenOn(
  connectionString: string,
  channel: string,
  heard: (payload: string) => void,
): Promise<() => Promise<void>> {
  let stopped = false
  let client: pg.Client | undefined
  const again = (): void => {
    if (!stopped) setTimeout(() => connect().catch(again), 1000).unref()
  }
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString })
    // 'end' follows every error; without this listener the error would end the process.
    next.on('error', () => {})
    next.on('notification', ({ payload }) => heard(payload ?? ''))
    await next.connect()
    await next.query(`listen ${pg.escapeIdentifier(channel)}`)
    next.once('end', again)
    client = next
  }
  await attempt('cannot listen to the database', connect)
  return async () => {
    stopped = true
    await client?.end()
  }
}

async function attempt<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    throw new ServiceError('DATABASE_UNREACHABLE', what, { cause })
  }
}
