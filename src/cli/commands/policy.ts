import { Command } from 'commander'
import { z } from 'zod'
import { dataOf, page } from '../../fairness/html.ts'
import { policyDifference } from '../../fairness/policy-diff.ts'
import { type WhatIf, type WhatIfSettings, whatIf } from '../../fairness/what-if.ts'
import { SEGMENTS } from '../../order/order.ts'
import { Policy, PublishedPolicy, policyOf, validatePolicy } from '../../policy/policy.ts'
import { RULE_TEXTS, RULES, type RuleName } from '../../simulate/rules.ts'
import { readBundle } from '../audit/against.ts'
import { chartLibrary } from '../audit/charts.ts'
import { type ChainOptions, sourceOf, withChain } from '../audit/options.ts'
import { withReader } from '../audit/read.ts'
import { readFlow } from '../flow/csv.ts'
import { DEFAULT_RULES, type FlowRules, selectOrders, simOrder } from '../flow/orders.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { CliError, EXIT } from '../shared/exit.ts'
import { writeText } from '../shared/files.ts'
import { positive, rules, speed } from '../shared/parse.ts'
import { note, print, printJson } from '../shared/terminal.ts'
import { activateCommand } from './policy/activate.ts'
import { numbered } from './policy/file.ts'
import { proposeCommand } from './policy/propose.ts'
import { queueCommand } from './policy/queue.ts'

interface DiffOptions extends ChainOptions {
  readonly json?: boolean
}
interface SimulateOptions extends ChainOptions {
  readonly now?: string
  readonly speed: number
  readonly slots: number
  readonly batchAge: number
  readonly baseline?: readonly RuleName[]
  readonly seed: number
  readonly lot: number
  readonly institutionalFrom: number
  readonly html?: string
  readonly json?: boolean
}

const FILES = `
A policy's file is JSON: {"kind", "feeMin", "feeMax", "shards": [{"weights": [retail, institutional], "tau", "limit", "trip", "reset", "skew", "target",
"reporting"}]}, as GET /v1/policy gives it under "policy". What is in force comes from a file too (--now), or from the chain (--rpc and --ledger);
its weights are those that were published, before reputation multiplies them.
`
const DIFF_HELP = `${FILES}
Exit codes: 0 the policies are the same; 1 they differ; 2 could not compare.

Example:
  $ fairlead policy diff proposed.json --rpc http://127.0.0.1:8545 --ledger 0x…
`
const SIMULATE_HELP = `${FILES}
FLOW is a tape (timestamp_ms, side, size), as "fairlead replay" takes it. The same orders, with the same draws, are routed under what is in force and under
the proposal: shares, deferrals, delays (work ahead of an order on its shard, its own included) and fees, by segment and shard. --baseline adds other rules under
the proposed weights and limits:
${RULES.map((name) => `  ${name.padEnd(19)} ${RULE_TEXTS[name]}`).join('\n')}

Exit codes: 0 simulated; 2 could not.

Examples:
  $ fairlead policy simulate proposed.json sample/bitmex_xbtusd_2018-01-04_0830.csv --now policy.json --html what-if.html
  $ fairlead policy simulate proposed.json flow.csv.gz --rpc http://127.0.0.1:8545 --ledger 0x… --baseline round-robin --json
`

export const policyCommand = (context: CommandContext): Command =>
  new Command('policy')
    .description('see what a policy would change, and change it')
    .addCommand(diffCommand(context))
    .addCommand(simulateCommand(context))
    .addCommand(proposeCommand(context))
    .addCommand(activateCommand(context))
    .addCommand(queueCommand(context))

const withNow = (command: Command): Command =>
  withJson(withChain(command).option('--now <file>', 'the policy in force, in a file'))

const diffCommand = ({ terminal, outcome }: CommandContext): Command =>
  withNow(new Command('diff').description('name what differs').argument('<proposed>', 'policy file'))
    .addHelpText('after', DIFF_HELP)
    .action(async (file: string, options: DiffOptions & { now?: string }) => {
      const changes = policyDifference(await inForce(options), await readPolicy(file))
      outcome.exitCode = changes.length === 0 ? EXIT.done : EXIT.failed
      if (options.json) return printJson(terminal, { same: changes.length === 0, changes })
      for (const { at, now, proposed, retune } of changes)
        print(terminal, `${at}: ${now} → ${proposed}${retune ? '' : ' (needs the timelock)'}`)
      if (changes.length === 0) print(terminal, 'no difference')
    })

