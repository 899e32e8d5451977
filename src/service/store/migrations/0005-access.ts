import { type Kysely, type Migration, sql } from 'kysely'

/**
 * What a key may do, how much of it, and for how long; and the line of rotations that it stands in. Keys from before keep what they could do, but for
 * other keys' receipts. `holder` is the first key of the line: orders belong to it, so that a successor reads what its predecessor sent.
 */
export const access: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `alter table api_key
    add column scopes text[] not null default array['orders:write', 'orders:read', 'batches:read', 'proofs:write', 'metrics:read'],
    add column rate integer check (rate > 0), add column orders_per_day integer check (orders_per_day > 0),
    add column expires_ms bigint, add column holder text, add column successor text`,
  `update api_key set holder = id`,
  `alter table api_key alter column holder set not null, alter column scopes drop default`,
  // Orders of a holder on the present day; one row a holder, however many days go by.
  `create table order_quota (holder text primary key, day integer not null, orders bigint not null)`,
]
