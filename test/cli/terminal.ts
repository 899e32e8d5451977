import { Writable } from 'node:stream'
import { run } from '../../src/cli/run.ts'
import type { Terminal } from '../../src/cli/shared/terminal.ts'

/** Keeps what is written, and says `told` each time. */
export class Screen extends Writable {
  text = ''
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    this.emit('told')
    done()
  }
}

export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line inside this process, without a terminal. */
export async function fairlead(args: readonly string[], env: Terminal['env'] = {}): Promise<Ran> {
  const [stdout, stderr] = [new Screen(), new Screen()]
  const exitCode = await run(args, { stdout, stderr, env, interrupted: new AbortController().signal })
  return { exitCode, stdout: stdout.text, stderr: stderr.text }
}

/** The code of the one line that a failed command leaves on standard error. */
export function failureCode({ stderr }: Ran): string {
  const [, code] = /^fairlead: ([A-Z_]+): [^\n]+\n$/.exec(stderr) ?? []
  return code ?? `not one coded line: ${stderr}`
}
