/**
 * Every write that the service makes durable, by name (protocol, section 6, and what stands around it). The crash test kills the service at each; a statement
 * that no row matches fails the test, so that a new write must come here.
 */

/** `before`: ahead of the statement, so that its transaction is lost. `after`: when it is committed, before the service hears of it. */
export type Moment = 'before' | 'after'

/** What must happen for a write to come: most need orders alone. */
export type Stage = 'set-up' | 'flow' | 'sealed' | 'epoch' | 'reorg' | 'failing-prover' | 'retry'

export interface NamedWrite {
  readonly name: string
  /** The SQL of the statement, white space folded. */
  readonly sql: RegExp
  /** What a parameter must be, where the SQL alone does not tell. */
  readonly given?: (values: readonly unknown[], sql: string) => boolean
  readonly stage: Stage
  /** Comes only when a batch is proven. */
  readonly proven?: boolean
  /** Moments at which the test kills; a write in the middle of a transaction has the `after` of its last one. */
  readonly kills: readonly Moment[]
}

const BOTH = ['before', 'after'] as const
const BEFORE = ['before'] as const
const MOVE = /^update "batch" set .*"state" = \$\d+ where "index" = \$\d+ and "state" in/
const to =
  (state: string) =>
  (values: readonly unknown[], sql: string): boolean =>
    values[Number(/"state" = \$(\d+) where/.exec(sql)?.[1]) - 1] === state
const signed = (values: readonly unknown[]): boolean => values.some((value) => /^0x[0-9a-f]{130}$/.test(String(value)))
const flow = (name: string, sql: RegExp, kills: readonly Moment[], given?: NamedWrite['given']): NamedWrite => ({
  name,
  sql,
  stage: 'flow',
  kills,
  ...(given && { given }),
})
const at = (stage: Stage, write: NamedWrite): NamedWrite => ({ ...write, stage })
const proven = (write: NamedWrite): NamedWrite => ({ ...write, proven: true })

