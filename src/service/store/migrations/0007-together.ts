import { type Kysely, type Migration, sql } from 'kysely'

/** Lets batches share a transaction, whose bytes are kept once. */
export const together: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `alter table submission drop constraint submission_hash_key, alter column raw drop not null`,
  `create index submission_by_hash on submission (hash)`,
]
