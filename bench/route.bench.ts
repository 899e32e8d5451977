/**
 * What routing costs, at S = 16: assignments a second by the pure router on one core, and receipts a second by the service within its
 * process, in bulk (256 a call) and one by one (64 callers at once), durable and signed. Nothing is proven meanwhile. With
 * FAIRLEAD_TEST_DATABASE_URL the service runs on that PostgreSQL too.
 */
import { commitmentOf, type Order } from '../src/order/order.ts'
import { batchKeyOf } from '../src/policy/keys.ts'
import { BatchRouter } from '../src/route/route.ts'
import { startBatch } from '../src/route/start.ts'
import { systemClock } from '../src/service/clock.ts'
import { type Database, openPGlite, openPostgres } from '../src/service/store/database.ts'
import { batchFixture, orderFixture, policyFixture } from '../test/helpers/fixtures.ts'
import { emptyDatabase, startTestService } from '../test/service/harness.ts'
import { type BenchContext, interleave, type Row, row } from './report.ts'

const SHARDS = 16
/** Slots of the circuit that fills 2^17 at S = 16. */
const SLOTS = 105
const BULK = 256
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
  const { service, prover } = await startTestService(database, {
    slots: SLOTS,
    policy,
    limits,
    change: { clock: systemClock },
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
    const bulk = async () => {
      const calls = Array.from({ length: 8 }, () => fresh(BULK))
      return timed(
        calls.map((orders) => () => submit(orders)),
        1,
      )
    }
    const single = async () => {
      const calls = fresh(1024).map((order) => () => submit([order]))
      return timed(calls, CALLERS)
    }
    const [bulks = [], singles = []] = await interleave([bulk, single], { runs: RUNS })
    const rowsOf = (label: string, results: readonly Timed[]): Row[] => [
      row(
        `${name}/${label}`,
        'receiptsPerSecond',
        '1/s',
        results.map(({ perSecond }) => perSecond),
      ),
      row(
        `${name}/${label}`,
        'p50',
        'ms',
        results.map(({ p50 }) => p50),
      ),
      row(
        `${name}/${label}`,
        'p99',
        'ms',
        results.map(({ p99 }) => p99),
      ),
    ]
    return [...rowsOf(`bulk of ${BULK}`, bulks), ...rowsOf(`one by one, ${CALLERS} callers`, singles)]
  } finally {
    await service.stop()
    await database.close()
  }
}

interface Timed {
  /** Receipts. */
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

/** Makes all calls, so many at once; each tells how many receipts it brought. Latencies are ms of a call. */
async function timed(calls: readonly (() => Promise<number>)[], atOnce: number): Promise<Timed> {
  const latencies: number[] = []
  let receipts = 0
  const queue = calls.values()
  const begun = performance.now()
  const work = async () => {
    for (const call of queue) {
      const asked = performance.now()
      const got = await call()
      receipts += got
      latencies.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const perSecond = (receipts * 1000) / (performance.now() - begun)
  latencies.sort((a, b) => a - b)
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 0
  return { perSecond, p50: at(0.5), p99: at(0.99) }
}
