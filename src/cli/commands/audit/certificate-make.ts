import { Command } from 'commander'
import { verifyCertificate, writeCertificate } from '../../../audit/certificate.ts'
import type { Certificate } from '../../../audit/certificate-schema.ts'
import { DuplicateFinder, findBrokenReceipt, findContradictions } from '../../../audit/find-violation.ts'
import { readReport } from '../../../audit/receipt-schema.ts'
import type { SignedReceipt, SignedReport } from '../../../audit/records.ts'
import { findUnreported } from '../../../audit/unreported.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import { readBundle } from '../../audit/against.ts'
import { bookIn, ledgerOf } from '../../audit/book.ts'
import { worldOfChain } from '../../audit/certificate-world.ts'
import { foundBatch } from '../../audit/challenge/evidence.ts'
import { aroundOf, type ChallengeOptions, withChallenge } from '../../audit/challenge/options.ts'
import { submitCertificate } from '../../audit/challenge/submit.ts'
import { withChain } from '../../audit/options.ts'
import { withReader } from '../../audit/read.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError, EXIT } from '../../shared/exit.ts'
import { writeText } from '../../shared/files.ts'
import { batchRange, shardNumber } from '../../shared/parse.ts'
import { note, print, printJson } from '../../shared/terminal.ts'
import { readReceipts } from './run.ts'

interface MakeOptions extends ChallengeOptions {
  readonly out: string
  readonly shard?: number
  readonly reports?: readonly string[]
  readonly batches?: readonly [bigint, bigint]
  readonly submit?: boolean
  readonly json?: boolean
}

const HELP = `
With receipts: looks for two that contradict each other, for one that its accepted batch contradicts, and for one whose batch is overdue.
Without: looks through the whole chain for an order that was accepted twice. The first violation that holds is written as a certificate,
which anybody can check with "fairlead audit certificate verify".

With --shard: looks for the first batch that applies more work of that shard than the reports at hand show (--reports: JSON files of what the shard
signed, {"epoch", "shard", "counter", "time", "signature"}). Such a certificate is a question, which "submit" asks on chain.

With --submit the certificate is made the on-chain challenge at once ("fairlead audit certificate submit --help" says how, and whose key).

Exit codes: 0 written (with --submit: won); 1 no violation was found, nothing is written; 2 could not look, or with --submit: something has to pass first.

Examples:
  $ fairlead audit certificate make my-receipt.json --rpc http://127.0.0.1:8545 --ledger 0x… --out certificate.json
  $ fairlead audit certificate make --rpc http://127.0.0.1:8545 --ledger 0x… --out certificate.json
  $ fairlead audit certificate make --shard 2 --reports report-*.json --rpc http://127.0.0.1:8545 --ledger 0x… --out certificate.json
`

export const certificateMakeCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChallenge(withChain(new Command('make').description('look for a violation, and write it down')))
      .argument('[receipts...]', 'files of receipts')
      .requiredOption('--out <file>', 'where to write the certificate')
      .option('--shard <number>', 'look for work of this shard without a report', shardNumber)
      .option('--reports <files...>', 'reports of the shard that are known')
      .option('--batches <from-to>', 'with --shard: a range of batches; all by default', batchRange)
      .option('--submit', 'make it the on-chain challenge, too'),
  )
    .addHelpText('after', HELP)
    .action(async (files: string[], options: MakeOptions) => {
      const { out, json = false, submit = false } = options
      const { shard, reports = [], batches } = options
      if (shard === undefined && (reports.length > 0 || batches))
        throw new CliError('USAGE', '--reports and --batches are for --shard')
      if (shard !== undefined && files.length > 0) throw new CliError('USAGE', 'give either receipts or --shard')
      const receipts = await readReceipts(files)
      const book = bookIn(options)
      await withReader(ledgerOf(options, book), async (reader) => {
        const around = await aroundOf(reader, book)
        const world = await worldOfChain(reader, around && reader.system(around))
        for await (const certificate of await candidates(reader, receipts, options)) {
          const found = await verifyCertificate(certificate, world)
          if ('why' in found) continue
          await writeText(out, writeCertificate(certificate))
          // One result a command: what was written is none where it is submitted.
          if (submit) note(terminal, `${out}: ${certificate.kind}: ${found.says}`)
          else if (json) printJson(terminal, { file: out, kind: certificate.kind, ...found })
          else print(terminal, `${out}: ${certificate.kind}: ${found.says}`)
          if (submit) outcome.exitCode = await submitCertificate(terminal, reader, certificate, options)
          return
        }
        outcome.exitCode = EXIT.failed
        if (json) printJson(terminal, { verdict: 'none' })
        else print(terminal, 'no violation found')
      })
    })

/** Everything that may be a violation, the cheapest first. @throws CliError FILE_UNREADABLE, JSON_INVALID. */
async function candidates(
  reader: LedgerReader,
  receipts: readonly SignedReceipt[],
  { shard, reports = [], batches }: MakeOptions,
): Promise<AsyncIterable<Certificate>> {
  if (shard === undefined) return receipts.length > 0 ? ofReceipts(reader, receipts) : duplicates(reader)
  return unreported(reader, shard, await readReports(reports), batches)
}

async function* ofReceipts(reader: LedgerReader, receipts: readonly SignedReceipt[]): AsyncGenerator<Certificate> {
  const { config } = reader
  const epochs = await reader.epochs()
  yield* findContradictions(config, receipts)
  for (const receipt of receipts) {
    const batch = await reader.batch(receipt.batch)
    const broken = findBrokenReceipt(config, receipt, batch && foundBatch(reader, epochs, batch))
    if (broken) yield broken
  }
}

async function* duplicates(reader: LedgerReader): AsyncGenerator<Certificate> {
  const epochs = await reader.epochs()
  const finder = new DuplicateFinder(reader.config)
  for await (const batch of reader.batches()) {
    const twice = finder.add(foundBatch(reader, epochs, batch))
    if (twice) yield twice
  }
}

async function* unreported(
  reader: LedgerReader,
  shard: number,
  reports: readonly SignedReport[],
  range: readonly [bigint, bigint] | undefined,
): AsyncGenerator<Certificate> {
  const epochs = await reader.epochs()
  for await (const batch of reader.batches(range ? { first: range[0], last: range[1] } : {})) {
    const epoch = epochs.find(({ epoch: number }) => number === batch.epoch)
    const asked = epoch && findUnreported(reader.config, foundBatch(reader, epochs, batch), epoch, shard, reports)
    if (asked) yield asked
  }
}

function readReports(files: readonly string[]): Promise<SignedReport[]> {
  return Promise.all(
    files.map(async (file) => {
      const report = readReport(await readBundle(file))
      if (report) return report
      throw new CliError('JSON_INVALID', `${file} holds no report with its signature`)
    }),
  )
}
