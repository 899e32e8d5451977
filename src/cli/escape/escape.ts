import type { Command } from 'commander'
import { ZeroAddress } from 'ethers'
import { Address } from '../../base/schema.ts'
import { type ContractCall, ContractCaller, type MinedCall } from '../../chain/contract-caller.ts'
import { connectProvider } from '../../chain/provider.ts'
import { LedgerReader } from '../../chain/reader.ts'
import { type ChainOptions, chainOf, withChain } from '../audit/options.ts'
import { CliError } from '../shared/exit.ts'
import { duration } from '../shared/parse.ts'
import { privateKeyOf } from '../shared/private-key.ts'
import { print, type Terminal } from '../shared/terminal.ts'

/** Where a trader's private key is looked for when no file is named. */
const KEY_VARIABLE = 'FAIRLEAD_TRADER_KEY'

export interface EscapeOptions extends ChainOptions {
  readonly keyFile?: string
  readonly json?: boolean
}

/** Adds the options that name a ledger and an account. */
export const withAccount = (command: Command): Command =>
  withChain(command).option('--key-file <file>', `file with the private key of the account; ${KEY_VARIABLE} by default`)

/** Adds `--wait`. */
export const withWait = (command: Command): Command =>
  command.option('--wait <time>', 'how long to wait for what has to pass, such as 90m', duration, 0)

type Called = 'ledger' | 'inbox' | 'bond' | 'redemption'
export type EscapeCall = ContractCall<Called>

/** The contracts that serve traders when the operator does not, and one account. */
export interface Escape {
  readonly reader: LedgerReader
  readonly caller: Pick<ContractCaller<Called>, 'address' | 'ask' | 'refusal'>
  /** Sends a call and waits until it is mined. */
  send(call: EscapeCall): Promise<void>
}

/**
 * Runs with a trader's way to the chain, by the contracts that the ledger itself names, and closes it; without `--json` each call is told once it is mined.
 * @param use gets the calls that were sent so far, too.
 * @throws CliError USAGE, KEY_MISSING, KEY_INVALID, NO_WAY_OUT for a ledger without a stake; ChainError.
 */
export async function withEscape<T>(
  terminal: Terminal,
  options: EscapeOptions,
  use: (way: Escape & { readonly sent: readonly MinedCall[] }) => Promise<T>,
): Promise<T> {
  const source = chainOf(options)
  const privateKey = await privateKeyOf(terminal, KEY_VARIABLE, options.keyFile)
  const reader = await LedgerReader.connect(source)
  try {
    const { provider } = await connectProvider(source.rpcUrl)
    try {
      const caller = await callerOf(provider, reader.config.ledger, privateKey)
      const sent: MinedCall[] = []
      const send = async (call: EscapeCall): Promise<void> => {
        const { mined } = await caller.send(call)
        sent.push(mined)
        if (!options.json) print(terminal, sentLine(mined))
      }
      return await use({ reader, caller, send, sent })
    } finally {
      provider.destroy()
    }
  } finally {
    reader.close()
  }
}

/** `sent     inbox.post in block 7, 90000 gas, 0x…` */
export const sentLine = ({ contract, method, transaction, block, gasUsed }: MinedCall): string =>
  `sent     ${contract}.${method} in block ${block}, ${gasUsed} gas, ${transaction}`

async function callerOf(
  provider: Awaited<ReturnType<typeof connectProvider>>['provider'],
  ledger: string,
  privateKey: string,
): Promise<ContractCaller<Called>> {
  const at = new ContractCaller(provider, { ledger }, privateKey)
  const inbox = await at.ask('ledger', 'inbox', [], Address)
  const bond = await at.ask('ledger', 'penalty', [], Address)
  if (inbox === ZeroAddress || bond === ZeroAddress || (await provider.getCode(inbox)) === '0x')
    throw new CliError('NO_WAY_OUT', `ledger ${ledger} has no inbox for forced orders, and no stake`)
  const redemption = await new ContractCaller(provider, { bond }, privateKey).ask('bond', 'pot', [], Address)
  return new ContractCaller(provider, { ledger, inbox, bond, redemption }, privateKey)
}
