import { type Kysely, type Migration, sql } from 'kysely'

/** Lets an epoch end where its router decided, before the ledger is told: the first index that it does not have, and the mode of the epoch after it. */
export const epochEnd: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table epoch add column end_batch bigint, add column next_sealed boolean').execute(db)
  },
}
