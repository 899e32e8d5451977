import { Command, CommanderError } from 'commander'
import { type CommandContext, type Outcome, reportFailure } from './shared/action.ts'
import { EXIT, type ExitCode } from './shared/exit.ts'
import { note, type Terminal } from './shared/terminal.ts'
import { version } from './shared/version.ts'

/** Loaded when they are asked for: most need little of what the others do. */
const COMMANDS: Readonly<Record<string, () => Promise<(context: CommandContext) => Command>>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  order: async () => (await import('./commands/order.ts')).orderCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  anchor: async () => (await import('./commands/anchor.ts')).anchorCommand,
  policy: async () => (await import('./commands/policy.ts')).policyCommand,
  circuits: async () => (await import('./commands/circuits.ts')).circuitsCommand,
  epoch: async () => (await import('./commands/epoch.ts')).epochCommand,
  escape: async () => (await import('./commands/escape.ts')).escapeCommand,
  keys: async () => (await import('./commands/keys.ts')).keysCommand,
  accounts: async () => (await import('./commands/accounts.ts')).accountsCommand,
  stake: async () => (await import('./commands/stake.ts')).stakeCommand,
  reputation: async () => (await import('./commands/reputation.ts')).reputationCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  reset: async () => (await import('./commands/reset.ts')).resetCommand,
}

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
    const program = await createProgram({ terminal, outcome }, args[0])
    await program.parseAsync([...args], { from: 'user' })
    return outcome.exitCode
  } catch (error) {
    // Commander has written help or its complaint already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.unable
    return reportFailure(terminal, error, args.includes('--json'))
  }
}

/** @param asked the command of the line; without one, or for one that there is not, all are loaded for their help. */
async function createProgram(context: CommandContext, asked = ''): Promise<Command> {
  const { terminal } = context
  const program = new Command('fairlead')
    .description('Assigns private orders to shards under a published policy and proves it, batch by batch.')
    .version(version())
    // "fairlead audit" has options of its own, and commands below it that have the same ones.
    .enablePositionalOptions()
    .addHelpText('after', EXIT_HELP)
  const names = Object.hasOwn(COMMANDS, asked) ? [asked] : Object.keys(COMMANDS)
  for (const make of await Promise.all(names.map((name) => COMMANDS[name]?.())))
    if (make) program.addCommand(make(context))
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
