import { Command } from 'commander'
import { readFlow } from '../flow/csv.ts'
import { DEFAULT_RULES, selectOrders } from '../flow/orders.ts'
import { runFlow, showFlow } from '../flow/run-flow.ts'
import { ServiceClient } from '../service-client.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { ENVIRONMENT, findClientKeys } from '../shared/client-keys.ts'
import { CliError, EXIT } from '../shared/exit.ts'
import { dataDirOption, urlOption } from '../shared/options.ts'
import { count, moment, positive, speed } from '../shared/parse.ts'
import { printJson } from '../shared/terminal.ts'

interface ReplayOptions {
  readonly speed: number
  readonly from?: number
  readonly to?: number
  readonly limit?: number
  readonly lot: number
  readonly institutionalFrom: number
  readonly retryDeferred: number
  readonly stall: number
  readonly retailKey?: string
  readonly institutionalKey?: string
  readonly url: string
  readonly dataDir: string
  readonly json?: boolean
}

const HELP = `
FILE has a header with timestamp_ms, side (buy or sell) and size, in order of time; other columns are ignored. How rows become orders:
  lots      size divided by --lot, rounded up
  segment   institutional from --institutional-from lots on, retail below
  details   32 random bytes an order, standing in for terms that a tape does not tell
Orders of one segment that are due within 100 ms go in one request. When the service asks to wait (503 and Retry-After), everything waits and nothing
is dropped. Every order ends accepted, deferred (sent again up to --retry-deferred times, a second apart) or refused as too large, and is counted.
Then the command waits until the chain has accepted every batch. In an epoch of sealed mode only the draws tell what is accepted: they are counted then, and
what they deferred is not sent again.

API keys, one a segment: the options, ${ENVIRONMENT.retail} and ${ENVIRONMENT.institutional}, or those that "fairlead start" kept in the data folder.

Exit codes: 0 every order is settled and every batch accepted; 1 batches stopped being accepted; 2 could not replay.

Example:
  $ fairlead replay flow.csv.gz --from 2018-01-04T08:15:00Z --to 2018-01-04T08:20:00Z --speed 4
`

/**
 * Drops no order: one that the service cannot take now is sent again, and every one is counted. Exit code 1 when no further batch was accepted for `--stall` seconds.
 * @throws CliError USAGE for a span without rows, FILE_UNREADABLE, CSV_INVALID, JSON_INVALID (kept keys), SERVICE_UNREACHABLE, SERVICE_REFUSED, INTERRUPTED.
 */
export const replayCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    new Command('replay')
      .description('send a file of order flow at its own pace, or faster')
      .argument('<file>', 'CSV, also gzipped (.csv.gz)')
      .option('--speed <factor>', 'times faster than it happened', speed, 1)
      .option('--from <time>', 'rows at or after: ms since the Unix epoch, or UTC such as 2018-01-04T08:15:00Z', moment)
      .option('--to <time>', 'rows before', moment)
      .option('--limit <rows>', 'at most so many rows', positive)
      .option('--lot <size>', "the file's units that make one lot", positive, DEFAULT_RULES.lotSize)
      .option(
        '--institutional-from <lots>',
        'lots that make an order institutional',
        positive,
        DEFAULT_RULES.institutionalFrom,
      )
      .option('--retry-deferred <times>', 'how often a deferred order is sent again', count, 0)
      .option('--stall <seconds>', 'give up when no batch was accepted for so long', positive, 180)
      .option('--retail-key <token>', 'API key for retail orders')
      .option('--institutional-key <token>', 'API key for institutional orders')
      .addOption(urlOption())
      .addOption(dataDirOption()),
  )
    .addHelpText('after', HELP)
    .action(async (file: string, options: ReplayOptions) => {
      const { json = false, retailKey: retail, institutionalKey: institutional } = options
      const rules = { lotSize: options.lot, institutionalFrom: options.institutionalFrom }
      const orders = await selectOrders(readFlow(file), options, rules)
      if (orders.length === 0) throw new CliError('USAGE', `${file} has no rows in the selected span`)
      const given = {
        ...(retail === undefined ? {} : { retail }),
        ...(institutional === undefined ? {} : { institutional }),
      }
      const keys = await findClientKeys(given, terminal.env, options.dataDir)
      const client = new ServiceClient(options.url, keys, terminal.interrupted)
      const { speed, retryDeferred, stall } = options
      const result = await runFlow(terminal, client, orders, {
        speed,
        retryDeferred,
        stallMs: 1000 * stall,
        quiet: json,
      })
      outcome.exitCode = result.batchesAccepted ? EXIT.done : EXIT.failed
      if (json) printJson(terminal, result)
      else showFlow(terminal, result)
    })