const simulateCommand = ({ terminal }: CommandContext): Command =>
  withNow(
    new Command('simulate')
      .description('route recorded flow under a proposed policy')
      .argument('<proposed>', 'policy file')
      .argument('<flow>', 'CSV, also gzipped'),
  )
    .option('--speed <factor>', 'times faster than it happened', speed, 1)
    .option('--slots <count>', 'orders that fill a batch', positive, 105)
    .option('--batch-age <ms>', 'age at which a batch closes', positive, 500)
    .option('--baseline <rule>', 'another rule to compare with; once for each', rules)
    .option('--seed <number>', 'of the draws', positive, 1)
    .option('--lot <size>', "the file's units that make one lot", positive, DEFAULT_RULES.lotSize)
    .option(
      '--institutional-from <lots>',
      'lots that make an order institutional',
      positive,
      DEFAULT_RULES.institutionalFrom,
    )
    .option('--html <file>', 'write it as one page with charts, too')
    .addHelpText('after', SIMULATE_HELP)
    .action(async (file: string, flowFile: string, options: SimulateOptions) => {
      const [now, proposed] = [await inForce(options), await readPolicy(file)]
      if (now.shards.length !== proposed.shards.length)
        throw new CliError('USAGE', 'the policies have other numbers of shards')
      const flowRules: FlowRules = { lotSize: options.lot, institutionalFrom: options.institutionalFrom }
      const rows = await selectOrders(readFlow(flowFile), {}, flowRules)
      const start = rows[0]?.atMs
      if (start === undefined) throw new CliError('USAGE', `${flowFile} has no rows`)
      const orders = rows.map((row) => ({ ...simOrder(row), time: (1000 * (row.atMs - start)) / options.speed }))
      const { slots, batchAge, seed, baseline = [] } = options
      const settings: WhatIfSettings = { slots, age: 1000 * batchAge, seed }
      const result = whatIf({ now, proposed }, orders, settings, baseline)
      if (options.html !== undefined) await writeText(options.html, whatIfHtml(result))
      if (options.json) printJson(terminal, result)
      else for (const line of whatIfText(result)) print(terminal, line)
      if (options.html !== undefined) note(terminal, `${options.html}: written`)
    })

/** @throws CliError USAGE, FILE_UNREADABLE, JSON_INVALID; ChainError. */
async function inForce({ now, ...chain }: ChainOptions & { now?: string }): Promise<Policy> {
  const source = sourceOf(chain)
  if ((now === undefined) === (source === undefined))
    throw new CliError('USAGE', 'give either --now, or --rpc and --ledger')
  if (!source) return readPolicy(now ?? '')
  return withReader(source, async (reader) => {
    const { policy } = await reader.epoch(await reader.latestEpoch())
    return policyOf(policy.feeWord, policy.words)
  })
}

/** A file of a policy by itself, published, or inside the service's answer. */
async function readPolicy(file: string): Promise<Policy> {
  const input = numbered(await readBundle(file))
  const inside = z.looseObject({ policy: z.unknown() }).safeParse(input).data?.policy
  for (const candidate of [input, inside]) {
    const { data } = z.union([Policy, PublishedPolicy]).safeParse(candidate)
    if (data) return validatePolicy(data)
  }
  throw new CliError('JSON_INVALID', `${file} is no policy`)
}

function* whatIfText({ orders, before, after, baselines }: WhatIf): Generator<string> {
  yield `${orders} orders, routed under the policy in force and under the proposed one`
  yield ''
  yield `${'run'.padEnd(20)} segment        deferred    delay: median       90 %       99 %   shares by shard (%)`
  for (const run of [before, after, ...baselines])
    for (const [g, segment] of SEGMENTS.entries()) {
      const part = run.segments[g]
      if (!part) continue
      const delay = [part.delay.median, part.delay.p90, part.delay.p99].map((micros) =>
        `${(micros / 1000).toFixed(1)} ms`.padStart(11),
      )
      const shares = part.shares.map((share) => (100 * share).toFixed(1)).join(' ')
      yield `${run.name.padEnd(20)} ${segment.padEnd(13)} ${String(part.deferred).padStart(9)} ${delay.join(' ')}   ${shares}`
    }
  yield ''
  yield `${'run'.padEnd(20)} shard  orders   lots   median fee   highest fee   closed batches`
  for (const run of [before, after])
    for (const [j, shard] of run.shards.entries())
      yield `${run.name.padEnd(20)} ${`${j}`.padStart(5)} ${`${shard.orders}`.padStart(7)} ${`${shard.lots}`.padStart(6)} ${`${shard.fee.median}`.padStart(12)} ${`${shard.fee.max}`.padStart(13)} ${`${shard.closed}`.padStart(16)}`
}

function whatIfHtml(result: WhatIf): string {
  const { script, style } = chartLibrary()
  const { before, after } = result
  const call = `whatIf(${dataOf({ before, after, segments: SEGMENTS })})`
  return page('What the proposed policy would change', [...whatIfText(result)].join('\n'), script, style, call)
}
