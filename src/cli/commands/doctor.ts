import { Command } from 'commander'
import { ProverSettings } from '../../proof/backend/settings.ts'
import { checkBackends } from '../doctor/backends.ts'
import {
  checkChain,
  checkCircuits,
  checkDatabase,
  checkGo,
  checkNative,
  checkNode,
  type Finding,
} from '../doctor/checks.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { EXIT } from '../shared/exit.ts'
import { dataDirOption, proverCommandOption, proverOption } from '../shared/options.ts'
import { url } from '../shared/parse.ts'
import { print, printJson } from '../shared/terminal.ts'

interface DoctorOptions {
  readonly dataDir: string
  readonly databaseUrl?: string
  readonly rpc?: string
  readonly circuit?: string
  readonly prover: ProverSettings['backend']
  readonly proverCommand?: string
  readonly json?: boolean
}

const HELP = `
Tries everything that a start needs, and changes nothing: the embedded database is opened in memory, each prover backend proves an empty batch of a
circuit that is built. What is marked "-" is missing or broken but not needed.

Exit codes: 0 all that is needed works; 1 something needed is broken; 2 could not be done.
`

export const doctorCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    new Command('doctor')
      .description('tell what works here: Node, Go, prover backends, circuits, database, chain')
      .addOption(dataDirOption())
      .option('--database-url <url>', 'PostgreSQL in place of the embedded database')
      .option('--rpc <url>', 'a chain endpoint in place of the local chain', url)
      .option('--circuit <name>', 'what the backends prove (default: the smallest two-choice circuit that is built)')
      .addOption(proverOption())
      .addOption(proverCommandOption()),
  )
    .addHelpText('after', HELP)
    .action(async ({ prover: backend, proverCommand: command, circuit, ...options }: DoctorOptions) => {
      const findings: Finding[] = []
      const add = (...found: Finding[]): void => {
        findings.push(...found)
        if (!options.json) for (const finding of found) print(terminal, lineOf(finding))
      }
      add(checkNode(), await checkGo(), await checkNative())
      add(await checkDatabase(options.databaseUrl, options.dataDir), await checkChain(options.rpc))
      add(...(await checkCircuits()))
      add(...(await checkBackends(ProverSettings.parse({ backend, command }), circuit)))
      const ok = findings.every((finding) => finding.ok || !finding.needed)
      if (!ok) outcome.exitCode = EXIT.failed
      if (options.json) printJson(terminal, { ok, checks: findings })
      else print(terminal, ok ? 'all that is needed works' : 'something that is needed is broken')
    })

const lineOf = ({ name, ok, needed, message }: Finding): string =>
  `${ok ? '✓' : needed ? '✗' : '-'} ${name.padEnd(26)} ${message}`
