import { type Kysely, type Migration, sql } from 'kysely'

/**
 * Lets batches be sealed before their seeds are known: what routing starts from comes with the draw, and what the draw makes of an order stands beside the
 * promise of its receipt, which stays as it was signed. An order that waits for its draw counts as accepted; one that the draw deferred may come again.
 */
export const sealed: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `alter table batch alter column before drop not null, alter column blind_before drop not null, alter column state_before drop not null,
    add column seed numeric(78), add column seal_hash text, add column seal_signature text`,
  `update batch set seed = epoch.seed from epoch where epoch.epoch = batch.epoch`,
  `alter table entry add column outcome smallint`,
  `drop index entry_accepted_once`,
  `create unique index entry_accepted_once on entry (commitment) where coalesce(outcome, assignment) > 0 and not void`,
]
