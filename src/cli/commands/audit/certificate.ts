import { Command } from 'commander'
import { readCertificate, verifyCertificate, writeCertificate } from '../../../audit/certificate.ts'
import type { Certificate } from '../../../audit/certificate-schema.ts'
import {
  DuplicateFinder,
  type FoundBatch,
  findBrokenReceipt,
  findContradictions,
} from '../../../audit/find-violation.ts'
import { rebuildAlone } from '../../../audit/range.ts'
import type { SignedReceipt } from '../../../audit/records.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import type { ChainBatch, ChainEpoch } from '../../../chain/records.ts'
import { readAnchorFile } from '../../audit/against.ts'
import { worldOfAnchor, worldOfChain } from '../../audit/certificate-world.ts'
import { type ChainOptions, chainOf, sourceOf, withChain } from '../../audit/options.ts'
import { withReader } from '../../audit/read.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError, EXIT } from '../../shared/exit.ts'
import { readText, writeText } from '../../shared/files.ts'
import { print, printJson } from '../../shared/terminal.ts'
import { readReceipts } from './run.ts'

interface MakeOptions extends ChainOptions {
  readonly out: string
  readonly json?: boolean
}
interface VerifyOptions extends ChainOptions {
  readonly anchor?: string
  readonly json?: boolean
}

const MAKE_HELP = `
With receipts: looks for two that contradict each other, for one that its accepted batch contradicts, and for one whose batch is overdue.
Without: looks through the whole chain for an order that was accepted twice. The first violation that holds is written as a certificate,
which anybody can check with "fairlead audit certificate verify".

Exit codes: 0 written; 1 no violation was found, nothing is written; 2 could not look.

Examples:
  $ fairlead audit certificate make my-receipt.json --rpc http://127.0.0.1:8545 --ledger 0x… --out certificate.json
  $ fairlead audit certificate make --rpc http://127.0.0.1:8545 --ledger 0x… --out certificate.json
`
const VERIFY_HELP = `
Trusts nothing in the certificate: signatures, V and records are checked against the chain (--rpc and --ledger) or an anchor (--anchor, offline).

Exit codes: 0 the violation is proven; 1 the certificate proves nothing; 2 could not check.

Example:
  $ fairlead audit certificate verify certificate.json --anchor anchor.json
`

export const certificateCommand = (context: CommandContext): Command =>
  new Command('certificate')
    .description('prove a violation to anybody')
    .addCommand(makeCommand(context))
    .addCommand(verifyCommand(context))

const makeCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChain(new Command('make').description('look for a violation, and write it down'))
      .argument('[receipts...]', 'files of receipts')
      .requiredOption('--out <file>', 'where to write the certificate'),
  )
    .addHelpText('after', MAKE_HELP)
    .action(async (files: string[], { out, json = false, ...chain }: MakeOptions) => {
      const receipts = await readReceipts(files)
      await withReader(chainOf(chain), async (reader) => {
        const world = await worldOfChain(reader)
        for await (const certificate of candidates(reader, receipts)) {
          const found = await verifyCertificate(certificate, world)
          if (found.verdict !== 'proven') continue
          await writeText(out, writeCertificate(certificate))
          if (json) printJson(terminal, { file: out, kind: certificate.kind, ...found })
          else print(terminal, `${out}: ${certificate.kind}: ${found.says}`)
          return
        }
        outcome.exitCode = EXIT.failed
        if (json) printJson(terminal, { verdict: 'none' })
        else print(terminal, 'no violation found')
      })
    })

/** Everything that may be a violation, the cheapest first. */
async function* candidates(reader: LedgerReader, receipts: readonly SignedReceipt[]): AsyncGenerator<Certificate> {
  const { config } = reader
  const epochs = await reader.epochs()
  yield* findContradictions(config, receipts)
  for (const receipt of receipts) {
    const batch = await reader.batch(receipt.batch)
    const broken = findBrokenReceipt(config, receipt, batch && foundBatch(reader, epochs, batch))
    if (broken) yield broken
  }
  if (receipts.length > 0) return
  const duplicates = new DuplicateFinder(config)
  for await (const batch of reader.batches()) {
    const twice = duplicates.add(foundBatch(reader, epochs, batch))
    if (twice) yield twice
  }
}

/** @throws CliError USAGE for a batch that has no V: an audit names what is wrong with it. */
function foundBatch({ config }: LedgerReader, epochs: readonly ChainEpoch[], batch: ChainBatch): FoundBatch {
  const rebuilt = rebuildAlone(config, epochs, batch)
  const slots = typeof rebuilt === 'string' ? undefined : rebuilt.epoch.verifiers[batch.submission.verifier]?.slots
  if (typeof rebuilt === 'string' || slots === undefined)
    throw new CliError('USAGE', `batch ${batch.index} cannot be opened; "fairlead audit run" says what is wrong`)
  return { ...rebuilt, epoch: rebuilt.epoch.epoch, slots, beneficiary: batch.submission.beneficiary }
}

const verifyCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChain(new Command('verify').description('check a certificate'))
      .argument('<file>', 'certificate')
      .option('--anchor <file>', 'what the chain said: check offline'),
  )
    .addHelpText('after', VERIFY_HELP)
    .action(async (file: string, { anchor, json = false, ...chain }: VerifyOptions) => {
      const certificate = readCertificate(await readText(file))
      if (!certificate) throw new CliError('JSON_INVALID', `${file} is no certificate`)
      const source = sourceOf(chain)
      if ((anchor === undefined) === (source === undefined))
        throw new CliError('USAGE', 'give either --anchor, or --rpc and --ledger')
      const result = source
        ? await withReader(source, async (reader) => verifyCertificate(certificate, await worldOfChain(reader)))
        : await verifyCertificate(certificate, worldOfAnchor(await readAnchorFile(anchor ?? '')))
      const exits = { proven: EXIT.done, refuted: EXIT.failed, unknown: EXIT.unable } as const
      outcome.exitCode = exits[result.verdict]
      if (json) printJson(terminal, { kind: certificate.kind, ...result })
      else if (result.verdict === 'proven') print(terminal, `proven: ${certificate.kind}: ${result.says}`)
      else
        print(
          terminal,
          `${result.verdict === 'refuted' ? 'NOT proven' : 'could not check'}: ${certificate.kind}: ${result.why}`,
        )
    })
