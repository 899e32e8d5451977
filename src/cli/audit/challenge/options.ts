import type { Command } from 'commander'
import type { AddressBook } from '../../../chain/address-book.ts'
import type { AroundLedger } from '../../../chain/around-ledger.ts'
import type { LedgerReader, LedgerSource } from '../../../chain/reader.ts'
import { CliError } from '../../shared/exit.ts'
import { duration } from '../../shared/parse.ts'
import { type ChainOptions, chainOf } from '../options.ts'

/** With whose key a certificate is submitted, and where. */
export interface ChallengeOptions extends ChainOptions {
  readonly book?: string
  readonly keyFile?: string
  /** ms to wait for windows to pass. */
  readonly wait: number
  readonly collect?: boolean
}

/** Where the challenger's private key is looked for when no file is named. */
export const KEY_VARIABLE = 'FAIRLEAD_CHALLENGER_KEY'

/** Adds the options of a challenge. */
export const withChallenge = (command: Command): Command =>
  withBook(command)
    .option('--key-file <file>', `file with the private key that pays; ${KEY_VARIABLE} by default`)
    .option('--wait <time>', 'how long to wait for windows to pass, such as 90m', duration, 0)
    .option('--collect', 'take what was won out of the bond, too')

/** Adds the option that names a deployment. */
export const withBook = (command: Command): Command =>
  command.option('--book <file>', 'address book of the deployment; derived from the ledger by default')

/** Which ledger: the options name it, or the book does. @throws CliError USAGE. */
export function ledgerOf(options: ChainOptions, book: AddressBook | undefined): LedgerSource {
  if (!book) return chainOf(options)
  const { rpc, ledger = book.contracts.ledger, fromBlock = book.fromBlock } = options
  if (rpc === undefined) throw new CliError('USAGE', 'give --rpc')
  if (ledger !== book.contracts.ledger)
    throw new CliError('USAGE', `the address book is of ledger ${book.contracts.ledger}, not ${ledger}`)
  return { rpcUrl: rpc, ledger, fromBlock }
}

/** The contracts around a ledger: of the book, or derived. `undefined` where neither tells. @throws CliError USAGE for a book of another chain. */
export async function aroundOf(reader: LedgerReader, book: AddressBook | undefined): Promise<AroundLedger | undefined> {
  if (!book) return reader.around()
  if (BigInt(book.chainId) === reader.config.chainId) return book.contracts
  throw new CliError('USAGE', `the address book is of chain ${book.chainId}, not ${reader.config.chainId}`)
}
