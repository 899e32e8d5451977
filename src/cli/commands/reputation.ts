import { Command } from 'commander'
import { z } from 'zod'
import { ContractCaller } from '../../chain/contract-caller.ts'
import { withProvider } from '../../chain/provider.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import { KEY_VARIABLE } from '../audit/challenge/options.ts'
import { type ChainOptions, chainOf, withChain } from '../audit/options.ts'
import { withReader } from '../audit/read.ts'
import { concludeAll, progressOf } from '../reputation/conclude.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { CliError, EXIT } from '../shared/exit.ts'
import { keyFileOption, privateKeyOf } from '../shared/private-key.ts'
import { sentLine } from '../shared/sent-line.ts'
import { print, printJson, type Terminal } from '../shared/terminal.ts'

const SHOW_HELP = `
How far reputation is, and by what it would multiply the shards' weights in the epoch that is announced next, of 256.

Exit codes: 0 shown; 2 could not.
`
const CONCLUDE_HELP = `
Closes epochs that are over, tallies the drawn batches of each from their calldata, and concludes them, as far as it can be done now: only then do the shards' multipliers move, in epochs that are announced afterwards.
Anybody may do it. The private key that pays is read from ${KEY_VARIABLE} or --key-file. Run it again for the rest: nothing is done twice.

Exit codes: 0 at least one epoch was concluded, or there was none to conclude; 2 something has to pass first, or could not be done.
`

interface ReputationOptions extends ChainOptions {
  readonly keyFile?: string
  readonly json?: boolean
}

export const reputationCommand = (context: CommandContext): Command =>
  new Command('reputation')
    .description('see and work out what multiplies the weights of shards')
    .addCommand(showCommand(context))
    .addCommand(concludeCommand(context))

const showCommand = ({ terminal }: CommandContext): Command =>
  withJson(withChain(new Command('show').description('how far it is')))
    .addHelpText('after', SHOW_HELP)
    .action((options: ReputationOptions) =>
      // A view needs no account: any key will do.
      withReputation(options, `0x${'1'.padStart(64, '0')}`, async (reader, caller) => {
        const progress = await progressOf(caller)
        const epoch = (await reader.latestEpoch()) + 1n
        const multipliers = await caller.ask('reputation', 'multipliersFor', [epoch], z.array(z.bigint()))
        if (options.json) return printJson(terminal, { ...progress, epoch, multipliers })
        print(terminal, `closed    ${progress.closed} epochs, concluded ${progress.concluded}`)
        print(terminal, `epoch ${epoch} would have ${multipliers.join(' ')}`)
      }),
    )

const concludeCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChain(new Command('conclude').description('tally epochs that are over')).addOption(keyFileOption(KEY_VARIABLE)),
  )
    .addHelpText('after', CONCLUDE_HELP)
    .action(async (options: ReputationOptions) => {
      const key = await privateKeyOf(terminal, KEY_VARIABLE, options.keyFile)
      await withReputation(options, key, async (reader, caller) => {
        const before = await progressOf(caller)
        const { calls, progress, why } = await concludeAll(reader, caller, tellCall(terminal, options))
        const waits = progress.closed > progress.concluded
        outcome.exitCode = waits && progress.concluded === before.concluded ? EXIT.unable : EXIT.done
        if (options.json) return printJson(terminal, { ...progress, why, calls })
        print(terminal, `concluded ${progress.concluded} epochs; ${why}`)
      })
    })

const tellCall =
  (terminal: Terminal, { json = false }: ReputationOptions) =>
  (call: Parameters<typeof sentLine>[0]): void => {
    if (!json) print(terminal, sentLine(call))
  }

/** @throws CliError USAGE for a ledger without reputation. */
async function withReputation(
  options: ReputationOptions,
  privateKey: string,
  use: (reader: LedgerReader, caller: ContractCaller<'reputation'>) => Promise<void>,
): Promise<void> {
  const source = chainOf(options)
  await withReader(source, async (reader) => {
    const { reputation, ledger } = reader.config
    if (reputation === undefined) throw new CliError('USAGE', `ledger ${ledger} was deployed without reputation`)
    await withProvider(source.rpcUrl, (provider) =>
      use(reader, new ContractCaller(provider, { reputation }, privateKey)),
    )
  })
}
