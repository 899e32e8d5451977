import { max, mean, median, min, quantile } from 'simple-statistics'
import type { FlowModel } from './flow-model.ts'
import { tallyOf } from './null-model.ts'
import type { ObservedBatch } from './observed.ts'
import { cutBatches, openedAtOnce } from './signs.ts'
import {
  type NullDistribution,
  nullDistribution,
  TEST,
  type TestResult,
  type TestSettings,
  testFairness,
} from './test.ts'

/** Least, middle and most of some numbers. */
export interface Spread {
  readonly min: number
  readonly median: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

interface ShardReport {
  readonly shard: number
  /** Published weights, as shares of their segments: retail, institutional. */
  readonly weights: readonly [number, number]
  readonly accepted: number
  readonly share: number
  /** What an honest router would have given it, with open mask, ramp and headroom as they were. */
  readonly expected: number
  readonly expectedShare: number
  /** How far apart, in standard deviations of honest runs. */
  readonly deviation: number
  /** Share of batches in which the breaker let orders through. */
  readonly open: number
  /** How often the breaker opened its circuit: no orders for the shard until it recovers. */
  readonly breakerOpenings: number
  readonly fee: Spread
}

/** What is known of orders whose openings were disclosed. */
export interface SegmentReport {
  readonly segment: 'retail' | 'institutional'
  readonly orders: number
  readonly deferred: number
  /** Accepted orders, by shard. */
  readonly accepted: readonly number[]
  readonly lots: number
}

/** What became of orders that traders forced in. */
export interface ForcedReport {
  readonly posted: number
  readonly taken: number
  /** Of those that wait, how many are past their deadline. */
  readonly overdue: number
  /** Times that the ledger was frozen for them. */
  readonly freezes: number
  /** Seconds from the posting to the discharge. */
  readonly wait?: Spread
}

/** What receipts at hand say of their orders' way. */
export interface ReceiptsReport {
  readonly receipts: number
  /** Of them, those whose batch is among the accepted ones here. */
  readonly accepted: number
  /** Seconds from the receipt (the order's admission) to the acceptance of its batch. */
  readonly wait?: Spread
}

/** What a report tells besides the batches. */
export interface MoreEvidence {
  readonly segments?: readonly SegmentReport[] | undefined
  readonly forced?: ForcedReport | undefined
  readonly receipts?: ReceiptsReport | undefined
}

/** What is told of a router, from published batches alone where nothing else was given. Shares and rates are 0 to 1. */
export interface FairnessReport {
  readonly batches: { readonly first: bigint; readonly last: bigint; readonly count: number }
  /** µs since the Unix epoch. */
  readonly period: { readonly from: number; readonly to: number }
  readonly orders: number
  readonly accepted: number
  readonly deferred: number
  readonly deferralRate: number
  /** Of accepted orders over expected ones: 1 is even. */
  readonly jain: number
  readonly shards: readonly ShardReport[]
  /** Seconds from a batch's first receipt to its acceptance, where the chain's times are known. */
  readonly acceptance?: Spread
  /** Only for batches that were disclosed. */
  readonly segments?: readonly SegmentReport[]
  /** Only where the ledger has an inbox. */
  readonly forced?: ForcedReport
  /** Only where receipts were given. */
  readonly receipts?: ReceiptsReport
  readonly signs: { readonly cutBatches: number; readonly openedAtOnce: number; readonly notFull: number }
  readonly test: TestResult & { readonly level: number; readonly runs: number; readonly assumed: string }
  /** By batch: for charts. */
  readonly series: {
    readonly time: readonly number[]
    readonly orders: readonly number[]
    readonly deferred: readonly number[]
    readonly fees: readonly (readonly number[])[]
    readonly open: readonly (readonly boolean[])[]
  }
}

/** Makes the report. @param batches at least one, in order. */
export function fairnessReport(
  batches: readonly ObservedBatch[],
  flow: FlowModel,
  { settings = TEST, segments, forced, receipts }: MoreEvidence & { settings?: TestSettings } = {},
): FairnessReport {
  const honest = nullDistribution(batches, flow, settings)
  const { accepted, deferred } = tallyOf(batches)
  const total = accepted.reduce((sum, count) => sum + count, 0)
  const orders = total + deferred
  const times = batches.flatMap(({ time, acceptedAt }) => (acceptedAt === undefined ? [] : [(acceptedAt - time) / 1e6]))
  return {
    batches: { first: batches[0]?.index ?? 0n, last: batches.at(-1)?.index ?? 0n, count: batches.length },
    period: { from: batches[0]?.time ?? 0, to: batches.at(-1)?.time ?? 0 },
    orders,
    accepted: total,
    deferred,
    deferralRate: orders === 0 ? 0 : deferred / orders,
    jain: jainIndex([...accepted], honest.expected),
    shards: [...accepted].map((_, j) => shardReport(j, batches, accepted, honest)),
    ...(times.length === 0 ? {} : { acceptance: spreadOf(times) }),
    ...(segments ? { segments } : {}),
    ...(forced ? { forced } : {}),
    ...(receipts ? { receipts } : {}),
    signs: {
      cutBatches: cutBatches(batches, settings.signs),
      openedAtOnce: openedAtOnce(batches, settings.signs),
      notFull: batches.filter(({ assignments, slots }) => assignments.length < slots).length,
    },
    test: { ...testFairness(batches, honest), level: settings.level, runs: settings.runs, assumed: flow.says },
    series: {
      time: batches.map(({ time }) => time),
      orders: batches.map(({ assignments }) => assignments.length),
      deferred: batches.map(({ assignments }) => assignments.filter((byte) => byte === 0).length),
      fees: [...accepted].map((_, j) => batches.map(({ fees }) => fees[j] ?? 0)),
      open: [...accepted].map((_, j) => batches.map(({ open }) => open[j] ?? false)),
    },
  }
}

function shardReport(
  j: number,
  batches: readonly ObservedBatch[],
  accepted: Float64Array,
  honest: NullDistribution,
): ShardReport {
  const weights = batches.at(-1)?.policy.weights
  const shareOf = (list: Float64Array | undefined): number =>
    list
      ? (list[j] ?? 0) /
        Math.max(
          1,
          list.reduce((sum, weight) => sum + weight, 0),
        )
      : 0
  const [count, expected, spread] = [accepted[j] ?? 0, honest.expected[j] ?? 0, honest.spread[j] ?? 0]
  const open = batches.map((batch) => batch.open[j] ?? false)
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)
  return {
    shard: j,
    weights: [shareOf(weights?.[0]), shareOf(weights?.[1])],
    accepted: count,
    share: count / Math.max(1, sum(accepted)),
    expected,
    expectedShare: expected / Math.max(1, sum(honest.expected)),
    deviation: (count - expected) / Math.max(spread, 0.5),
    open: open.filter(Boolean).length / Math.max(1, open.length),
    breakerOpenings: open.filter((isOpen, i) => !isOpen && (i === 0 || open[i - 1])).length,
    fee: spreadOf(batches.map((batch) => batch.fees[j] ?? 0)),
  }
}

/** Jain's index of x/e over the shards that expect anything: 1 when all get their part, 1/n when one gets everything. */
export function jainIndex(counts: readonly number[], expected: readonly number[]): number {
  const parts = counts.flatMap((count, j) => ((expected[j] ?? 0) > 0 ? [count / (expected[j] ?? 1)] : []))
  const squares = mean(parts.length > 0 ? parts.map((part) => part * part) : [1])
  return squares === 0 ? 1 : mean(parts.length > 0 ? parts : [1]) ** 2 / squares
}

/** The spread of some numbers, in any order; all zeros for none. */
export function spreadOf(values: number[]): Spread {
  if (values.length === 0) return { min: 0, median: 0, p90: 0, p99: 0, max: 0 }
  return {
    min: min(values),
    median: median(values),
    p90: quantile(values, 0.9),
    p99: quantile(values, 0.99),
    max: max(values),
  }
}
