import { Command } from 'commander'
import { writeAnchor } from '../../../audit/anchor.ts'
import { auditBundles, bundlesOf, writeBundles } from '../../../audit/bundle-list.ts'
import { makeBundle } from '../../../audit/make-bundle.ts'
import { rebuildAlone } from '../../../audit/range.ts'
import { report } from '../../../audit/report.ts'
import { ChainError } from '../../../chain/error.ts'
import { readAnchorFile, readBundle } from '../../audit/against.ts'
import { readAnchorFromChain } from '../../audit/make-anchor.ts'
import { type ChainOptions, chainOf, type VerifierOptions, verifierOption, withChain } from '../../audit/options.ts'
import { withReader } from '../../audit/read.ts'
import { EXIT_OF, showReport } from '../../audit/show.ts'
import { withVerifier } from '../../audit/verifier.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { writeText } from '../../shared/files.ts'
import { batchRange } from '../../shared/parse.ts'
import { print, printJson } from '../../shared/terminal.ts'

interface ExportOptions extends ChainOptions {
  readonly batches?: readonly [bigint, bigint]
  readonly out: string
  readonly anchorOut: string
  readonly json?: boolean
}

interface VerifyOptions extends VerifierOptions {
  readonly anchor?: string
  readonly json?: boolean
}

const EXPORT_HELP = `
Writes two files from the chain alone, without asking the service: one with everything public of each batch, and the anchor that they are
checked against. With both, "fairlead audit bundle verify" needs no network.

Exit codes: 0 written; 2 could not be made.

Example:
  $ fairlead audit bundle export --rpc http://127.0.0.1:8545 --ledger 0x… --out bundles.json --anchor-out anchor.json
`
const VERIFY_HELP = `
FILE holds one bundle, as GET /v1/batches/INDEX/bundle gives it, or many, as "fairlead audit bundle export" writes them. Bundles that follow
each other must also continue each other, and accept no order twice. Uses no network.

Exit codes: 0 all good; 1 something is wrong; 2 could not check, or not all (without an anchor never better than that).

Example:
  $ fairlead audit bundle verify bundles.json --anchor anchor.json
`

export const bundleCommand = (context: CommandContext): Command =>
  new Command('bundle')
    .description('keep batches in a file, and check them without a network')
    .addCommand(exportCommand(context))
    .addCommand(verifyCommand(context))

const exportCommand = ({ terminal }: CommandContext): Command =>
  withJson(
    withChain(new Command('export').description('write batches and their anchor from the chain'))
      .option('--batches <from-to>', 'a range of batches; all accepted ones by default', batchRange)
      .requiredOption('--out <file>', 'where to write the bundles')
      .requiredOption('--anchor-out <file>', 'where to write the anchor'),
  )
    .addHelpText('after', EXPORT_HELP)
    .action(async ({ batches, out, anchorOut, json = false, ...chain }: ExportOptions) => {
      await withReader(chainOf(chain), async (reader) => {
        const anchor = await readAnchorFromChain(reader, { first: batches?.[0], last: batches?.[1] })
        const first = anchor.firstBatch
        const last = first + BigInt(anchor.records.length) - 1n
        const epochs = await reader.epochs()
        const bundles: unknown[] = []
        for await (const batch of reader.batches({ first, last })) {
          const rebuilt = rebuildAlone(reader.config, epochs, batch)
          if (typeof rebuilt === 'string') throw malformed(batch.index, rebuilt)
          bundles.push(makeBundle(reader.config, rebuilt.epoch, batch, rebuilt))
        }
        if (bundles.length !== anchor.records.length) throw malformed(last, 'some events are missing')
        await writeText(out, writeBundles(bundles))
        await writeText(anchorOut, writeAnchor(anchor))
        const said = { file: out, anchor: anchorOut, digest: anchor.digest, batches: bundles.length, first, last }
        if (json) return printJson(terminal, said)
        print(terminal, `${out}: batches ${first} to ${last}`)
        print(terminal, `${anchorOut}: digest ${anchor.digest}`)
      })
    })

const malformed = (index: bigint, why: string): ChainError =>
  new ChainError('CHAIN_RECORD_INVALID', `batch ${index} cannot be bundled: ${why}`, { details: { index } })

const verifyCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    new Command('verify')
      .description('check bundles against their anchor, offline')
      .argument('<file>', 'one bundle, or many')
      .option('--anchor <file>', 'what the chain said')
      .addOption(verifierOption()),
  )
    .addHelpText('after', VERIFY_HELP)
    .action(async (file: string, { anchor, verifier, json = false }: VerifyOptions) => {
      const inputs = bundlesOf(await readBundle(file))
      const context = anchor === undefined ? {} : { anchor: await readAnchorFile(anchor) }
      const result = await withVerifier(verifier, ({ verify }) =>
        report(auditBundles(inputs, context, { verifyProofs: verify })),
      )
      outcome.exitCode = EXIT_OF[result.verdict]
      showReport(terminal, result, json)
    })
