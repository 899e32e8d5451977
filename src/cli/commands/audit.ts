import { Command } from 'commander'
import { auditLedger } from '../../audit/audit.ts'
import { auditBundle, UNCHECKED_WITHOUT_CHAIN } from '../../audit/bundle.ts'
import type { Check } from '../../audit/check.ts'
import { type AuditReport, describeFailure, report } from '../../audit/report.ts'
import { bundleContext } from '../audit/bundle-context.ts'
import { catchInvalidRecords, readBundle, readLedger, withReader } from '../audit/read.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { CliError, EXIT } from '../shared/exit.ts'
import { address, blockNumber, url } from '../shared/parse.ts'
import { startProgress } from '../shared/progress.ts'
import { note, print, printJson, type Terminal } from '../shared/terminal.ts'

interface AuditOptions {
  readonly rpc?: string
  readonly ledger?: string
  readonly fromBlock?: number
  readonly json?: boolean
}

const HELP = `
Without a file, reads the whole ledger from the RPC endpoint alone and re-checks every batch: V, signature, continuity, policy, seed,
roots and proof. With a file, a bundle as GET /v1/batches/INDEX gives it, checks that bundle; with --rpc and --ledger also against the chain.

Exit codes: 0 all good; 1 something is wrong (the first failed check is named, with expected and found); 2 could not check.

Examples:
  $ fairlead audit --rpc http://127.0.0.1:8545 --ledger 0x…
  $ fairlead audit bundle.json --rpc http://127.0.0.1:8545 --ledger 0x…
`

export const auditCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    new Command('audit')
      .description('re-check a ledger, or one batch, trusting nobody')
      .argument('[bundle]', 'JSON file of one batch')
      .option('--rpc <url>', 'RPC endpoint of the chain', url)
      .option('--ledger <address>', 'address of the ledger', address)
      .option('--from-block <number>', 'where to look for events: the block of the deployment', blockNumber),
  )
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: AuditOptions) => {
      const result = file === undefined ? await auditChain(terminal, options) : await auditFile(terminal, file, options)
      outcome.exitCode = result.ok ? EXIT.done : EXIT.failed
      if (options.json) printJson(terminal, result)
      else show(terminal, result)
    })

/** A whole ledger. */
function auditChain(terminal: Terminal, options: AuditOptions): Promise<AuditReport> {
  const { rpc, ledger } = options
  if (rpc === undefined || ledger === undefined) throw new CliError('USAGE', 'give --rpc and --ledger, or a bundle')
  return withReader({ rpcUrl: rpc, ledger, ...fromBlock(options) }, async (reader) => {
    const checks = catchInvalidRecords(async function* () {
      yield* auditLedger(await readLedger(reader))
    })
    return watch(terminal, options, checks)
  })
}

/** One bundle. */
async function auditFile(terminal: Terminal, file: string, options: AuditOptions): Promise<AuditReport> {
  const bundle = await readBundle(file)
  const { rpc, ledger } = options
  if ((rpc === undefined) !== (ledger === undefined)) throw new CliError('USAGE', 'give --rpc and --ledger together')
  if (rpc === undefined || ledger === undefined) {
    const result = await report(auditBundle(bundle, await bundleContext(bundle)))
    const unchecked = result.ok && !options.json ? UNCHECKED_WITHOUT_CHAIN : []
    for (const part of unchecked) note(terminal, `not checked without --rpc: ${part}`)
    return result
  }
  return withReader({ rpcUrl: rpc, ledger, ...fromBlock(options) }, (reader) =>
    report(
      catchInvalidRecords(async function* () {
        yield* auditBundle(bundle, await bundleContext(bundle, reader))
      }),
    ),
  )
}

const fromBlock = ({ fromBlock }: AuditOptions): { fromBlock?: number } =>
  fromBlock === undefined ? {} : { fromBlock }

/** Counts batches as they come by: how many there are is not known before the end. */
function watch(terminal: Terminal, { json = false }: AuditOptions, checks: AsyncIterable<Check>): Promise<AuditReport> {
  let last: bigint | undefined
  const quiet = json || terminal.stderr.isTTY !== true
  const progress = startProgress(terminal, 'batches', 0, quiet)
  return report(checks, ({ batch, ok }) => {
    if (terminal.interrupted.aborted) throw new CliError('INTERRUPTED', 'stopped by Ctrl-C')
    if (batch === undefined || batch === last) return
    last = batch
    progress.update(Number(batch) + 1, ok ? '' : 'a check failed')
  }).finally(() => progress.end())
}

/** Failures are often consequences of the first; more than a few help nobody. */
const SHOWN = 5

function show(terminal: Terminal, { ok, checks, batches, epochs, failures }: AuditReport): void {
  for (const failure of failures.slice(0, SHOWN)) print(terminal, `FAILED ${describeFailure(failure)}`)
  if (failures.length > SHOWN) print(terminal, `… and ${failures.length - SHOWN} more`)
  const scope = `${batches} batches, ${epochs} epochs, ${checks} checks`
  print(terminal, ok ? `audit passed: ${scope}` : `audit FAILED: ${failures.length} of ${scope}`)
}
