import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ColumnType, Kysely } from 'kysely'
import { z } from 'zod'
import { CodedError } from '../base/error.ts'
import { SEGMENTS, type Segment } from '../order/order.ts'
import type { Caller } from './api.ts'
import type { Tables } from './store/tables.ts'

/** API_KEY_NOT_FOUND: no key with that id. API_KEY_INVALID: the name is empty, too long or not printable. */
export class ApiKeyError extends CodedError<'API_KEY_NOT_FOUND' | 'API_KEY_INVALID'> {}

/** ms since the Unix epoch; the driver gives bigint columns as text and compares them with numbers. */
type Ms = ColumnType<string | number, number, number>

type ApiKeyTables = {
  api_key: {
    id: string
    name: string
    segment: string
    /** SHA-256 of the whole token, in hex. A token has 256 random bits, so a slow hash would protect nothing more. */
    hash: string
    created_ms: Ms
    revoked_ms: ColumnType<string | null, null, number>
  }
}

/** What may be shown of a key; the token itself is shown once and never stored. */
export interface ApiKeyInfo {
  readonly id: string
  readonly name: string
  readonly segment: Segment
  /** ms since the Unix epoch. */
  readonly createdMs: number
  readonly revokedMs?: number
}

/** What makes a key: 1 to 64 printable characters of name, and the class that it attests. */
export const NewApiKey = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[^\p{C}]+$/u),
  segment: z.enum(SEGMENTS),
})
export type NewApiKey = z.infer<typeof NewApiKey>

/** `flk_` and 256 random bits in base64url. */
const TOKEN = /^flk_[A-Za-z0-9_-]{43}$/

/** How long a checked key is trusted without asking the store again: the longest that a revocation by another process takes to count. */
const TRUST_MS = 2_000

/** Checks keys at the HTTP edge. */
export interface KeyChecker {
  /** Who holds the token; `undefined` when it is malformed, unknown or revoked. */
  check(token: string): Promise<Caller | undefined>
}

/** API keys in the store: made and revoked by the operator, checked on each request. */
export class ApiKeys implements KeyChecker {
  readonly #db: Kysely<Tables & ApiKeyTables>
  readonly #now: () => number
  /** By hash; holds valid keys only, so that guesses cannot fill it. */
  readonly #trusted = new Map<string, { caller: Caller; until: number }>()

  constructor(db: Kysely<Tables>, now: () => number = Date.now) {
    this.#db = db.withTables<ApiKeyTables>()
    this.#now = now
  }

  /**
   * Makes a key. The token is in the answer and nowhere else.
   * @throws ApiKeyError API_KEY_INVALID.
   */
  async create(key: NewApiKey): Promise<ApiKeyInfo & { readonly token: string }> {
    const { data } = NewApiKey.safeParse(key)
    if (!data)
      throw new ApiKeyError('API_KEY_INVALID', 'a key needs a name of 1 to 64 printable characters and a class')
    const token = `flk_${randomBytes(32).toString('base64url')}`
    const info = { ...data, id: `key_${randomBytes(8).toString('hex')}`, createdMs: this.#now() }
    const { createdMs, ...row } = info
    await this.#db
      .insertInto('api_key')
      .values({ ...row, hash: hashOf(token), created_ms: createdMs, revoked_ms: null })
      .execute()
    return { ...info, token }
  }

  /** All keys, oldest first, revoked ones included. */
  async list(): Promise<ApiKeyInfo[]> {
    const rows = await this.#db.selectFrom('api_key').selectAll().orderBy('created_ms').orderBy('id').execute()
    return rows.map(({ id, name, segment, created_ms, revoked_ms }) => ({
      id,
      name,
      segment: segmentOf(segment),
      createdMs: Number(created_ms),
      ...(revoked_ms === null ? {} : { revokedMs: Number(revoked_ms) }),
    }))
  }

  /**
   * Revokes a key for good; again is no error. Here at once, in other processes within two seconds.
   * @throws ApiKeyError API_KEY_NOT_FOUND.
   */
  async revoke(id: string): Promise<void> {
    const known = await this.#db.selectFrom('api_key').select('hash').where('id', '=', id).executeTakeFirst()
    if (!known) throw new ApiKeyError('API_KEY_NOT_FOUND', 'there is no key with this id', { details: { id } })
    await this.#db
      .updateTable('api_key')
      .set({ revoked_ms: this.#now() })
      .where('id', '=', id)
      .where('revoked_ms', 'is', null)
      .execute()
    this.#trusted.delete(known.hash)
  }

  async check(token: string): Promise<Caller | undefined> {
    if (!TOKEN.test(token)) return undefined
    const hash = hashOf(token)
    const trusted = this.#trusted.get(hash)
    if (trusted && this.#now() < trusted.until) return trusted.caller
    this.#trusted.delete(hash)
    const row = await this.#db
      .selectFrom('api_key')
      .select(['id', 'segment', 'hash', 'revoked_ms'])
      .where('hash', '=', hash)
      .executeTakeFirst()
    // The index has compared hashes already, and hashes tell nothing of a token; this keeps it so should the look-up ever change.
    if (!row || row.revoked_ms !== null || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return undefined
    const caller = { keyId: row.id, segment: segmentOf(row.segment) }
    this.#trusted.set(hash, { caller, until: this.#now() + TRUST_MS })
    return caller
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

const segmentOf = (text: string): Segment => z.enum(SEGMENTS).parse(text)
