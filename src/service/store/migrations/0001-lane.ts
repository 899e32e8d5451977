import { type Kysely, type Migration, sql } from 'kysely'

/**
 * Batches, their entries, proofs and transactions.
 *
 * Field elements are numeric(78), other wide integers bigint; V is bytes. The unique indexes are the last line of defence for what receipts promise:
 * one row a slot, a commitment once a batch, and accepted at most once among rows that are not void.
 */
export const lane: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `create table lane (
    id smallint primary key check (id = 0),
    term bigint not null, holder text, expires_at timestamptz not null,
    receipts bigint not null, accepted bigint not null, deferred bigint not null)`,
  `insert into lane values (0, 0, null, now(), 0, 0, 0)`,
  `create table epoch (
    epoch bigint primary key, first_batch bigint not null, chain_id numeric(78) not null, ledger text not null,
    key_commit numeric(78) not null, seed numeric(78) not null, signer text not null,
    fee_word bigint not null, policy_words jsonb not null, settlements jsonb not null, report_signers jsonb not null)`,
  `create table batch (
    index bigint primary key check (index >= 0), epoch bigint not null references epoch, state text not null, circuit text not null,
    time bigint not null, elapsed bigint not null, order_counter bigint not null,
    before jsonb not null, blind_before numeric(78) not null, state_before numeric(78) not null, served jsonb not null,
    count integer not null, deferred integer not null,
    after jsonb, blind_after numeric(78), state_after numeric(78), statement bytea, statement_hash text, signature text,
    failures integer not null default 0, reason text)`,
  // At most one batch is open; the few that are under way are found without looking at those that are done.
  `create unique index batch_open on batch (state) where state = 'open'`,
  `create index batch_under_way on batch (index) where state not in ('final', 'abandoned')`,
  // The key leads with the batch, by which entries are read.
  `create table entry (
    epoch bigint not null, batch bigint not null references batch, slot integer not null,
    commitment numeric(78) not null, assignment smallint not null, time bigint not null,
    void boolean not null default false, key_id text not null,
    size bigint not null, side smallint not null, segment smallint not null, details numeric(78) not null,
    primary key (batch, slot, epoch))`,
  `create unique index entry_once_a_batch on entry (commitment, batch)`,
  `create unique index entry_accepted_once on entry (commitment) where assignment > 0 and not void`,
  `create table proof (
    batch bigint primary key references batch, job uuid not null unique, state text not null, attempt integer not null default 0, error text,
    digest numeric(78), alpha numeric(78), y numeric(78), beneficiary text, verifier_id text, words jsonb,
    witness_ms double precision, prove_ms double precision)`,
  `create table submission (
    batch bigint primary key references batch, nonce integer not null, raw text not null, hash text not null unique,
    block_number integer, block_hash text, gas_used bigint)`,
  `create table shard_total (shard integer primary key, assigned bigint not null)`,
]
