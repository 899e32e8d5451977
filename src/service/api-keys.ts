import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ColumnType, Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import { CodedError } from '../base/error.ts'
import { SEGMENTS, type Segment } from '../order/order.ts'
import type { Caller } from './api.ts'
import { Scope, TRADER_SCOPES } from './scopes.ts'
import type { Tables } from './store/tables.ts'

/**
 * API_KEY_NOT_FOUND: no key with that id. API_KEY_INVALID: the name is empty, too long or not printable, or a scope, limit or time makes no sense.
 * API_KEY_OVER: the key is revoked, expired or rotated already, so it has no successor to make.
 */
export class ApiKeyError extends CodedError<'API_KEY_NOT_FOUND' | 'API_KEY_INVALID' | 'API_KEY_OVER'> {}

/** ms since the Unix epoch; the driver gives bigint columns as text and compares them with numbers. */
type Ms = ColumnType<string | number, number, number>
type MsOrNull = ColumnType<string | number | null, number | null, number | null>

interface ApiKeyTable {
  id: string
  name: string
  segment: string
  /** SHA-256 of the whole token, in hex. A token has 256 random bits, so a slow hash would protect nothing more. */
  hash: string
  scopes: string[]
  rate: number | null
  orders_per_day: number | null
  created_ms: Ms
  expires_ms: MsOrNull
  revoked_ms: MsOrNull
  /** The first key of the line of rotations; its own id without one. */
  holder: string
  /** The key that it was rotated into. */
  successor: string | null
}
type KeyTables = { api_key: ApiKeyTable }

/** How much a key may ask for; without a value the service's own default holds. */
export interface KeyLimits {
  /** Requests a second. */
  readonly rate?: number | undefined
  /** Orders with a receipt on one UTC day. */
  readonly ordersPerDay?: number | undefined
}

/** What may be shown of a key; the token itself is shown once and never stored. Times are ms since the Unix epoch. */
export interface ApiKeyInfo extends KeyLimits {
  readonly id: string
  readonly name: string
  readonly segment: Segment
  readonly scopes: readonly Scope[]
  readonly createdMs: number
  readonly expiresMs?: number
  readonly revokedMs?: number
  /** The key that it was rotated into. */
  readonly successor?: string
}

/** A key that was checked. Its `keyId` is the first key of its line: orders, limits and quotas go by it, so that a rotation changes nothing. */
export interface CheckedKey extends Caller {
  /** The key itself. */
  readonly id: string
  readonly scopes: readonly Scope[]
  readonly limits: KeyLimits
}

/** What makes a key: 1 to 64 printable characters of name, the class that it attests, and what it may do. */
export const NewApiKey = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[^\p{C}]+$/u),
  segment: z.enum(SEGMENTS),
  scopes: z
    .array(Scope)
    .min(1)
    .default([...TRADER_SCOPES])
    .transform((scopes) => [...new Set(scopes)]),
  rate: z.int().min(1).max(1_000_000).optional(),
  ordersPerDay: z.int().min(1).max(2_000_000_000).optional(),
  expiresMs: z.int().positive().optional(),
})
export type NewApiKey = z.input<typeof NewApiKey>
type NewKey = z.output<typeof NewApiKey>

/** `flk_` and 256 random bits in base64url. */
const TOKEN = /^flk_[A-Za-z0-9_-]{43}$/

/** How long a checked key is trusted without asking the store again: the longest that a revocation by another process takes to count. */
const TRUST_MS = 2_000

/** Checks keys at the HTTP edge. */
export interface KeyChecker {
  /** Who holds the token; `undefined` when it is malformed, unknown, revoked or expired. */
  check(token: string): Promise<CheckedKey | undefined>
  /** Whether the token was good when this process last looked: says at once who is no stranger, and no more. */
  knows(token: string): boolean
}

/** API keys in the store: made, rotated and revoked by the operator, checked on each request. */
export class ApiKeys implements KeyChecker {
  readonly #db: Kysely<Tables & KeyTables>
  readonly #now: () => number
  /** By hash; holds valid keys only, so that guesses cannot fill it. */
  readonly #trusted = new Map<string, { key: CheckedKey; until: number }>()

  constructor(db: Kysely<Tables>, now: () => number = Date.now) {
    this.#db = db.withTables<KeyTables>()
    this.#now = now
  }

