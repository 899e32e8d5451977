import type { Command } from 'commander'
import { type JsonRpcProvider, ZeroAddress } from 'ethers'
import { z } from 'zod'
import { Address } from '../../base/schema.ts'
import { type ContractCall, ContractCaller, type MinedCall } from '../../chain/contract-caller.ts'
import { withProvider } from '../../chain/provider.ts'
import type { LedgerReader } from '../../chain/reader.ts'
import { type ChainOptions, chainOf, withChain } from '../audit/options.ts'
import { withReader } from '../audit/read.ts'
import { CliError } from '../shared/exit.ts'
import { duration } from '../shared/parse.ts'
import { keyFileOption, privateKeyOf } from '../shared/private-key.ts'
import { sentLine } from '../shared/sent-line.ts'
import { print, type Terminal } from '../shared/terminal.ts'

/** Where a trader's private key is looked for when no file is named. */
const KEY_VARIABLE = 'FAIRLEAD_TRADER_KEY'

/** Options of every escape command. The private key itself is none: it comes from a file or the environment. */
export interface EscapeOptions extends ChainOptions {
  readonly keyFile?: string
  readonly json?: boolean
}

/** Adds the options that name a ledger and an account. */
export const withAccount = (command: Command): Command => withChain(command).addOption(keyFileOption(KEY_VARIABLE))

/** Adds `--wait`. */
export const withWait = (command: Command): Command =>
  command.option('--wait <time>', 'how long to wait for what has to pass, such as 90m', duration, 0)

type Called = 'ledger' | 'inbox' | 'bond' | 'redemption'
/** A call of one of the contracts that {@link withEscape} finds. */
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
  return withReader(source, (reader) =>
    withProvider(source.rpcUrl, async (provider) => {
      const caller = await callerOf(provider, reader.config.ledger, privateKey)
      const sent: MinedCall[] = []
      const send = async (call: EscapeCall): Promise<void> => {
        const { mined } = await caller.send(call)
        sent.push(mined)
        if (!options.json) print(terminal, sentLine(mined))
      }
      return use({ reader, caller, send, sent })
    }),
  )
}

/** Takes what a contract owes the account. @returns wei. */
export async function collectFrom({ caller, send }: Escape, contract: 'bond' | 'redemption'): Promise<bigint> {
  const owed = await caller.ask(contract, 'creditOf', [caller.address], z.bigint())
  if (owed > 0n) await send({ contract, method: 'collect', args: [caller.address] })
  return owed
}

async function callerOf(
  provider: JsonRpcProvider,
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
