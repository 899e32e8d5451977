import { Command, Option } from 'commander'
import type { AddressBook } from '../../chain/address-book.ts'
import { withProvider } from '../../chain/provider.ts'
import type { ProverSettings } from '../../proof/backend/settings.ts'
import { ensureCircuit } from '../../proof/build.ts'
import { circuitSpec, loadCatalog } from '../../proof/catalog.ts'
import { ROLES, type ServiceSettings } from '../../service/config.ts'
import { createLog } from '../../service/log.ts'
import { openService } from '../../service/open-service.ts'
import { assertChainOf, bookIn, ledgerOf } from '../audit/book.ts'
import { type ChainOptions, withChain } from '../audit/options.ts'
import { type Answering, answer, assertCanListen } from '../serving/answer.ts'
import { overOrInterrupted, showEpoch } from '../serving/epochs.ts'
import { explorerLine, keyLines, type ListeningOptions, listeningOf, withListening } from '../serving/options.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { CliError, EXIT } from '../shared/exit.ts'
import { proverCommandOption, proverOption } from '../shared/options.ts'
import { print, printJson, type Terminal } from '../shared/terminal.ts'
import { flowView } from '../start/flow-view.ts'
import { eventLines } from '../start/json-view.ts'
import { liveView } from '../start/live-view.ts'

interface ServeOptions extends ListeningOptions, ChainOptions {
  readonly book?: string
  readonly circuit?: string
  readonly role?: (typeof ROLES)[number][]
  readonly prover: ProverSettings['backend']
  readonly proverCommand?: string
  readonly json?: boolean
}

const HELP = `
Serves on a chain that others run, until Ctrl-C: on the ledger of a deployment's address book (--book), or of --ledger. The ledger's latest epoch has to be open under the keys in the data folder: "fairlead
accounts" makes and shows them, "fairlead epoch next" opens an epoch under them. The submitter's account pays for batches and, where there are contracts around the ledger, the duty account for answers to
them: both need ether. Circuits have to be built, and on a real chain their keys have to come from a ceremony.

When an epoch is over ("fairlead epoch change", or "fairlead epoch next" after an abandonment) it goes on in the next one by itself.

Over one PostgreSQL the roles may run in processes of their own, on any number of machines: one router, any number of provers, one submitter.

With --json, standard output has one JSON object a line: {"event":"ready"|"batch"|"epoch", …}.

Exit codes: 0 ended by Ctrl-C; 2 could not start.

Examples:
  $ fairlead serve --rpc https://… --book addresses.json --database-url postgres://…
  $ fairlead serve --rpc https://… --book addresses.json --database-url postgres://… --role prover --port 0
`

export const serveCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withListening(
      withChain(new Command('serve').description('serve on a ledger that is deployed already'))
        .option('--book <file>', 'address book of the deployment')
        .option('--circuit <name>', "circuit of the epoch's proofs (default: the book's, where it has one)")
        .addOption(
          new Option('--role <role>', 'what this process does; once for each (default: all of it)')
            .choices(ROLES)
            .argParser((role, roles: string[] = []) => [...roles, role]),
        )
        .addOption(proverOption())
        .addOption(proverCommandOption()),
    ),
  )
    .addHelpText('after', HELP)
    .action(async (options: ServeOptions) => {
      const { json = false } = options
      await assertCanListen(options)
      const log = createLog(options.logLevel)
      const settings = await settingsOf(options)
      const artifacts = await ensureCircuit(settings.circuit)
      let listening = listeningOf(options)
      for (let goesOn = true, first = true; goesOn; first = false) {
        const service = await openService(settings, { artifacts, log })
        try {
          const answering = await answer(service, log, listening)
          listening = { ...listening, port: answering.http.port }
          if (first) showReady(terminal, settings, answering, options)
          else showEpoch(terminal, await service.policy(), json)
          const stop = json ? eventLines(terminal, service.events) : flowView(liveView(terminal.stdout), service.events)
          goesOn = await overOrInterrupted(service.over, terminal.interrupted)
          stop()
          await answering.http.close()
        } finally {
          await service.stop()
        }
      }
      outcome.exitCode = EXIT.done
    })

/** What the service is started with. @throws CliError USAGE, FILE_UNREADABLE; ChainError ADDRESS_BOOK_INVALID, CHAIN_UNREACHABLE. */
async function settingsOf(options: ServeOptions): Promise<ServiceSettings> {
  const { dataDir, databaseUrl, logLevel, role: roles } = options
  const book = bookIn(options)
  const { fromBlock = 0, ...source } = ledgerOf(options, book)
  const chainId = await withProvider(source.rpcUrl, async (_, id) => id)
  if (book) assertChainOf(book, chainId)
  return {
    ...{ dataDir, databaseUrl, logLevel, roles, chainId, fromBlock, ...source, circuit: circuitOf(options, book) },
    contracts: book?.contracts,
    prover: { backend: options.prover, command: options.proverCommand },
  }
}

function circuitOf({ circuit }: ServeOptions, book: AddressBook | undefined): string {
  const known = Object.keys(book?.verifiers ?? {})
  const [name, ...others] = circuit === undefined ? known : [circuit]
  if (name === undefined || others.length > 0)
    throw new CliError('USAGE', known.length > 1 ? `give --circuit: ${known.join(' or ')}` : 'give --circuit')
  circuitSpec(loadCatalog(), name)
  return name
}

function showReady(
  terminal: Terminal,
  { ledger, circuit, chainId, rpcUrl }: ServiceSettings,
  { http, keys, keysAreNew }: Answering,
  { json, explorer, dataDir }: ServeOptions,
): void {
  if (json) {
    const made = keysAreNew ? { keys } : {}
    printJson(terminal, { event: 'ready', url: http.url, rpc: rpcUrl, ledger, circuit, ...made })
    return
  }
  print(terminal, `API      ${http.url} (documentation at /docs)`)
  if (explorer) print(terminal, explorerLine(http.url))
  print(terminal, `chain    ${chainId} at ${rpcUrl}`)
  print(terminal, `ledger   ${ledger}`)
  print(terminal, `circuit  ${circuit}`)
  if (keysAreNew) for (const line of keyLines(keys, dataDir)) print(terminal, line)
  print(terminal, '\nServing. Ctrl-C ends in order, everything is kept.')
}
