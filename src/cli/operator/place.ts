import type { Command } from 'commander'
import type { LedgerReader, LedgerSource } from '../../chain/reader.ts'
import { LedgerWriter } from '../../chain/writer.ts'
import { dataPaths } from '../../service/config.ts'
import { readDeployment } from '../../service/deployment-file.ts'
import { readSecrets, type Secrets } from '../../service/secrets.ts'
import { bookIn, ledgerOf } from '../audit/book.ts'
import { withReader } from '../audit/read.ts'
import { DEFAULTS } from '../shared/defaults.ts'
import { CliError } from '../shared/exit.ts'
import { dataDirOption } from '../shared/options.ts'
import { address, url } from '../shared/parse.ts'

/** Which ledger an operator means, and where its keys are. */
export interface PlaceOptions {
  readonly dataDir: string
  readonly rpc: string
  readonly ledger?: string
  readonly book?: string
  readonly json?: boolean
}

/** For the help of every command with a place. */
export const PLACE_HELP = `
The ledger is the data folder's unless --ledger or --book names another. What is sent is signed with the submitter's key in the data folder, whose account must have the right to it: "fairlead accounts" shows which
it is. A service may go on meanwhile.
`

/** Adds the options of a place. */
export const withPlace = (command: Command): Command =>
  command
    .addOption(dataDirOption())
    .option('--rpc <url>', 'RPC endpoint of the chain', url, `http://${DEFAULTS.host}:${DEFAULTS.chainPort}`)
    .option('--ledger <address>', 'address of the ledger', address)
    .option('--book <file>', 'address book of the deployment')

/** @throws CliError USAGE when nothing names a ledger, or two things name two; FILE_UNREADABLE; ChainError ADDRESS_BOOK_INVALID. */
export async function placeOf(options: PlaceOptions): Promise<LedgerSource> {
  const { dataDir, rpc, ledger } = options
  const book = bookIn(options)
  if (book || ledger !== undefined) return ledgerOf({ rpc, ...(ledger !== undefined && { ledger }) }, book)
  const known = await readDeployment(dataPaths(dataDir).deployment)
  if (!known) throw new CliError('USAGE', `${dataDir} holds no ledger: give --ledger or --book`)
  return { rpcUrl: rpc, ledger: known.ledger, fromBlock: known.fromBlock }
}

/** The keys in the data folder. @throws CliError FILE_UNREADABLE for a folder without. */
export async function operatorSecrets({ dataDir }: Pick<PlaceOptions, 'dataDir'>): Promise<Secrets> {
  const secrets = await readSecrets(dataPaths(dataDir).secrets)
  if (secrets) return secrets
  throw new CliError('FILE_UNREADABLE', `${dataDir} holds no keys`)
}

/** What an operator works with. */
export interface Operator {
  readonly reader: LedgerReader
  readonly writer: LedgerWriter
  readonly secrets: Secrets
}

/** Runs with an operator's connections, and closes them. @throws CliError FILE_UNREADABLE for a folder without keys; as {@link placeOf}. */
export async function asOperator<T>(options: PlaceOptions, use: (operator: Operator) => Promise<T>): Promise<T> {
  const source = await placeOf(options)
  const secrets = await operatorSecrets(options)
  return withReader(source, async (reader) => {
    const writer = await LedgerWriter.connect({ ...source, privateKey: secrets.submitterKey })
    try {
      return await use({ reader, writer, secrets })
    } finally {
      writer.close()
    }
  })
}
