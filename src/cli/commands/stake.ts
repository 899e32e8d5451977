import { Command, InvalidArgumentError } from 'commander'
import { Contract, formatEther, type JsonRpcProvider, parseEther, Wallet, ZeroAddress } from 'ethers'
import { Address } from '../../base/schema.ts'
import { ask } from '../../chain/ask.ts'
import { type BondState, bondAt } from '../../chain/bond-state.ts'
import { depositStake } from '../../chain/duty-writer.ts'
import { LEDGER } from '../../chain/interfaces.ts'
import { withProvider } from '../../chain/provider.ts'
import { operatorSecrets, PLACE_HELP, type PlaceOptions, placeOf, withPlace } from '../operator/place.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { CliError, EXIT } from '../shared/exit.ts'
import { print, printJson } from '../shared/terminal.ts'

const SHOW_HELP = `
What the operator stakes, and what is covered by it: receipts stop while less is covered than the minimum.

Exit codes: 0 the minimum is covered; 1 it is not; 2 could not.
`
const DEPOSIT_HELP = `${PLACE_HELP}
Puts ether at stake. It can be withdrawn only after a delay in which everything that was signed can still be challenged.

Exit codes: 0 done, and the minimum is covered; 1 done, and it is not; 2 could not.

Example:
  $ fairlead stake deposit 32 --rpc https://… --book addresses.json
`

export const stakeCommand = (context: CommandContext): Command =>
  new Command('stake')
    .description("see and raise the operator's stake")
    .addCommand(showCommand(context))
    .addCommand(depositCommand(context))

/** @throws InvalidArgumentError. */
function ether(text: string): bigint {
  try {
    const wei = parseEther(text)
    if (wei > 0n) return wei
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('Expected ether, such as 32 or 0.5.')
}

const showCommand = (context: CommandContext): Command =>
  withJson(withPlace(new Command('show').description('what is at stake')))
    .addHelpText('after', SHOW_HELP)
    .action((options: PlaceOptions) =>
      withBond(options, async (provider, bond) => show(context, await bondAt(provider, bond), options)),
    )

const depositCommand = (context: CommandContext): Command =>
  withJson(withPlace(new Command('deposit').description('put ether at stake').argument('<ether>', 'how much', ether)))
    .addHelpText('after', DEPOSIT_HELP)
    .action((value: bigint, options: PlaceOptions) =>
      withBond(options, async (provider, bond) => {
        const { submitterKey } = await operatorSecrets(options)
        await depositStake(new Wallet(submitterKey, provider), bond, value)
        show(context, await bondAt(provider, bond), options)
      }),
    )

/** Runs with the ledger's bond. @throws CliError NO_WAY_OUT for a ledger without one. */
async function withBond(
  options: PlaceOptions,
  use: (provider: JsonRpcProvider, bond: string) => Promise<void>,
): Promise<void> {
  const { rpcUrl, ledger } = await placeOf(options)
  await withProvider(rpcUrl, async (provider) => {
    const bond = await ask(new Contract(ledger, LEDGER, provider), 'penalty', [], Address)
    if (bond === ZeroAddress) throw new CliError('NO_WAY_OUT', `ledger ${ledger} has no stake: it is a bare one`)
    await use(provider, bond)
  })
}

function show({ terminal, outcome }: CommandContext, state: BondState, { json }: PlaceOptions): void {
  const enough = state.covered >= state.minimum
  outcome.exitCode = enough ? EXIT.done : EXIT.failed
  if (json) {
    printJson(terminal, { ...state, enough })
    return
  }
  for (const [name, wei] of Object.entries(state)) print(terminal, `${name.padEnd(8)} ${formatEther(wei)} ETH`)
  if (!enough) print(terminal, 'less is covered than the minimum: a service gives no receipts')
}
