import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { Address, Bytes32, Count } from '../base/schema.ts'
import { writeWhole } from '../proof/whole-file.ts'
import { ChainError } from './error.ts'

/** Contracts of a system by the names that people call them, in the order in which they are deployed. */
export const SYSTEM_CONTRACTS = [
  'registry',
  'seedSource',
  'verifierFactory',
  'poseidon',
  'segments',
  'bond',
  'receiptChallenges',
  'reportChallenges',
  'inbox',
  'redemption',
  'ledger',
  'reputation',
] as const
export type SystemContract = (typeof SYSTEM_CONTRACTS)[number]

/** All of them, by name. */
export const SystemAddresses = z.record(z.enum(SYSTEM_CONTRACTS), Address)
export type SystemAddresses = z.infer<typeof SystemAddresses>

/** Where a system is, or is going to be. Addresses follow from deployer and nonce, so that the book is written before anything is sent. */
export const AddressBook = z.strictObject({
  version: z.literal(1),
  chainId: z.string().regex(/^[0-9]+$/),
  deployer: Address,
  operator: Address,
  /** Nonce of the first contract's transaction; the others follow. */
  firstNonce: Count,
  /** Block from which to look for events. */
  fromBlock: Count,
  /** keccak256 of everything that the contracts are made with: another config is another system. */
  configHash: Bytes32,
  contracts: SystemAddresses,
  /** Hashes of the code on chain; empty until all is deployed and verified. */
  codeHashes: z.partialRecord(z.enum(SYSTEM_CONTRACTS), Bytes32),
  /** By circuit; empty until they are deployed. */
  verifiers: z.record(z.string(), z.strictObject({ address: Address, verifierId: Bytes32, vkeySha256: z.string() })),
})
export type AddressBook = z.infer<typeof AddressBook>

/** Reads a book; `undefined` when there is none. @throws ChainError `ADDRESS_BOOK_INVALID`. */
export function readAddressBook(path: string): AddressBook | undefined {
  if (!existsSync(path)) return undefined
  try {
    return AddressBook.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new ChainError('ADDRESS_BOOK_INVALID', `${path} is no address book`, { cause, details: { path } })
  }
}

/** Writes a book whole or not at all. */
export const writeAddressBook = (path: string, book: AddressBook): Promise<void> =>
  writeWhole(path, `${JSON.stringify(book, null, 2)}\n`)
