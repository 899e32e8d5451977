import { CodedError } from '../base/error.ts'

/**
 * Failures of the chain side, by code:
 * - `CONTRACTS_DO_NOT_COMPILE`: solc reported errors, listed in `details.errors`, or ended without an answer.
 * - `ARTIFACT_MISSING`: no compiled contract of that name; run `npm run build:contracts`.
 * - `CHAIN_PLATFORM_UNSUPPORTED`: no anvil binary for this platform was installed.
 * - `CHAIN_PORT_BUSY`: something else listens on the development chain's port.
 * - `CHAIN_DID_NOT_START`, `CHAIN_STATE_UNREADABLE`: anvil ended or stayed silent; `details.output` holds its last lines.
 * - `CHAIN_UNREACHABLE`: the RPC endpoint gave no answer. `CHAIN_MISMATCH`: it serves another chain, or no such contract.
 * - `CHAIN_RECORD_INVALID`: an event, a view's answer or calldata does not have the shape that the contracts write.
 * - `TRANSACTION_REVERTED`: a contract refused; `details.error` is the custom error's name, `details.args` its arguments.
 * - `TRANSACTION_REFUSED`: the node did not take the transaction (funds, nonce).
 * - `ADDRESS_BOOK_INVALID`: the file is no address book. `ADDRESS_BOOK_MISMATCH`: it is of another chain, deployer or config; `details.field` says which.
 * - `DEPLOYER_BUSY`: the deployer sent something else since the deployment was begun, so the addresses in the book can no longer be had.
 * - `DEPLOYMENT_MISMATCH`: what is on chain is not what was to be deployed; `details` name the contract and what differs.
 */
export class ChainError extends CodedError<
  | 'CONTRACTS_DO_NOT_COMPILE'
  | 'ARTIFACT_MISSING'
  | 'CHAIN_PLATFORM_UNSUPPORTED'
  | 'CHAIN_PORT_BUSY'
  | 'CHAIN_DID_NOT_START'
  | 'CHAIN_STATE_UNREADABLE'
  | 'CHAIN_UNREACHABLE'
  | 'CHAIN_MISMATCH'
  | 'CHAIN_RECORD_INVALID'
  | 'TRANSACTION_REVERTED'
  | 'TRANSACTION_REFUSED'
  | 'ADDRESS_BOOK_INVALID'
  | 'ADDRESS_BOOK_MISMATCH'
  | 'DEPLOYER_BUSY'
  | 'DEPLOYMENT_MISMATCH'
> {}
