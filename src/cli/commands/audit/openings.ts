import { Command } from 'commander'
import { z } from 'zod'
import {
  OPENINGS_FORMAT,
  type OpenedOrder,
  type OpeningResult,
  Openings,
  openOrders,
  recomputeBatch,
} from '../../../audit/openings.ts'
import { makeSealKeys, unseal } from '../../../seal/seal.ts'
import type { Statement } from '../../../statement/statement.ts'
import { readBundle } from '../../audit/against.ts'
import { observeStatements } from '../../audit/observe.ts'
import { openedText } from '../../audit/opened-orders.ts'
import { type ChainOptions, type VerifierOptions, verifierOption, withChain } from '../../audit/options.ts'
import { EXIT_OF, showReport } from '../../audit/show.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError, EXIT } from '../../shared/exit.ts'
import { writePrivate } from '../../shared/files.ts'
import { print, printJson } from '../../shared/terminal.ts'

interface KeygenOptions {
  readonly out: string
  readonly json?: boolean
}
interface CheckOptions extends ChainOptions, VerifierOptions {
  readonly key: string
  readonly bundles?: string
  readonly anchor?: string
  readonly out?: string
  readonly json?: boolean
}

const CHECK_HELP = `
Opens what was sealed to your key, holds every order against the commitments that the ledger recorded and, for whole batches, recomputes every assignment in
plain integers: policy, shard states before and after, draws. The batches come from the chain (--rpc and --ledger), or from bundles with their anchor.
With --out the orders are written for "fairlead audit report --openings", readable by you alone.

Exit codes: 0 everything holds; 1 an opening or an assignment is wrong; 2 could not check.

Example:
  $ fairlead audit openings check batches.sealed --key auditor-key.json --rpc http://127.0.0.1:8545 --ledger 0x… --out opened.json
`

const KeyFile = z.strictObject({ publicKey: z.string(), privateKey: z.string() })

export const openingsCommand = (context: CommandContext): Command =>
  new Command('openings')
    .description('read what was disclosed to you, and recompute it')
    .addCommand(keygenCommand(context))
    .addCommand(checkCommand(context))

const keygenCommand = ({ terminal }: CommandContext): Command =>
  withJson(
    new Command('keygen')
      .description('make a key that openings can be sealed to')
      .requiredOption('--out <file>', 'where to write it: a new file that only you can read'),
  ).action(async ({ out, json = false }: KeygenOptions) => {
    const keys = await makeSealKeys()
    await writePrivate(out, `${JSON.stringify(keys, undefined, 2)}\n`)
    if (json) printJson(terminal, { file: out, publicKey: keys.publicKey })
    else print(terminal, keys.publicKey)
  })

const checkCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChain(new Command('check').description('open and recompute').argument('<file>', 'sealed openings'))
      .requiredOption('--key <file>', 'your key, from "openings keygen"')
      .option('--bundles <file>', 'bundles of the batches')
      .option('--anchor <file>', 'what the chain said of the bundles')
      .option('--out <file>', 'where to write the opened orders: a new file')
      .addOption(verifierOption()),
  )
    .addHelpText('after', CHECK_HELP)
    .action(async (file: string, options: CheckOptions) => {
      const { out, json = false } = options
      const openings = await readOpenings(file, options.key)
      const { statements, audit, domain } = await observeStatements(options.bundles, options)
      if (!audit.ok) {
        outcome.exitCode = EXIT_OF[audit.verdict]
        return showReport(terminal, audit, json)
      }
      if (openings.chainId !== domain.chainId || openings.ledger !== domain.ledger)
        throw new CliError('USAGE', `the openings are of ledger ${openings.ledger} on chain ${openings.chainId}`)
      const results = resultsOf(openings, statements)
      const orders = results.flatMap((result) => result.orders)
      const wrong = results.filter(({ outcome: found }) => found === 'wrong')
      outcome.exitCode = wrong.length > 0 ? EXIT.failed : EXIT.done
      if (out !== undefined && wrong.length === 0) await writePrivate(out, openedText(orders))
      const told = results.map(({ orders: list, ...rest }) => ({ ...rest, orders: list.length, ...sizes(list) }))
      if (json) return printJson(terminal, { ok: wrong.length === 0, results: told })
      for (const { batch, outcome: found, why, orders: count, lots, deferred } of told)
        print(
          terminal,
          found === 'wrong'
            ? `batch ${batch}: WRONG: ${why}`
            : `batch ${batch}: ${count} orders of ${lots} lots ${found}, ${deferred} deferred`,
        )
    })

async function readOpenings(file: string, keyFile: string): Promise<Openings> {
  const { data: key } = KeyFile.safeParse(await readBundle(keyFile))
  if (!key) throw new CliError('JSON_INVALID', `${keyFile} holds no key of "openings keygen"`)
  const text = await unseal(key.privateKey, OPENINGS_FORMAT, await readBundle(file))
  const { data } = Openings.safeParse(JSON.parse(text))
  if (data) return data
  throw new CliError('JSON_INVALID', `${file} holds no openings`)
}

function resultsOf(openings: Openings, statements: ReadonlyMap<bigint, Statement>): OpeningResult[] {
  const missing = (batch: bigint): OpeningResult => ({
    batch,
    outcome: 'wrong',
    why: 'the ledger has not accepted it, or it was not given',
    orders: [],
  })
  const whole = openings.batches.map((opening) => {
    const statement = statements.get(opening.index)
    return statement ? recomputeBatch(opening, statement) : missing(opening.index)
  })
  const some = [...new Set(openings.orders.map(({ batch }) => batch))].map((batch) => {
    const statement = statements.get(batch)
    const own = openings.orders.filter((order) => order.batch === batch)
    return statement ? openOrders(own, statement) : missing(batch)
  })
  return [...whole, ...some]
}

const sizes = (orders: readonly OpenedOrder[]) => ({
  lots: orders.reduce((sum, { size }) => sum + size, 0),
  deferred: orders.filter(({ assignment }) => assignment === 0).length,
})
