import { Command } from 'commander'
import { readCertificate } from '../../../audit/certificate.ts'
import { bookIn, ledgerOf } from '../../audit/book.ts'
import { type ChallengeOptions, withChallenge } from '../../audit/challenge/options.ts'
import { submitCertificate } from '../../audit/challenge/submit.ts'
import { withChain } from '../../audit/options.ts'
import { withReader } from '../../audit/read.ts'
import { type CommandContext, withJson } from '../../shared/action.ts'
import { CliError } from '../../shared/exit.ts'
import { readText } from '../../shared/files.ts'

interface SubmitOptions extends ChallengeOptions {
  readonly json?: boolean
}

const HELP = `
Makes a certificate the challenge of its kind, from an account that pays the gas: its private key is read from FAIRLEAD_CHALLENGER_KEY or --key-file. Batches are
sighted first where the contract wants them final, an overdue batch is noticed first, and a report is demanded first (for served-unreported: with the challenge
bond, which is lost if the report is shown). What can be sent now is sent; where a window has to pass, the command says when to come back, or waits (--wait).
Run it again: what was sent is not sent twice. Half of what the operator loses is yours; --collect takes it.

The contracts are derived from the ledger where the account that operates it deployed them; else name the deployment's address book (--book).

Exit codes: 0 won; 1 the contract or the chain finds no fault, or somebody was faster; 2 something has to pass first, or could not be done.

Examples:
  $ fairlead audit certificate submit certificate.json --rpc http://127.0.0.1:8545 --ledger 0x…
  $ fairlead audit certificate submit certificate.json --rpc https://… --book addresses.json --key-file key.txt --wait 2h --collect
`

export const certificateSubmitCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    withChallenge(withChain(new Command('submit').description('make it the on-chain challenge'))).argument(
      '<file>',
      'certificate',
    ),
  )
    .addHelpText('after', HELP)
    .action(async (file: string, options: SubmitOptions) => {
      const certificate = readCertificate(await readText(file))
      if (!certificate) throw new CliError('JSON_INVALID', `${file} is no certificate`)
      await withReader(ledgerOf(options, bookIn(options)), async (reader) => {
        outcome.exitCode = await submitCertificate(terminal, reader, certificate, options)
      })
    })
