import type { FairnessReport, ForcedReport, ReceiptsReport, Spread } from './report.ts'
import { STATISTICS } from './test.ts'

const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`
const time = (micros: number): string => new Date(micros / 1000).toISOString()
const seconds = ({ median, p90, max }: Spread): string =>
  `median ${median.toFixed(1)} s, 90 % within ${p90.toFixed(1)} s, longest ${max.toFixed(1)} s`

/** The report in lines for people. */
export function* fairnessText(report: FairnessReport): Generator<string> {
  const { batches, period, orders, deferred, deferralRate, jain, test, signs } = report
  yield `batches  ${batches.first} to ${batches.last} (${batches.count}), ${time(period.from)} to ${time(period.to)}`
  yield `orders   ${orders}, ${deferred} deferred (${percent(deferralRate)})`
  yield `evenness Jain index ${jain.toFixed(4)} of accepted over expected orders`
  if (report.acceptance) yield `accepted ${seconds(report.acceptance)} after a batch's first receipt`
  if (report.receipts) yield `receipts ${receiptsText(report.receipts)}`
  if (report.forced) yield `forced   ${forcedText(report.forced)}`
  yield ''
  yield 'shard  weights (retail, inst.)  accepted   share     expected  deviation  open      breaker  fee (min, median, max)'
  for (const shard of report.shards) {
    const weights = shard.weights.map((weight) => percent(weight).padStart(8)).join(' ')
    yield [
      `${shard.shard}`.padStart(5),
      `       ${weights}`,
      `${shard.accepted}`.padStart(9),
      percent(shard.share).padStart(9),
      percent(shard.expectedShare).padStart(10),
      shard.deviation.toFixed(2).padStart(10),
      percent(shard.open, 1).padStart(9),
      `${shard.breakerOpenings}`.padStart(9),
      `  ${shard.fee.min}, ${shard.fee.median}, ${shard.fee.max}`,
    ].join(' ')
  }
  yield ''
  for (const { segment, orders: count, deferred: later, lots } of report.segments ?? [])
    yield `${segment}: ${count} orders of ${lots} lots disclosed, ${later} deferred`
  if (!report.segments)
    yield 'by segment: segments are hidden in commitments; disclosed openings show them (--openings)'
  yield `signs    ${signs.cutBatches} batches cut short, ${signs.openedAtOnce} opened at once, of ${signs.notFull} that were not full`
  yield `test     against ${test.runs} simulated honest routers, level ${percent(test.level, 1)}; assumed: ${test.assumed}`
  for (const { statistic, value, p, alarm, conditional } of test.statistics) {
    const word = !alarm ? 'ok   ' : conditional ? 'ask  ' : 'ALARM'
    yield `  ${word} ${statistic}: ${value.toFixed(2)}, p = ${p.toPrecision(2)} (${STATISTICS[statistic]})`
  }
  if (test.statistics.some(({ alarm, conditional }) => alarm && conditional))
    yield '  ask: unlikely if the flow was as assumed; with --flow or --openings it becomes an alarm, or nothing'
  yield test.alarm
    ? 'fairness: ALARM: an honest router would hardly ever look like this'
    : 'fairness: nothing that an honest router would not show'
}

const receiptsText = ({ receipts, accepted, wait }: ReceiptsReport): string =>
  `${accepted} of ${receipts} accepted${wait ? `, ${seconds(wait)} after their own receipt` : ''}`

function forcedText({ posted, taken, overdue, freezes, wait }: ForcedReport): string {
  if (posted === 0) return 'no order was forced in'
  const ignored = [
    ...(overdue > 0 ? [`${overdue} PAST THEIR DEADLINE`] : []),
    ...(freezes > 0 ? [`the ledger was frozen ${freezes} times`] : []),
  ]
  const waits = posted - taken
  return [`${posted} orders, ${taken} taken${wait ? ` (${seconds(wait)})` : ''}, ${waits} wait`, ...ignored].join(', ')
}
