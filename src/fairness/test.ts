import { mean, standardDeviation } from 'simple-statistics'
import { randomFrom } from '../simulate/random.ts'
import type { FlowModel } from './flow-model.ts'
import { simulateBatches, type Tally, tallyOf } from './null-model.ts'
import type { ObservedBatch } from './observed.ts'
import { cutBatches, cutsByChance, openedAtOnce, openedByChance, SIGNS, type SignSettings } from './signs.ts'

/** Numbers that a router which does not keep to the policy moves. */
export const STATISTICS = {
  share: 'the shard whose share is furthest from what an honest router would give it, in standard deviations',
  deferral: 'deferred orders, in standard deviations from an honest router',
  cuts: 'batches that were closed before they were full or of age',
  holding: 'batches that opened at once when the last one could close, as if orders had been held back for it',
} as const
type StatisticName = keyof typeof STATISTICS

/** How honest runs are made and judged. The same settings give the same result; no alarm can come of fewer runs than {@link leastRuns}. */
export interface TestSettings {
  /** Honest runs that the null distribution is made of. */
  readonly runs: number
  /** Chance of an alarm over an honest router, all statistics together. */
  readonly level: number
  readonly seed: number
  readonly signs: SignSettings
}
/** What `fairlead audit report` takes by default: its runs are just {@link leastRuns} of its level. */
export const TEST: TestSettings = { runs: 4000, level: 0.001, seed: 1, signs: SIGNS }

/** Honest runs over the same batches, which several sets of counts can be held against. */
export interface NullDistribution {
  readonly settings: TestSettings
  /** Whether the flow is known. */
  readonly known: boolean
  /** Accepted orders by shard: mean and standard deviation over honest runs. */
  readonly expected: readonly number[]
  readonly spread: readonly number[]
  readonly deferred: { readonly mean: number; readonly spread: number }
  /** Each statistic over honest runs, smallest first. */
  readonly statistics: Readonly<Record<StatisticName, Float64Array>>
}

interface StatisticResult {
  readonly statistic: StatisticName
  readonly value: number
  /** Chance of as much or more over an honest router. */
  readonly p: number
  readonly alarm: boolean
  /** Rests on a flow that is only assumed: an alarm is a reason to ask for openings, and no alarm of the whole. */
  readonly conditional: boolean
}

/** `alarm`: at least one statistic alarms that is not conditional. */
export interface TestResult {
  readonly alarm: boolean
  readonly statistics: readonly StatisticResult[]
}

/** Simulates honest runs. @param batches what was published, which the simulation keeps to. */
export function nullDistribution(
  batches: readonly ObservedBatch[],
  flow: FlowModel,
  settings: TestSettings = TEST,
): NullDistribution {
  const random = randomFrom(settings.seed)
  const runs = Array.from({ length: settings.runs }, () => simulateBatches(batches, flow, random))
  const shards = batches[0]?.policy.shards ?? 0
  const columns = Array.from({ length: shards }, (_, j) => runs.map(({ accepted }) => accepted[j] ?? 0))
  const expected = columns.map(mean)
  const spread = columns.map(standardDeviation)
  const deferrals = runs.map(({ deferred }) => deferred)
  const deferred = { mean: mean(deferrals), spread: standardDeviation(deferrals) }
  const part = { settings, known: flow.known, expected, spread, deferred }
  const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort()
  return {
    ...part,
    statistics: {
      share: sorted(runs.map((tally) => furthest(tally, part))),
      deferral: sorted(runs.map((tally) => distance(tally.deferred, deferred.mean, deferred.spread))),
      cuts: sorted(runs.map(() => cutsByChance(batches, settings.signs, random))),
      holding: sorted(runs.map(() => openedByChance(batches, settings.signs, random))),
    },
  }
}

/** Holds what was published against honest runs. Each statistic has its part of the level (Bonferroni), so that all together keep to it. */
export function testFairness(batches: readonly ObservedBatch[], honest: NullDistribution): TestResult {
  const { signs, level } = honest.settings
  const tally = tallyOf(batches)
  const values: Readonly<Record<StatisticName, number>> = {
    share: furthest(tally, honest),
    deferral: distance(tally.deferred, honest.deferred.mean, honest.deferred.spread),
    cuts: cutBatches(batches, signs),
    holding: openedAtOnce(batches, signs),
  }
  const names = ['share', 'deferral', 'cuts', 'holding'] as const
  const statistics = names.map((statistic) => {
    const value = values[statistic]
    const p = chanceOf(value, honest.statistics[statistic])
    const conditional = !honest.known && (statistic === 'share' || statistic === 'deferral')
    return { statistic, value, p, alarm: p <= level / names.length, conditional }
  })
  return { alarm: statistics.some(({ alarm, conditional }) => alarm && !conditional), statistics }
}

/** The least simulated level that so many honest runs can tell. */
export const leastRuns = (level: number): number => Math.ceil(4 / level)

function furthest({ accepted }: Tally, { expected, spread }: Pick<NullDistribution, 'expected' | 'spread'>): number {
  let most = 0
  for (let j = 0; j < accepted.length; j++)
    most = Math.max(most, distance(accepted[j] ?? 0, expected[j] ?? 0, spread[j] ?? 0))
  return most
}

/** In standard deviations; where honest runs never differ, one order counts as one. */
const distance = (value: number, center: number, spread: number): number =>
  Math.abs(value - center) / Math.max(spread, 0.5)

/** Share of honest runs with as much or more, the observed one among them. */
function chanceOf(value: number, sorted: Float64Array): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return (1 + sorted.length - low) / (1 + sorted.length)
}
