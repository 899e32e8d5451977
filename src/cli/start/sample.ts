import { join } from 'node:path'
import { type AuditReport, describeFailure, report } from '../../audit/report.ts'
import { packageRoot } from '../../proof/root.ts'
import { auditChain } from '../audit/chain-run.ts'
import { catchInvalidRecords, withReader } from '../audit/read.ts'
import { readFlow } from '../flow/csv.ts'
import { DEFAULT_RULES, selectOrders } from '../flow/orders.ts'
import { type FlowResult, runFlow } from '../flow/run-flow.ts'
import { ServiceClient } from '../service-client.ts'
import type { Terminal } from '../shared/terminal.ts'
import type { Serving } from './local.ts'

/** The extract of real flow that a start replays; `sample/PROVENANCE.md` says where it comes from. */
export const SAMPLE_FILE = join('sample', 'bitmex_xbtusd_2018-01-04_0830.csv')

/**
 * How many times faster than it happened the sample is replayed. With batches of 8, orders come about as fast as they fill, twice as fast as snarkjs
 * proves them on two cores: the queue of proofs shows, and drains. Larger batches take twice as many.
 */
export const sampleSpeed = (slots: number): number => (slots > 8 ? 8 : 4)

/** Gives up when no batch was accepted for so long. */
const STALL_MS = 120_000

/** What a sample run must show. */
export const SAMPLE_GOALS = { orders: 100, batches: 12 } as const

/** One thing that a sample run must show. */
export interface SampleCheck {
  readonly name:
    | 'sample-settled'
    | 'sample-accepted'
    | 'sample-orders'
    | 'sample-batches'
    | 'sample-segments'
    | 'sample-deferral'
    | 'sample-audit'
  readonly ok: boolean
  readonly expected: string
  readonly found: string
}

/** What a sample run came to; it passed when every check is `ok`. */
export interface SampleResult {
  readonly flow: FlowResult
  readonly audit: AuditReport
  readonly checks: readonly SampleCheck[]
}

/** Replays the sample through the HTTP API of a running service. */
export async function replaySample(terminal: Terminal, { http, keys }: Serving, speed: number): Promise<FlowResult> {
  const orders = await selectOrders(readFlow(join(packageRoot(), SAMPLE_FILE)), {}, DEFAULT_RULES)
  const client = new ServiceClient(http.url, keys, terminal.interrupted)
  return runFlow(terminal, client, orders, { speed, retryDeferred: 0, stallMs: STALL_MS, quiet: true })
}

/** Audits the ledger from its chain, as anybody could. */
export function auditSelf({ local: { chain, deployment } }: Serving): Promise<AuditReport> {
  const { ledger, fromBlock } = deployment
  return withReader({ rpcUrl: chain.url, ledger, fromBlock }, (reader) =>
    report(catchInvalidRecords(() => auditChain(reader))),
  )
}

/** Batches that a run must show: where one holds so many orders that a slow machine may put the sample into fewer, as many as that takes. */
export const sampleBatches = (slots: number): number =>
  Math.min(SAMPLE_GOALS.batches, Math.ceil((2 * SAMPLE_GOALS.orders) / slots))

/** Holds a run against its goals. @param least batches that it must show. */
export function checkSample(flow: FlowResult, audit: AuditReport, least: number = SAMPLE_GOALS.batches): SampleCheck[] {
  const { orders, accepted, deferred, tooLarge, retail, institutional, batches, batchesAccepted } = flow
  const goal = (name: SampleCheck['name'], ok: boolean, expected: string, found: unknown): SampleCheck => ({
    name,
    ok,
    expected,
    found: String(found),
  })
  const settled = accepted + deferred + tooLarge
  const [failure] = audit.failures
  return [
    goal('sample-settled', settled === orders, `${orders} orders settled`, settled),
    goal('sample-accepted', batchesAccepted, 'every batch accepted by the chain', batchesAccepted ? 'all' : 'not all'),
    goal('sample-orders', accepted >= SAMPLE_GOALS.orders, `at least ${SAMPLE_GOALS.orders} orders accepted`, accepted),
    goal('sample-batches', batches >= least, `at least ${least} batches`, batches),
    goal(
      'sample-segments',
      retail > 0 && institutional > 0,
      'both segments',
      `${retail} retail, ${institutional} institutional`,
    ),
    goal('sample-deferral', deferred > 0, 'at least one deferral', deferred),
    goal('sample-audit', audit.ok, 'an audit without failures', failure ? describeFailure(failure) : 'none'),
  ]
}
