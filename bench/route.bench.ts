/**
 * What routing costs, at S = 16: assignments a second by the pure router on one core, and receipts a second by the service within its
 * process and through HTTP (the client in a process of its own), in bulk (256 a call, 1 and 4 callers at once) and one by one (64 callers), durable and
 * signed. Nothing is proven meanwhile. With FAIRLEAD_TEST_DATABASE_URL the service runs on that PostgreSQL too.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createApp } from '../src/http/app.ts'
import { listen } from '../src/http/listen.ts'
import { commitmentOf, type Order } from '../src/order/order.ts'
import { batchKeyOf } from '../src/policy/keys.ts'
import { BatchRouter } from '../src/route/route.ts'
import { startBatch } from '../src/route/start.ts'
import { ApiKeys } from '../src/service/api-keys.ts'
import { systemClock } from '../src/service/clock.ts'
import { Idempotency } from '../src/service/idempotency.ts'
import { createLog } from '../src/service/log.ts'
import { OrderQuota } from '../src/service/order-quota.ts'
import { SigningThread } from '../src/service/signing-thread.ts'
import { type Database, openPGlite, openPostgres } from '../src/service/store/database.ts'
import { batchFixture, orderFixture, policyFixture } from '../test/helpers/fixtures.ts'
import { emptyDatabase, SIGNER_KEY, startTestService, testContext } from '../test/service/harness.ts'
import type { ClientResult, ClientTask } from './http-client.ts'
import { type BenchContext, interleave, type Row, row } from './report.ts'
import { type Timed, timed } from './timed.ts'

const SHARDS = 16
/** Slots of the circuit that fills 2^17 at S = 16. */
const SLOTS = 105
const BULK = 256
const BULK_CALLERS = [1, 4] as const
const BULKS = 16
const CALLERS = 64
const RUNS = 5
/** Limits that do not bind: this measures the way to a receipt, not the refusal. */
const policy = policyFixture(SHARDS, 'two-choice', { limit: 2n ** 36n - 1n, trip: 2n ** 36n - 1n, skew: 2n ** 39n })
const limits = { maxUnproven: 100_000, maxWaiting: 100_000, batchMaxAgeMs: 10_000 }

export default async function route({ say }: BenchContext): Promise<Row[]> {
  const url = process.env.FAIRLEAD_TEST_DATABASE_URL
  const rows = await pure()
  say('opening the embedded database')
  rows.push(...(await service('pglite', await openPGlite(), say)))
  if (url !== undefined) rows.push(...(await service('postgres', await openPostgres(url), say)))
  return rows
}

async function pure(): Promise<Row[]> {
  const { before, served, key, seed, orders } = batchFixture(SHARDS, 2000, { policy })
  const batchKey = batchKeyOf(key, seed)
  const perSecond = (withCommitment: boolean) => (): number => {
    const known = orders.map(commitmentOf)
    const begun = performance.now()
    for (let at = 0; at < orders.length; at += SLOTS) {
      const router = new BatchRouter(policy, startBatch(policy, before, served), { batchKey, orderCounter: 0n })
      orders.slice(at, at + SLOTS).forEach((order, i) => {
        router.assign(order, withCommitment ? commitmentOf(order) : known[at + i])
      })
    }
    return (orders.length * 1000) / (performance.now() - begun)
  }
  const [whole = [], assigned = []] = await interleave([perSecond(true), perSecond(false)], { runs: RUNS })
  return [
    row('router/commit and assign', 'assignmentsPerSecond', '1/s', whole),
    row('router/assign', 'assignmentsPerSecond', '1/s', assigned),
  ]
}

async function service(name: string, database: Database, say: BenchContext['say']): Promise<Row[]> {
  await emptyDatabase(database)
  const lane = { slots: SLOTS, policy, limits }
  const signing = new SigningThread({ key: SIGNER_KEY, separator: testContext(lane).separator })
  const { service, prover } = await startTestService(database, {
    ...lane,
    change: { clock: systemClock, signReceipts: signing.sign },
  })
  prover.paused = true
  let next = 0
  const fresh = (count: number): Order[] =>
    Array.from({ length: count }, () => ({ ...orderFixture(next++), segment: 'retail' }))
  const caller = { keyId: 'bench', segment: 'retail' } as const
  try {
    say(`receipts on ${name}`)
    const submit = async (orders: readonly Order[]): Promise<number> => {
      const outcomes = await service.submitOrders(orders, caller)
      return outcomes.filter(({ status }) => status !== 'refused').length
    }
    const bulk = (callers: number) => async (): Promise<Timed> => {
      const calls = Array.from({ length: BULKS }, () => fresh(BULK))
      return timed(
        calls.map((orders) => () => submit(orders)),
        callers,
      )
    }
    const single = async () => {
      const calls = fresh(1024).map((order) => () => submit([order]))
      return timed(calls, CALLERS)
    }
    const keys = new ApiKeys(database.db)
    const { token } = await keys.create({ name: 'bench', segment: 'retail' })
    const idempotency = new Idempotency(database.db)
    const log = createLog('silent')
    const quota = new OrderQuota(database.db)
    const app = createApp({
      service,
      keys,
      idempotency,
      quota,
      registry: service.metrics,
      log,
      limits: { keyRate: 1_000_000 },
    })
    const http = await listen(app, { host: '127.0.0.1', port: 0 })
    const client = fork(new URL('./http-client.js', import.meta.url))
    const ask = async (calls: number, ordersACall: number, atOnce: number): Promise<Timed> => {
      const first = next
      next += calls * ordersACall
      const task: ClientTask = { url: http.url, token, first, calls, ordersACall, atOnce }
      client.send(task)
      const [result] = (await once(client, 'message')) as [ClientResult] // what our own script sends
      return result
    }
    const cases: readonly (readonly [string, () => Promise<Timed>])[] = [
      ...BULK_CALLERS.map((n) => [`in process, bulk of ${BULK}, ${callers(n)}`, bulk(n)] as const),
      [`in process, one by one, ${CALLERS} callers`, single],
      ...BULK_CALLERS.map((n) => [`http, bulk of ${BULK}, ${callers(n)}`, () => ask(BULKS, BULK, n)] as const),
      [`http, one by one, ${CALLERS} callers`, () => ask(1024, 1, CALLERS)],
    ]
    try {
      const results = await interleave(
        cases.map(([, run]) => run),
        { runs: RUNS },
      )
      return cases.flatMap(([label], i) => rowsOf(`${name}/${label}`, results[i] ?? []))
    } finally {
      client.disconnect()
      await http.close()
    }
  } finally {
    await service.stop()
    await signing.close()
    await database.close()
  }
}

const callers = (count: number): string => (count === 1 ? 'one caller' : `${count} callers`)

function rowsOf(label: string, results: readonly Timed[]): Row[] {
  const samples = (value: (result: Timed) => number): number[] => results.map(value)
  return [
    row(
      label,
      'receiptsPerSecond',
      '1/s',
      samples(({ perSecond }) => perSecond),
    ),
    row(
      label,
      'p50',
      'ms',
      samples(({ p50 }) => p50),
    ),
    row(
      label,
      'p99',
      'ms',
      samples(({ p99 }) => p99),
    ),
  ]
}
