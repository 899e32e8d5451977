import { Command } from 'commander'
import { auditLedger } from '../../audit/audit.ts'
import { auditBundle } from '../../audit/bundle.ts'
import type { Check } from '../../audit/check.ts'
import { type AuditReport, report } from '../../audit/report.ts'
import { auditBundleOnChain, readAnchorFile, readBundle } from '../audit/against.ts'
import { catchInvalidRecords, readLedger, withReader } from '../audit/read.ts'
import { EXIT_OF, showReport } from '../audit/show.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { CliError } from '../shared/exit.ts'
import { address, blockNumber, url } from '../shared/parse.ts'
import { startProgress } from '../shared/progress.ts'
import type { Terminal } from '../shared/terminal.ts'

interface AuditOptions {
  readonly rpc?: string
  readonly ledger?: string
  readonly fromBlock?: number
  readonly anchor?: string
  readonly json?: boolean
}

const HELP = `
Without a file, reads the whole ledger from the RPC endpoint alone and re-checks every batch: V, signature, continuity, policy, seed,
roots and proof.

With a file, a bundle as GET /v1/batches/INDEX/bundle gives it, checks that bundle against the chain (--rpc and --ledger), or against an
anchor ("fairlead anchor export"), which needs no network at all. With neither it can say only whether the bundle is consistent in itself.

Exit codes: 0 all good; 1 something is wrong (the first failed check is named, with expected and found); 2 could not check, or not all.

Examples:
  $ fairlead audit --rpc http://127.0.0.1:8545 --ledger 0x…
  $ fairlead audit bundle.json --anchor anchor.json
  $ fairlead audit bundle.json --rpc http://127.0.0.1:8545 --ledger 0x…
`

export const auditCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    new Command('audit')
      .description('re-check a ledger, or one batch, trusting nobody')
      .argument('[bundle]', 'JSON file of one batch')
      .option('--anchor <file>', 'what the chain said, kept in a file: check the bundle against it, offline')
      .option('--rpc <url>', 'RPC endpoint of the chain', url)
      .option('--ledger <address>', 'address of the ledger', address)
      .option('--from-block <number>', 'where to look for events: the block of the deployment', blockNumber),
  )
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: AuditOptions) => {
      const result = file === undefined ? await auditChain(terminal, options) : await auditFile(file, options)
      outcome.exitCode = EXIT_OF[result.verdict]
      showReport(terminal, result, options.json ?? false)
    })

/** A whole ledger. */
function auditChain(terminal: Terminal, options: AuditOptions): Promise<AuditReport> {
  const { rpc, ledger, anchor } = options
  if (anchor !== undefined) throw new CliError('USAGE', 'an anchor is for a bundle: give its file')
  if (rpc === undefined || ledger === undefined) throw new CliError('USAGE', 'give --rpc and --ledger, or a bundle')
  return withReader({ rpcUrl: rpc, ledger, ...fromBlock(options) }, async (reader) => {
    const checks = catchInvalidRecords(async function* () {
      yield* auditLedger(await readLedger(reader))
    })
    return watch(terminal, options, checks)
  })
}

/** One bundle. */
async function auditFile(file: string, options: AuditOptions): Promise<AuditReport> {
  const { rpc, ledger, anchor } = options
  if ((rpc === undefined) !== (ledger === undefined)) throw new CliError('USAGE', 'give --rpc and --ledger together')
  if (anchor !== undefined && rpc !== undefined)
    throw new CliError('USAGE', 'give either --anchor, or --rpc and --ledger')
  const bundle = await readBundle(file)
  if (rpc !== undefined && ledger !== undefined)
    return withReader({ rpcUrl: rpc, ledger, ...fromBlock(options) }, (reader) =>
      report(auditBundleOnChain(bundle, reader)),
    )
  return report(auditBundle(bundle, anchor === undefined ? {} : { anchor: await readAnchorFile(anchor) }))
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
