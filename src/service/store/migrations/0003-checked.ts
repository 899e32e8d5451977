import { type Kysely, type Migration, sql } from 'kysely'

/** Which closed batches are known to have a witness. What closed before this was kept is looked at again. */
export const checked: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table batch add column checked boolean not null default false`.execute(db)
  },
}
