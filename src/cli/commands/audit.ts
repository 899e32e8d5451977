import { Command } from 'commander'
import { auditBundle } from '../../audit/bundle.ts'
import { BatchTally, report } from '../../audit/report.ts'
import { auditBundleOnChain, readAnchorFile, readBundle } from '../audit/against.ts'
import { type ChainOptions, sourceOf, type VerifierOptions, verifierOption, withChain } from '../audit/options.ts'
import { withReader } from '../audit/read.ts'
import { EXIT_OF, showReport } from '../audit/show.ts'
import { withVerifier } from '../audit/verifier.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { CliError } from '../shared/exit.ts'
import { bundleCommand } from './audit/bundle.ts'
import { certificateCommand } from './audit/certificate.ts'
import { discloseCommand } from './audit/disclose.ts'
import { openingsCommand } from './audit/openings.ts'
import { receiptCommand } from './audit/receipt.ts'
import { reportCommand } from './audit/report.ts'
import { auditLedgerOf, runCommand } from './audit/run.ts'
import { watchCommand } from './audit/watch.ts'

interface AuditOptions extends ChainOptions, VerifierOptions {
  readonly anchor?: string
  readonly json?: boolean
}

const HELP = `
Without a command and without a file it is "fairlead audit run": reads the whole ledger from the RPC endpoint alone and re-checks every batch.

With a file, a bundle as GET /v1/batches/INDEX/bundle gives it, checks that bundle against the chain (--rpc and --ledger), or against an
anchor ("fairlead anchor export"), which needs no network at all. With neither it can say only whether the bundle is consistent in itself.

Exit codes: 0 all good; 1 something is wrong (the first failed check is named, with expected and found); 2 could not check, or not all.

Examples:
  $ fairlead audit --rpc http://127.0.0.1:8545 --ledger 0x…
  $ fairlead audit bundle.json --anchor anchor.json
  $ fairlead audit bundle.json --rpc http://127.0.0.1:8545 --ledger 0x…
`

const SUBCOMMANDS = [
  runCommand,
  watchCommand,
  bundleCommand,
  receiptCommand,
  reportCommand,
  certificateCommand,
  discloseCommand,
  openingsCommand,
]

export function auditCommand(context: CommandContext): Command {
  const { terminal, outcome } = context
  const command = new Command('audit')
    .description('re-check a ledger, or one batch, trusting nobody')
    .enablePositionalOptions()
    .argument('[bundle]', 'JSON file of one batch')
    .option('--anchor <file>', 'what the chain said, kept in a file: check the bundle against it, offline')
    .addOption(verifierOption())
  for (const make of SUBCOMMANDS) command.addCommand(make(context))
  return withJson(withChain(command))
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: AuditOptions) => {
      const result = file === undefined ? await whole() : await one(file)
      outcome.exitCode = EXIT_OF[result.verdict]
      showReport(terminal, result, options.json ?? false)

      function whole() {
        const { rpc, ledger, anchor } = options
        if (anchor !== undefined) throw new CliError('USAGE', 'an anchor is for a bundle: give its file')
        if (rpc === undefined || ledger === undefined)
          throw new CliError('USAGE', 'give --rpc and --ledger, or a bundle')
        return auditLedgerOf(terminal, options, new BatchTally())
      }

      async function one(path: string) {
        const { anchor } = options
        const source = sourceOf(options)
        if (anchor !== undefined && source) throw new CliError('USAGE', 'give either --anchor, or --rpc and --ledger')
        const bundle = await readBundle(path)
        return withVerifier(options.verifier, async ({ verify }) => {
          if (source) return withReader(source, (reader) => report(auditBundleOnChain(bundle, reader, verify)))
          return report(
            auditBundle(bundle, anchor === undefined ? {} : { anchor: await readAnchorFile(anchor) }, verify),
          )
        })
      }
    })
}
