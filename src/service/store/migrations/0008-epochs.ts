import { type Kysely, type Migration, sql } from 'kysely'

/**
 * Lets a ledger go on in another epoch: an abandoned batch stays, with its void receipts, while the next epoch gives its index again. Of an index at most one batch
 * stands. Proofs and transactions are of batches that stand. A batch has the shards' counters that it applied.
 */
export const epochs: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `alter table entry drop constraint entry_batch_fkey`,
  `alter table proof drop constraint proof_batch_fkey`,
  `alter table submission drop constraint submission_batch_fkey`,
  `alter table batch drop constraint batch_pkey, add primary key (index, epoch), add column counters jsonb`,
  `create unique index batch_stands on batch (index) where state <> 'abandoned'`,
  `alter table entry add foreign key (batch, epoch) references batch (index, epoch)`,
  `drop index entry_once_a_batch`,
  `create unique index entry_once_a_batch on entry (commitment, batch, epoch)`,
  `alter table event add column epoch bigint`,
  `create or replace function tell_receipts() returns trigger language plpgsql as $$
    declare base bigint; n bigint;
    begin
      select count(*) into n from (select distinct batch, epoch, key_id from fresh) as groups;
      if n = 0 then return null; end if;
      base := event_ids(n);
      insert into event (id, kind, batch, epoch, holder, slots)
        select base + row_number() over (order by batch, epoch, key_id), 'receipts', batch, epoch, key_id, array_agg(slot order by slot)
        from fresh group by batch, epoch, key_id;
      perform pg_notify('fairlead', 'event');
      return null;
    end $$`,
  `create function tell_batch(of_index bigint, of_epoch bigint, of_state text) returns void language plpgsql as $$
    begin
      insert into event (id, kind, batch, epoch, facts)
        select event_ids(1) + 1, 'batch', index, epoch, jsonb_build_object(
          'epoch', epoch::text, 'index', index::text, 'state', of_state, 'time', time::text, 'count', count, 'deferred', deferred)
        from batch where index = of_index and epoch = of_epoch;
      perform pg_notify('fairlead', 'event');
    end $$`,
  `create or replace function tell_opened() returns trigger language plpgsql as
    $$ begin perform tell_batch(new.index, new.epoch, 'open'); return null; end $$`,
  `create or replace function tell_moved() returns trigger language plpgsql as
    $$ begin perform tell_batch(new.index, new.epoch, new.state); return null; end $$`,
  `drop function tell_batch(bigint, text)`,
]
