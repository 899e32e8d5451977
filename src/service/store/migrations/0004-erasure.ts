import { type Kysely, type Migration, sql } from 'kysely'

/** Lets orders be erased once their batch is final, and erases those of batches that are. */
export const erasure: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `alter table entry alter column size drop not null, alter column side drop not null,
    alter column segment drop not null, alter column details drop not null`,
  `update entry set size = null, side = null, segment = null, details = null
    from batch where batch.index = entry.batch and batch.state = 'final'`,
]
