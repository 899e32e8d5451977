import { type Command, Option } from 'commander'
import type { LedgerSource } from '../../chain/reader.ts'
import { CliError } from '../shared/exit.ts'
import { address, blockNumber, url } from '../shared/parse.ts'
import { VERIFIERS, type VerifierChoice } from './verifier.ts'

/** Which ledger, at which endpoint. */
export interface ChainOptions {
  readonly rpc?: string
  readonly ledger?: string
  readonly fromBlock?: number
}

/** Adds the options that name a ledger. */
export const withChain = (command: Command): Command =>
  command
    .option('--rpc <url>', 'RPC endpoint of the chain', url)
    .option('--ledger <address>', 'address of the ledger', address)
    .option('--from-block <number>', 'where to look for events: the block of the deployment', blockNumber)

/** The ledger that options name; `undefined` when they name none. @throws CliError USAGE for half a name. */
export function sourceOf({ rpc, ledger, fromBlock }: ChainOptions): LedgerSource | undefined {
  if ((rpc === undefined) !== (ledger === undefined)) throw new CliError('USAGE', 'give --rpc and --ledger together')
  if (rpc === undefined || ledger === undefined) return undefined
  return { rpcUrl: rpc, ledger, ...(fromBlock === undefined ? {} : { fromBlock }) }
}

/** The same where there must be one. */
export function chainOf(options: ChainOptions): LedgerSource {
  const source = sourceOf(options)
  if (source) return source
  throw new CliError('USAGE', 'give --rpc and --ledger')
}

/** Which verifier checks the proofs. */
export interface VerifierOptions {
  readonly verifier?: VerifierChoice
}
/** `auto` falls back to snarkjs; `native` does not, see {@link openVerifier}. */
export const verifierOption = (): Option =>
  new Option('--verifier <name>', 'what verifies proofs: the native one where it is built, by default')
    .choices(VERIFIERS)
    .default('auto')
