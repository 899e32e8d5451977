import { Command } from 'commander'
import { readCertificate, verifyCertificate } from '../../../audit/certificate.ts'
import type { CertificateVerdict } from '../../../audit/certificate-world.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import { readAnchorFile } from '../../audit/against.ts'
import { bookIn, withBook } from '../../audit/book.ts'
import { worldOfAnchor, worldOfChain } from '../../audit/certificate-world.ts'
import { aroundOf } from '../../audit/challenge/options.ts'
import { type ChainOptions, sourceOf, withChain } from '../../audit/options.ts'
import { withReader } from '../../audit/read.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError, EXIT, type ExitCode } from '../../shared/exit.ts'
import { readText } from '../../shared/files.ts'
import { print, printJson } from '../../shared/terminal.ts'

interface VerifyOptions extends ChainOptions {
  readonly anchor?: string
  readonly book?: string
  readonly json?: boolean
}

const HELP = `
Trusts nothing in the certificate: signatures, V and records are checked against the chain (--rpc and --ledger) or an anchor (--anchor, offline).

Exit codes: 0 the violation is proven; 1 the certificate proves nothing; 2 could not check, or only a demand on chain can tell (served-unreported).

Example:
  $ fairlead audit certificate verify certificate.json --anchor anchor.json
`

const EXITS: Readonly<Record<CertificateVerdict['verdict'], ExitCode>> = {
  proven: EXIT.done,
  refuted: EXIT.failed,
  unknown: EXIT.unable,
  question: EXIT.unable,
}
const WORDS: Readonly<Record<CertificateVerdict['verdict'], string>> = {
  proven: 'proven',
  refuted: 'NOT proven',
  unknown: 'could not check',
  question: 'a question',
}

export const certificateVerifyCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withBook(withChain(new Command('verify').description('check a certificate')))
      .argument('<file>', 'certificate')
      .option('--anchor <file>', 'what the chain said: check offline'),
  )
    .addHelpText('after', HELP)
    .action(async (file: string, { anchor, json = false, ...options }: VerifyOptions) => {
      const certificate = readCertificate(await readText(file))
      if (!certificate) throw new CliError('JSON_INVALID', `${file} is no certificate`)
      const source = sourceOf(options)
      if ((anchor === undefined) === (source === undefined))
        throw new CliError('USAGE', 'give either --anchor, or --rpc and --ledger')
      const result = source
        ? await withReader(source, async (reader) =>
            verifyCertificate(certificate, await worldWithSystem(reader, options)),
          )
        : await verifyCertificate(certificate, worldOfAnchor(await readAnchorFile(anchor ?? '')))
      outcome.exitCode = EXITS[result.verdict]
      if (json) return printJson(terminal, { kind: certificate.kind, ...result })
      print(terminal, `${WORDS[result.verdict]}: ${certificate.kind}: ${'says' in result ? result.says : result.why}`)
    })

async function worldWithSystem(reader: LedgerReader, options: { readonly book?: string }) {
  const around = await aroundOf(reader, bookIn(options))
  return worldOfChain(reader, around && reader.system(around))
}
