import { formatEther } from 'ethers'
import { verifyCertificate } from '../../../audit/certificate.ts'
import type { Certificate } from '../../../audit/certificate-schema.ts'
import { Challenger, type SentCall } from '../../../chain/challenger.ts'
import type { LedgerReader } from '../../../chain/reader.ts'
import { CliError, EXIT, type ExitCode } from '../../shared/exit.ts'
import { privateKeyOf } from '../../shared/private-key.ts'
import { sentLine } from '../../shared/sent-line.ts'
import { print, printJson, type Terminal } from '../../shared/terminal.ts'
import { afterText, passes } from '../../shared/window.ts'
import { bookIn, ledgerOf } from '../book.ts'
import { worldOfChain } from '../certificate-world.ts'
import { aroundOf, type ChallengeOptions, KEY_VARIABLE } from './options.ts'
import { type Outcome, Submitter } from './submitter.ts'

const EXITS: Readonly<Record<Outcome['outcome'], ExitCode>> = {
  won: EXIT.done,
  refused: EXIT.failed,
  later: EXIT.unable,
}

/**
 * Makes a certificate the on-chain challenge: sends what can be sent now and, with `wait`, the rest once its windows have passed.
 * @returns 0 won, 1 no fault, 2 something has to pass first.
 * @throws CliError NO_CHALLENGE, KEY_MISSING, KEY_INVALID, USAGE; ChainError.
 */
export async function submitCertificate(
  terminal: Terminal,
  reader: LedgerReader,
  certificate: Certificate,
  options: ChallengeOptions & { readonly json?: boolean },
): Promise<ExitCode> {
  const { json = false, collect = false } = options
  const book = bookIn(options)
  const privateKey = await privateKeyOf(terminal, KEY_VARIABLE, options.keyFile)
  const around = await aroundOf(reader, book)
  if (!around)
    throw new CliError(
      'NO_CHALLENGE',
      `ledger ${reader.config.ledger} has no bond, or its challenges cannot be derived from it: name --book`,
    )
  const { rpcUrl, ledger } = ledgerOf(options, book)
  const challenger = await Challenger.connect({ rpcUrl, ledger, around, privateKey })
  try {
    const calls: SentCall[] = []
    const tell = (call: SentCall): void => {
      calls.push(call)
      if (!json) print(terminal, sentLine(call))
    }
    const outcome = await challenge(terminal, reader, challenger, certificate, options.wait, tell)
    if (outcome.outcome === 'won' && collect) for (const call of await challenger.collect()) tell(call)
    const credit = await challenger.credit()
    if (json) printJson(terminal, { kind: certificate.kind, challenger: challenger.address, calls, ...outcome, credit })
    else print(terminal, outcomeLine(outcome, credit))
    return EXITS[outcome.outcome]
  } finally {
    challenger.close()
  }
}

async function challenge(
  terminal: Terminal,
  reader: LedgerReader,
  challenger: Challenger,
  certificate: Certificate,
  waitMs: number,
  tell: (call: SentCall) => void,
): Promise<Outcome> {
  const checked = await verifyCertificate(certificate, await worldOfChain(reader))
  if ('why' in checked) return { outcome: 'refused', why: `the certificate proves nothing: ${checked.why}` }
  const submitter = new Submitter(reader, challenger, tell)
  const giveUp = Date.now() + waitMs
  let outcome = await submitter.advance(certificate)
  while (outcome.outcome === 'later' && (await passes(terminal, reader, outcome.after, giveUp)))
    outcome = await submitter.advance(certificate)
  return outcome
}

function outcomeLine(outcome: Outcome, credit: bigint): string {
  if (outcome.outcome === 'refused') return `refused  ${outcome.why}`
  if (outcome.outcome === 'later') return `later    come back after ${afterText(outcome.after)}: ${outcome.why}`
  const { fault, challenger, burned, reward } = outcome.slash
  const lost = `the operator lost ${formatEther(burned + reward)} ETH`
  return `won      ${fault}: ${lost}, of which ${formatEther(reward)} are for ${challenger}; ${formatEther(credit)} ETH are yours to collect`
}
