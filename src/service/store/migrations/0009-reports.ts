import { type Kysely, type Migration, sql } from 'kysely'

/** What shards say of their finished work, signed by them: kept, as whoever applies a report may be asked for it. */
export const reports: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw(
        `create table report (
          epoch bigint not null, shard smallint not null, counter numeric(20) not null, time bigint not null, signature text not null,
          primary key (epoch, shard, counter))`,
      )
      .execute(db)
  },
}
