import type { Command } from 'commander'
import { CodedError } from '../../base/error.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { note, printJson, type Terminal } from './terminal.ts'

/** Where a command leaves its exit code for whoever started it. */
export interface Outcome {
  exitCode: ExitCode
}

/** What every command is made with. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly outcome: Outcome
}

/** Adds `--json`, which every command has. */
export const withJson = (command: Command): Command =>
  command.option('--json', 'write machine-readable JSON to standard output')

/** Reports a failure in one line, `fairlead: CODE: message`; with `--json` as an object on standard output too. */
export function reportFailure(terminal: Terminal, error: unknown, json: boolean): ExitCode {
  const { code, message, details } = describe(error)
  note(terminal, `fairlead: ${code}: ${message.replaceAll(/\s*\n\s*/g, ' ')}`)
  if (json) printJson(terminal, { error: { code, message, details } })
  if (code === 'INTERNAL' && terminal.env.FAIRLEAD_DEBUG !== undefined) note(terminal, String(Object(error).stack))
  return code === 'INTERRUPTED' ? EXIT.interrupted : EXIT.unable
}

function describe(error: unknown): { code: string; message: string; details?: unknown } {
  if (error instanceof CodedError) {
    const { code, message, details } = error
    return { code, message, ...(Object.keys(details).length > 0 ? { details } : {}) }
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) }
}
