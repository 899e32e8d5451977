import type { Command } from 'commander'
import { type AddressBook, readAddressBook } from '../../chain/address-book.ts'
import type { LedgerSource } from '../../chain/reader.ts'
import { CliError } from '../shared/exit.ts'
import { type ChainOptions, chainOf } from './options.ts'

/** Adds the option that names a deployment. */
export const withBook = (command: Command): Command =>
  command.option('--book <file>', 'address book of the deployment; derived from the ledger by default')

/** The address book that options name. @throws CliError FILE_UNREADABLE; ChainError ADDRESS_BOOK_INVALID. */
export function bookIn({ book }: { readonly book?: string }): AddressBook | undefined {
  if (book === undefined) return undefined
  const found = readAddressBook(book)
  if (found) return found
  throw new CliError('FILE_UNREADABLE', `there is no address book ${book}`)
}

/** Which ledger: the options name it, or the book does. @throws CliError USAGE. */
export function ledgerOf(options: ChainOptions, book: AddressBook | undefined): LedgerSource {
  if (!book) return chainOf(options)
  const { rpc, ledger = book.contracts.ledger, fromBlock = book.fromBlock } = options
  if (rpc === undefined) throw new CliError('USAGE', 'give --rpc')
  if (ledger !== book.contracts.ledger)
    throw new CliError('USAGE', `the address book is of ledger ${book.contracts.ledger}, not ${ledger}`)
  return { rpcUrl: rpc, ledger, fromBlock }
}

/** Holds a book to the chain that an endpoint serves. @throws CliError USAGE. */
export function assertChainOf(book: AddressBook, chainId: bigint): void {
  if (BigInt(book.chainId) !== chainId)
    throw new CliError('USAGE', `the address book is of chain ${book.chainId}, not ${chainId}`)
}
