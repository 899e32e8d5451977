import type { Command } from 'commander'
import type { AddressBook } from '../../../chain/address-book.ts'
import type { AroundLedger } from '../../../chain/around-ledger.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import { duration } from '../../shared/parse.ts'
import { keyFileOption } from '../../shared/private-key.ts'
import { assertChainOf, withBook } from '../book.ts'
import type { ChainOptions } from '../options.ts'

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
    .addOption(keyFileOption(KEY_VARIABLE))
    .option('--wait <time>', 'how long to wait for windows to pass, such as 90m', duration, 0)
    .option('--collect', 'take what was won out of the bond, too')

/** The contracts around a ledger: of the book, or derived. `undefined` where neither tells. @throws CliError USAGE for a book of another chain. */
export async function aroundOf(reader: LedgerReader, book: AddressBook | undefined): Promise<AroundLedger | undefined> {
  if (!book) return reader.around()
  assertChainOf(book, reader.config.chainId)
  return book.contracts
}