/** The first row that matches names a statement. */
export const STORE_WRITES: readonly NamedWrite[] = [
  // Set-up of the database.
  at(
    'set-up',
    flow(
      'schema',
      /^(create|alter|drop) |"kysely_migration|^insert into (lane|event_head) |^update (entry set size|batch set seed|"?api_key"? set "?(scopes|holder))/,
      BOTH,
    ),
  ),
  at('set-up', flow('queue-schema', /^BEGIN; .*pgboss|pgboss\.create_queue/, BOTH)),
  at('set-up', flow('epoch', /^insert into "epoch"/, BOTH)),
  at('set-up', flow('api-key', /^insert into "api_key"/, BOTH)),
  // The lane's lease.
  flow('lease-taken', /^update "lane" set "term" =/, BOTH),
  flow('lease-renewed', /^update "lane" set "expires_at"/, BOTH),
  flow('lease-released', /^update "lane" set "holder"/, []),
  // A turn of the router: one transaction.
  flow('receipts-counted', /^update "lane" set "receipts"/, BEFORE),
  flow('batch-marked', /^update "batch" set "state" = \$1 where "index" in/, BEFORE),
  flow('batch-opened', /^insert into "batch"/, BEFORE),
  flow('orders-joined', /^insert into entry /, BOTH),
  flow('batch-filled', /^update "batch" set "count" = \$1, "deferred" = \$2 where/, BEFORE),
  flow('batch-closed', /^update "batch" set "count" .*"statement" =/, BEFORE),
  flow('job-sent', /INSERT INTO pgboss\.job \(/, BEFORE, (values) => values.length > 4),
  flow('proof-requested', /^insert into "proof"/, BOTH),
  // Sealed mode: the seal in a turn of the router, then the draw in a transaction of its own, whose last writes are those of a closed batch.
  at('sealed', flow('batch-sealed', /^update "batch" set "count" = \$1, "seal_hash"/, BOTH)),
  at(
    'sealed',
    flow('batch-drawn', /^update "batch" set "state" = \$1 where "index" = \$2 and "state" in/, BEFORE, to('closed')),
  ),
  at('sealed', flow('states-drawn', /^update "batch" set "seed"/, BEFORE)),
  at('sealed', flow('orders-drawn', /^update entry set outcome/, BOTH)),
  // The end of an epoch.
  at('epoch', flow('end-decided', /^update "epoch" set "end_batch"/, BOTH)),
  // The prover and the check of witnesses.
  flow('job-fetched', /^WITH next as .*UPDATE pgboss\.job/, BOTH),
  flow('attempt-begun', /^update "proof" set "state" = \$1, "attempt" =/, BOTH),
  proven(flow('proof-stored', /^update "proof" set .*"words" =/, BOTH)),
  proven(flow('job-completed', /^WITH results AS .*state = 'completed'/, BOTH)),
  flow('batch-checked', /^update "batch" set "checked"/, BOTH),
  at('failing-prover', flow('failure-counted', /^update "batch" set "failures" = "failures"/, BEFORE)),
  at('failing-prover', flow('attempt-ended', /^update "proof" set "state" = \$1(, "error" = \$2)? where "job"/, BOTH)),
  at('failing-prover', flow('job-released', /^WITH deleted_jobs AS/, BOTH)),
  at('failing-prover', flow('batch-quarantined', MOVE, BOTH, to('quarantined'))),
  // A person's retry: one transaction.
  at('retry', flow('batch-retried', MOVE, BEFORE, to('closed'))),
  at('retry', flow('transaction-deleted', /^delete from "submission"/, BEFORE)),
  at('retry', flow('proof-deleted', /^delete from "proof"/, BOTH)),
  // The submitter.
  proven(flow('batch-proven', MOVE, BOTH, (values, sql) => to('proven')(values, sql) && signed(values))),
  proven(flow('batch-sent', MOVE, BEFORE, to('sent'))),
  proven(flow('transaction-stored', /^insert into "submission"/, BOTH)),
  // The watcher.
  proven(flow('batch-accepted', MOVE, BEFORE, to('accepted'))),
  proven(flow('block-stored', /^update "submission" set "block_number"/, BEFORE, (values) => values[0] !== null)),
  proven(flow('shards-counted', /^insert into "shard_total"/, BOTH)),
  proven(flow('batch-final', MOVE, BEFORE, to('final'))),
  proven(flow('orders-erased', /^update "entry" set "size"/, BOTH)),
  at('reorg', flow('acceptance-revoked', MOVE, BEFORE, to('proven'))),
  at('reorg', flow('block-forgotten', /^update "submission" set "block_number"/, BOTH)),
  // Answers by idempotency key.
  flow('request-claimed', /^insert into "idempotency"/, BOTH),
  flow('answer-stored', /^update "idempotency" set "status"/, BOTH),
  flow('claims-freed', /^delete from "idempotency" where "status" is null/, BOTH),
  flow('claim-freed', /^delete from "idempotency" where "key_id"/, []),
  flow('answers-swept', /^delete from "idempotency" where "claimed_ms"/, BEFORE),
  // Rare, and the same as others to whoever starts next: seen, not killed at.
  flow('proof-refused', /^update "proof" set "state" = \$1, "error" = \$2 where "batch"/, []),
  flow('job-cancelled', /state = 'cancelled'/, []),
  flow('proof-renewed', /^update "proof" set "job"/, []),
  flow('key-revoked', /^update "api_key" set "revoked_ms"/, []),
  flow('key-rotated', /^update "api_key" set "successor"/, []),
  flow('quota-taken', /^(insert into|update) "order_quota"/, []),
  flow('events-pruned', /^delete from "event"/, []),
  flow('report-kept', /^insert into "report"/, []),
  flow('entries-voided', /^update "entry" set "void"/, []),
  flow('batches-abandoned', /^update "batch" set "state" = \$1 where "epoch"/, []),
  flow('queue-maintained', /pgboss\./, []),
]

/** Files of the data folder, each replaced whole. */
export const FILE_WRITES = [
  'secrets.json',
  'addresses.json',
  'chain.json.kept',
  'deployment.json',
  'client-keys.json',
] as const

/** Transactions of the set-up, by what they call; `deploy` is the creation of a contract. */
export const CHAIN_WRITES = [
  'deploy',
  'propose',
  'activate',
  'announceEpoch',
  'openEpoch',
  'submitBatch',
  'sealBatch',
] as const

/** The write that a statement is; `undefined` when it only reads. @throws Error for a write without a name. */
export function nameOf(text: string, values: readonly unknown[]): string | undefined {
  const sql = text.replaceAll(/\s+/g, ' ').trim()
  if (isRead(sql)) return undefined
  const found = STORE_WRITES.find((write) => write.sql.test(sql) && (write.given?.(values, sql) ?? true))
  if (found) return found.name
  throw new Error(`no name for the write: ${sql.slice(0, 300)}`)
}

const WRITING = /\b(insert into|update|delete from|create|alter|drop|truncate)\b|pgboss\.\w+\(/i
const isRead = (sql: string): boolean =>
  /^(listen|begin|commit|rollback|start transaction|set)\b(?!.*;)/i.test(sql) ||
  (/^(select|with|show)\b/i.test(sql) && !WRITING.test(sql.replaceAll(/for update/gi, '')))
