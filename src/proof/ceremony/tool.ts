import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ArtifactError } from '../error.ts'

/** A program with snarkjs's command line: `snarkjs` is the package's own, anything else a name on the PATH or a path, such as `snarkrs`. */
export type CeremonyTool = string

/** What a call printed is kept to this length. */
const KEPT_OUTPUT = 200_000

/**
 * Runs one command of the tool in a process of its own, which its threads end with.
 * @param input written to its standard input, where snarkjs asks for entropy: an argument could be read by every user of the machine.
 * @returns what it printed, without terminal colours.
 * @throws ArtifactError CEREMONY_INVALID with the end of what it said, when it fails or cannot be run.
 */
export function runTool(tool: CeremonyTool, args: readonly string[], input?: string): Promise<string> {
  const [program, first] = tool === 'snarkjs' ? [process.execPath, [snarkjsCli()]] : [tool, []]
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-KEPT_OUTPUT)
      })
    }
    child.stdin.on('error', () => {}) // a program that reads nothing may end first
    child.stdin.end(input === undefined ? '' : `${input}\n`)
    const fail = (cause?: Error) => {
      const said = plain(output).trim().slice(-1000)
      reject(new ArtifactError('CEREMONY_INVALID', `${tool} ${args.slice(0, 2).join(' ')} failed:\n${said}`, { cause }))
    }
    child.once('error', fail)
    child.once('close', (code) => (code === 0 ? resolve(plain(output)) : fail()))
  })
}

/** Hashes that the tool printed (64 bytes of hex, in groups over several lines), each once, in order. */
export function hashesIn(output: string): string[] {
  const found = output.matchAll(/(?:\b[0-9a-f]{8}\b\s*){16}/g)
  return [...new Set([...found].map(([text]) => text.replaceAll(/\s/g, '')))]
}

const snarkjsCli = (): string => join(dirname(createRequire(import.meta.url).resolve('snarkjs')), 'cli.cjs')

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what colours begin with.
const plain = (text: string): string => text.replaceAll(/\u001b\[[0-9;]*m/g, '')
