import { Command } from 'commander'
import { ASSUMED, assumedFlow, drawnFrom, type FlowModel } from '../../../fairness/flow-model.ts'
import { fairnessHtml } from '../../../fairness/html.ts'
import { fairnessReport, type SegmentReport } from '../../../fairness/report.ts'
import { SIGNS } from '../../../fairness/signs.ts'
import { leastRuns, TEST } from '../../../fairness/test.ts'
import { fairnessText } from '../../../fairness/text.ts'
import { SEGMENTS } from '../../../order/order.ts'
import { chartLibrary } from '../../audit/charts.ts'
import { receiptFiles } from '../../audit/evidence.ts'
import { type ObserveOptions, observeBatches } from '../../audit/observe.ts'
import { type OpenedOrder, readOpenedOrders } from '../../audit/opened-orders.ts'
import { verifierOption, withChain } from '../../audit/options.ts'
import { EXIT_OF, showReport } from '../../audit/show.ts'
import { readFlow } from '../../flow/csv.ts'
import { DEFAULT_RULES, selectOrders, simOrder } from '../../flow/orders.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError, EXIT } from '../../shared/exit.ts'
import { writeText } from '../../shared/files.ts'
import { batchRange, positive, share } from '../../shared/parse.ts'
import { note, print, printJson } from '../../shared/terminal.ts'
import { readReceipts } from './run.ts'

interface ReportOptions extends ObserveOptions {
  readonly html?: string
  readonly flow?: string
  readonly openings?: string
  readonly receipts?: string
  readonly lots: number
  readonly institutional: number
  readonly batchAge: number
  readonly runs: number
  readonly level: number
  readonly json?: boolean
}

const HELP = `
From the chain, or offline from a file of bundles and its anchor; the batches are audited first. Shares by shard are held against those of simulated honest
routers, over the same batches: as many orders, at the same times, with breaker flags and served work as published. Sizes and segments are hidden in
commitments, so the simulation draws them from --flow (a tape), from --openings (what was disclosed to you: they show shares by segment, too), or from a
log-normal flow (--lots, --institutional). The report says which.

From the chain it also tells of orders that traders forced in and, with --receipts, how long it took from each receipt to the acceptance of its batch.

Exit codes: 0 nothing that an honest router would not show; 1 an alarm; 2 could not check.

Examples:
  $ fairlead audit report --rpc http://127.0.0.1:8545 --ledger 0x… --html fairness.html
  $ fairlead audit report bundles.json --anchor anchor.json --json
`

export const reportCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChain(new Command('report').description('say how fairly a router served its shards and orders'))
      .argument('[bundles]', 'file of bundles')
      .option('--anchor <file>', 'what the chain said of the bundles')
      .option('--batches <from-to>', 'a range of batches; all by default', batchRange)
      .option('--html <file>', 'write it as one page with charts, too')
      .option('--flow <csv>', 'orders to draw the hidden sizes, sides and segments from')
      .option('--openings <file>', 'openings that were disclosed to you')
      .option('--receipts <path>', 'a receipt, or a folder of them: how long their orders waited')
      .option('--lots <median>', 'median size that is assumed', positive, ASSUMED.medianLots)
      .option(
        '--institutional <share>',
        'share of institutional orders that is assumed, 0 to 1',
        share,
        ASSUMED.institutional,
      )
      .option('--batch-age <ms>', 'age at which the router closes a batch', positive, SIGNS.age / 1000)
      .option('--runs <count>', 'honest routers to simulate', positive, TEST.runs)
      .option('--level <share>', 'chance of a false alarm, 0 to 1', share, TEST.level)
      .addOption(verifierOption()),
  )
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: ReportOptions) => {
      const { runs, level, json = false } = options
      if (level <= 0 || runs < leastRuns(level))
        throw new CliError('USAGE', `a level of ${level} takes at least ${leastRuns(level)} runs`)
      const held = options.receipts === undefined ? undefined : await readReceipts(await receiptFiles(options.receipts))
      const { batches, audit, forced, receipts } = await observeBatches(file, { ...options, ...(held && { held }) })
      if (!audit.ok) {
        outcome.exitCode = EXIT_OF[audit.verdict]
        return showReport(terminal, audit, json)
      }
      if (batches.length === 0) throw new CliError('USAGE', 'there are no batches yet')
      const opened = options.openings === undefined ? undefined : await readOpenedOrders(options.openings)
      const signs = { ...SIGNS, age: 1000 * options.batchAge }
      const settings = { ...TEST, runs, level, signs }
      const segments = opened && segmentsOf(opened, batches[0]?.policy.shards ?? 0)
      const report = fairnessReport(batches, await flowOf(options, opened), { settings, segments, forced, receipts })
      outcome.exitCode = report.test.alarm ? EXIT.failed : EXIT.done
      if (options.html !== undefined) await writeText(options.html, fairnessHtml(report, chartLibrary()))
      if (json) printJson(terminal, report)
      else for (const line of fairnessText(report)) print(terminal, line)
      if (options.html !== undefined) note(terminal, `${options.html}: written`)
    })

async function flowOf(options: ReportOptions, opened: readonly OpenedOrder[] | undefined): Promise<FlowModel> {
  const { flow, lots, institutional } = options
  if (opened) return drawnFrom(opened.map(simOrder), `orders drawn from ${opened.length} that were disclosed`)
  if (flow === undefined) return assumedFlow({ ...ASSUMED, medianLots: lots, institutional })
  const orders = await selectOrders(readFlow(flow), {}, DEFAULT_RULES)
  return drawnFrom(orders.map(simOrder), `orders drawn from ${orders.length} of ${flow}`)
}

function segmentsOf(opened: readonly OpenedOrder[], shards: number): SegmentReport[] {
  return SEGMENTS.map((segment) => {
    const orders = opened.filter((order) => order.segment === segment)
    const accepted = new Array<number>(shards).fill(0)
    for (const { assignment } of orders)
      if (assignment > 0) accepted[assignment - 1] = (accepted[assignment - 1] ?? 0) + 1
    return {
      segment,
      orders: orders.length,
      deferred: orders.filter(({ assignment }) => assignment === 0).length,
      accepted,
      lots: orders.reduce((sum, { size }) => sum + size, 0),
    }
  })
}