  /**
   * Makes a key. The token is in the answer and nowhere else.
   * @throws ApiKeyError API_KEY_INVALID.
   */
  async create(key: NewApiKey): Promise<ApiKeyInfo & { readonly token: string }> {
    const { data } = NewApiKey.safeParse(key)
    if (!data || (data.expiresMs ?? Infinity) <= this.#now())
      throw new ApiKeyError(
        'API_KEY_INVALID',
        'a key needs a name of 1 to 64 printable characters and a class; scopes have to be known, limits positive, its end in the future',
      )
    return this.#insert(this.#db, data)
  }

  /** All keys, oldest first, those that are over included. */
  async list(): Promise<ApiKeyInfo[]> {
    const rows = await this.#db.selectFrom('api_key').selectAll().orderBy('created_ms').orderBy('id').execute()
    return rows.map(infoOf)
  }

  /**
   * Makes a key's successor: the same name, class, scopes, limits and orders, with a token of its own. The old key lives on for a time of grace.
   * @param graceMs 0 ends the old key at once, here; other processes within two seconds.
   * @param expiresMs when the successor ends; never, when left out.
   * @throws ApiKeyError API_KEY_NOT_FOUND, API_KEY_OVER, API_KEY_INVALID.
   */
  async rotate(id: string, graceMs: number, expiresMs?: number): Promise<ApiKeyInfo & { readonly token: string }> {
    const now = this.#now()
    if (!Number.isSafeInteger(graceMs) || graceMs < 0 || (expiresMs ?? Infinity) <= now)
      throw new ApiKeyError('API_KEY_INVALID', 'the grace is not negative, and the end of the successor in the future')
    return this.#db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('api_key').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
      if (!row) throw notFound(id)
      if (row.successor !== null || !isLive(row, now))
        throw new ApiKeyError('API_KEY_OVER', 'the key is revoked, expired or rotated already', {
          details: { id, ...(row.successor === null ? {} : { successor: row.successor }) },
        })
      const { name, segment, scopes, rate, ordersPerDay } = infoOf(row)
      const made = await this.#insert(
        tx,
        { name, segment, scopes: [...scopes], rate, ordersPerDay, expiresMs },
        row.holder,
      )
      const end = Math.min(now + graceMs, Number(row.expires_ms ?? Infinity))
      await tx.updateTable('api_key').set({ successor: made.id, expires_ms: end }).where('id', '=', id).execute()
      this.#trusted.delete(row.hash)
      return made
    })
  }

  /**
   * Revokes a key for good; again is no error. Here at once, in other processes within two seconds.
   * @throws ApiKeyError API_KEY_NOT_FOUND.
   */
  async revoke(id: string): Promise<void> {
    const known = await this.#db.selectFrom('api_key').select('hash').where('id', '=', id).executeTakeFirst()
    if (!known) throw notFound(id)
    await this.#db
      .updateTable('api_key')
      .set({ revoked_ms: this.#now() })
      .where('id', '=', id)
      .where('revoked_ms', 'is', null)
      .execute()
    this.#trusted.delete(known.hash)
  }

  knows(token: string): boolean {
    return TOKEN.test(token) && this.#trusted.has(hashOf(token))
  }

  async check(token: string): Promise<CheckedKey | undefined> {
    if (!TOKEN.test(token)) return undefined
    const hash = hashOf(token)
    const trusted = this.#trusted.get(hash)
    if (trusted && this.#now() < trusted.until) return trusted.key
    const row = await this.#db.selectFrom('api_key').selectAll().where('hash', '=', hash).executeTakeFirst()
    const now = this.#now()
    // The index has compared hashes already, and hashes tell nothing of a token; this keeps it so should the look-up ever change.
    if (!row || !isLive(row, now) || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) {
      this.#trusted.delete(hash)
      return undefined
    }
    const { id, segment, scopes, rate, ordersPerDay } = infoOf(row)
    const key = { keyId: row.holder, id, segment, scopes, limits: { rate, ordersPerDay } }
    this.#trusted.set(hash, { key, until: Math.min(now + TRUST_MS, Number(row.expires_ms ?? Infinity)) })
    return key
  }

  async #insert(
    db: Kysely<Tables & KeyTables>,
    key: NewKey,
    holder?: string,
  ): Promise<ApiKeyInfo & { readonly token: string }> {
    const token = `flk_${randomBytes(32).toString('base64url')}`
    const id = `key_${randomBytes(8).toString('hex')}`
    const row = {
      ...{ id, name: key.name, segment: key.segment, hash: hashOf(token), scopes: key.scopes },
      ...{ rate: key.rate ?? null, orders_per_day: key.ordersPerDay ?? null },
      ...{ created_ms: this.#now(), expires_ms: key.expiresMs ?? null, revoked_ms: null },
      ...{ holder: holder ?? id, successor: null },
    }
    await db.insertInto('api_key').values(row).execute()
    return { ...infoOf(row), token }
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

const notFound = (id: string): ApiKeyError =>
  new ApiKeyError('API_KEY_NOT_FOUND', 'there is no key with this id', { details: { id } })

const isLive = (row: Pick<Selectable<ApiKeyTable>, 'revoked_ms' | 'expires_ms'>, now: number): boolean =>
  row.revoked_ms === null && now < Number(row.expires_ms ?? Infinity)

const Row = z.object({ segment: z.enum(SEGMENTS), scopes: z.array(Scope) })

function infoOf(row: Selectable<ApiKeyTable>): ApiKeyInfo {
  return {
    id: row.id,
    name: row.name,
    ...Row.parse(row),
    ...(row.rate === null ? {} : { rate: row.rate }),
    ...(row.orders_per_day === null ? {} : { ordersPerDay: row.orders_per_day }),
    createdMs: Number(row.created_ms),
    ...(row.expires_ms === null ? {} : { expiresMs: Number(row.expires_ms) }),
    ...(row.revoked_ms === null ? {} : { revokedMs: Number(row.revoked_ms) }),
    ...(row.successor === null ? {} : { successor: row.successor }),
  }
}
