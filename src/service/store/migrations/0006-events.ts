import { type Kysely, type Migration, sql } from 'kysely'

/**
 * What happened, in the order in which it was committed, for streams of events.
 *
 * Triggers write it, in the transaction of the change itself: whatever process changes a row, no event is lost or made up. Ids come from one row that stays
 * locked until the transaction ends, so that they have no gaps and nothing appears below an id that was read. What a batch becomes is told at the commit,
 * when its counts are right, and holds that lock only for the commit.
 */
export const events: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table event_head (id smallint primary key check (id = 0), last bigint not null)`,
  `insert into event_head values (0, 0)`,
  // holder and slots: of receipts. The rest is what was public then; jsonb, as streams pass it on.
  `create table event (
    id bigint primary key, kind text not null, batch bigint not null, at timestamptz not null default now(),
    holder text, slots integer[], facts jsonb)`,
  `create function event_ids(n bigint) returns bigint language sql as
    $$ update event_head set last = last + n returning last - n $$`,
  `create function tell_receipts() returns trigger language plpgsql as $$
    declare base bigint; n bigint;
    begin
      select count(*) into n from (select distinct batch, key_id from fresh) as groups;
      if n = 0 then return null; end if;
      base := event_ids(n);
      insert into event (id, kind, batch, holder, slots)
        select base + row_number() over (order by batch, key_id), 'receipts', batch, key_id, array_agg(slot order by slot)
        from fresh group by batch, key_id;
      perform pg_notify('fairlead', 'event');
      return null;
    end $$`,
  `create function tell_batch(of_index bigint, of_state text) returns void language plpgsql as $$
    begin
      insert into event (id, kind, batch, facts)
        select event_ids(1) + 1, 'batch', index, jsonb_build_object(
          'epoch', epoch::text, 'index', index::text, 'state', of_state, 'time', time::text, 'count', count, 'deferred', deferred)
        from batch where index = of_index;
      perform pg_notify('fairlead', 'event');
    end $$`,
  `create function tell_opened() returns trigger language plpgsql as
    $$ begin perform tell_batch(new.index, 'open'); return null; end $$`,
  `create function tell_moved() returns trigger language plpgsql as
    $$ begin perform tell_batch(new.index, new.state); return null; end $$`,
  `create function tell_proof() returns trigger language plpgsql as $$
    begin
      insert into event (id, kind, batch, facts) values (event_ids(1) + 1, 'proof', new.batch, jsonb_strip_nulls(jsonb_build_object(
        'id', new.job, 'batchIndex', new.batch::text, 'state', new.state, 'attempts', new.attempt, 'error', new.error,
        'witnessMs', new.witness_ms, 'proveMs', new.prove_ms)));
      perform pg_notify('fairlead', 'event');
      return null;
    end $$`,
  `create trigger receipts_told after insert on entry referencing new table as fresh for each statement execute function tell_receipts()`,
  `create trigger batch_opened after insert on batch for each row execute function tell_opened()`,
  `create constraint trigger batch_closed_at_once after insert on batch deferrable initially deferred
    for each row when (new.state <> 'open') execute function tell_moved()`,
  `create constraint trigger batch_moved after update on batch deferrable initially deferred
    for each row when (old.state is distinct from new.state) execute function tell_moved()`,
  `create trigger proof_wanted after insert on proof for each row execute function tell_proof()`,
  `create trigger proof_moved after update on proof
    for each row when ((old.state, old.job, old.attempt) is distinct from (new.state, new.job, new.attempt)) execute function tell_proof()`,
]
