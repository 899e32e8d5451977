import { type Kysely, type Migration, sql } from 'kysely'

/** What the HTTP edge keeps: API keys by hash, and answers by idempotency key. Times are ms since the Unix epoch. */
export const edge: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table api_key (
    id text primary key, name text not null, segment text not null check (segment in ('retail', 'institutional')),
    hash text not null unique, created_ms bigint not null, revoked_ms bigint)`,
  `create table idempotency (
    key_id text not null, idempotency_key text not null, fingerprint text not null, run_id uuid not null, claimed_ms bigint not null,
    status smallint, location text, body text,
    primary key (key_id, idempotency_key))`,
  `create index idempotency_by_age on idempotency (claimed_ms)`,
]
