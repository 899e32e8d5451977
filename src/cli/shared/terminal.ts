import type { Writable } from 'node:stream'
import { jsonText } from '../../base/json.ts'

/** Where a command reads its surroundings and writes its words; tests bring their own. */
export interface Terminal {
  /** Results: lines for people, or JSON with `--json`. */
  readonly stdout: Writable
  /** Progress and errors. */
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted by the first Ctrl-C: the command ends in order. A second one ends the process. */
  readonly interrupted: AbortSignal
}

/** One line of a result. */
export const print = ({ stdout }: Terminal, line: string): void => void stdout.write(`${line}\n`)

/** One line that is no part of the result. */
export const note = ({ stderr }: Terminal, line: string): void => void stderr.write(`${line}\n`)

/** A JSON value on a line of its own; every `bigint` a decimal string. */
export const printJson = (terminal: Terminal, value: unknown): void => print(terminal, jsonText(value))
