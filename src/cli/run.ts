import { Command, CommanderError } from 'commander'
import { anchorCommand } from './commands/anchor.ts'
import { auditCommand } from './commands/audit.ts'
import { circuitsCommand } from './commands/circuits.ts'
import { doctorCommand } from './commands/doctor.ts'
import { keysCommand } from './commands/keys.ts'
import { orderCommand } from './commands/order.ts'
import { policyCommand } from './commands/policy.ts'
import { replayCommand } from './commands/replay.ts'
import { resetCommand } from './commands/reset.ts'
import { startCommand } from './commands/start.ts'
import { type CommandContext, type Outcome, reportFailure } from './shared/action.ts'
import { EXIT, type ExitCode } from './shared/exit.ts'
import { note, type Terminal } from './shared/terminal.ts'
import { version } from './shared/version.ts'

const COMMANDS = [
  startCommand,
  orderCommand,
  replayCommand,
  auditCommand,
  anchorCommand,
  policyCommand,
  circuitsCommand,
  keysCommand,
  doctorCommand,
  resetCommand,
]

const EXIT_HELP = `
Exit codes: 0 done; 1 done, and the answer is no (an audit found something, an order got no receipt);
2 could not be done (the line on standard error begins with the reason's code); 130 interrupted.
`

/**
 * Runs one command line.
 * @param args without the program's name.
 * @returns the exit code; never throws.
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const outcome: Outcome = { exitCode: EXIT.done }
  try {
    await createProgram({ terminal, outcome }).parseAsync([...args], { from: 'user' })
    return outcome.exitCode
  } catch (error) {
    // Commander has written help or its complaint already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.unable
    return reportFailure(terminal, error, args.includes('--json'))
  }
}

function createProgram(context: CommandContext): Command {
  const { terminal } = context
  const program = new Command('fairlead')
    .description('Assigns private orders to shards under a published policy and proves it, batch by batch.')
    .version(version())
    // "fairlead audit" has options of its own, and commands below it that have the same ones.
    .enablePositionalOptions()
    .addHelpText('after', EXIT_HELP)
  for (const make of COMMANDS) program.addCommand(make(context))
  for (const command of everyCommand(program)) {
    command
      .exitOverride()
      .configureHelp({ helpWidth: 100 })
      .configureOutput({
        writeOut: (text) => void terminal.stdout.write(text),
        writeErr: (text) => void terminal.stderr.write(text),
        outputError: (text) => note(terminal, `fairlead: USAGE: ${text.replace(/^error: /, '').trim()}`),
      })
  }
  return program
}

/** A command and all below it. */
const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)]
