import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, relative } from 'node:path'
import { ArtifactError } from './error.ts'
import { packageRoot } from './root.ts'

/** A circom compiler: how to call it, and what it says its version is (part of every artifact's cache key). */
export interface Circom {
  readonly command: string
  readonly args: readonly string[]
  /** Such as `circom compiler 2.2.3`, alike for the native and the WASM build. */
  readonly version: string
}

/** Flags that decide the artifacts' content. */
export const CIRCOM_FLAGS = ['--r1cs', '--wasm', '--sym', '--O2'] as const

const require = createRequire(import.meta.url)

/** The folder that `include "circomlib/…"` is resolved against: the node_modules which holds circomlib. */
export const libraryDir = (): string => dirname(dirname(require.resolve('circomlib/package.json')))

/**
 * The native compiler when one is on the PATH, else npm's circom2 (WASM, sandboxed to paths relative to its working directory).
 * @throws ArtifactError CIRCUIT_COMPILE_FAILED when the compiler does not even tell its version.
 */
export function findCircom(): Promise<Circom> {
  const path = process.env.PATH ?? ''
  const circom = found.get(path) ?? find(path)
  found.set(path, circom)
  circom.catch(() => found.delete(path))
  return circom
}

/** Compilers by PATH: asking one for its version takes a third of a second. */
const found = new Map<string, Promise<Circom>>()

async function find(path: string): Promise<Circom> {
  const native = path.split(delimiter).map((dir) => join(dir, 'circom'))
  const executable = native.find(isExecutable)
  const [command, args] = executable ? [executable, []] : [process.execPath, [require.resolve('circom2/cli.js')]]
  const { code, output } = await run(command, [...args, '--version'])
  const version = /circom compiler [\w.+-]+/.exec(output)?.[0]
  if (code !== 0 || !version) throw new ArtifactError('CIRCUIT_COMPILE_FAILED', `${command} has no circom version`)
  return { command, args, version }
}

/**
 * Compiles one file to `<basename>.r1cs`, `<basename>.sym` and `<basename>_js/<basename>.wasm` under `outDir`, which must exist.
 * @throws ArtifactError CIRCUIT_COMPILE_FAILED with the end of the compiler's output.
 */
export async function runCircom(circom: Circom, file: string, outDir: string): Promise<void> {
  const paths = [file, '-o', outDir, '-l', libraryDir()]
  const args = paths.map((path) => (path.startsWith('-') ? path : relative(packageRoot(), path)))
  const { code, output } = await run(circom.command, [...circom.args, ...CIRCOM_FLAGS, ...args])
  if (code === 0) return
  const tail = output.trim().slice(-2000)
  throw new ArtifactError('CIRCUIT_COMPILE_FAILED', `circom failed on ${relative(packageRoot(), file)}:\n${tail}`)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function run(command: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk
      })
    child.once('error', (cause) =>
      reject(new ArtifactError('CIRCUIT_COMPILE_FAILED', `cannot run ${command}`, { cause })),
    )
    child.once('close', (code) => resolve({ code, output }))
  })
}
