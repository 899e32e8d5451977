import { createHash } from 'node:crypto'
import fs, { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { bindings, CircomRunner } from 'circom2'
import { packageRoot } from '../../../src/proof/root.ts'

/** `O0` keeps every signal as a wire, so that two variants of one template can be compared; `O1` merges equal signals; `O2` is what production uses. */
export type Level = 'O0' | 'O1' | 'O2'

/** A circuit for tests: one instance of a template of circuits/lib as `main`, perhaps with that file bent. */
export interface Source {
  /** The file in circuits/lib that holds the template, without its ending. */
  readonly lib: string
  /** The instance, such as `Ranks(4)`. */
  readonly instance: string
  /** Public inputs, if any. */
  readonly publicInputs?: readonly string[]
  /** Replacements by file of circuits/lib, itself or included. Each text occurs there once. */
  readonly bent?: Readonly<Record<string, Edits>>
}

/** Replacements in a source text. */
export type Edits = readonly (readonly [from: string, to: string])[]

const root = packageRoot()
const libDir = join(root, 'circuits', 'lib')
const cacheDir = join(root, 'build', 'test-circuits')
const require = createRequire(import.meta.url)
const compiler = readFileSync(require.resolve('circom2/circom.wasm'))
const compilerHash = createHash('sha256').update(compiler).digest('hex')
// V8 shares code between modules of the same bytes while one is alive, so only the first run pays for compiling the compiler.
const warm = WebAssembly.compile(compiler)

/**
 * Compiles in this process, or takes the result from build/test-circuits, which is keyed by the content of all sources.
 * @returns the folder that holds main.r1cs, main.sym and main_js/main.wasm.
 */
export async function compile(source: Source, level: Level): Promise<string> {
  const files = gather(source)
  const hash = createHash('sha256').update(`${compilerHash} ${level}`)
  for (const [name, text] of files) hash.update(`\n${name} ${text.length}\n${text}`)
  const dir = join(cacheDir, hash.digest('hex').slice(0, 32))
  if (existsSync(dir)) return dir

  const building = `${dir}.${process.pid}`
  mkdirSync(join(building, 'lib'), { recursive: true })
  for (const [name, text] of files) writeFileSync(join(building, name), text)
  try {
    await runCompiler(relative(root, building), level)
    renameSync(building, dir)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
  return dir
}

/** All files of a compilation, by path: main, and from lib what it includes. */
function gather({ lib, instance, publicInputs = [], bent = {} }: Source): Map<string, string> {
  const pragma = 'pragma circom 2.2.0;\n'
  const list = publicInputs.length > 0 ? ` {public [${publicInputs.join(', ')}]}` : ''
  const files = new Map([
    ['main.circom', `${pragma}include "lib/${lib}.circom";\ncomponent main${list} = ${instance};\n`],
  ])
  const visit = (name: string): void => {
    const path = `lib/${name}`
    if (files.has(path)) return
    const edits = bent[name.replace('.circom', '')]
    const file = name === 'bent.circom' ? join(root, 'test', 'circuits', name) : join(libDir, name)
    let text = readFileSync(file, 'utf8')
    if (edits) text = bend(text, edits).replace(pragma, `${pragma}include "bent.circom";\n`)
    files.set(path, text)
    for (const [, include = ''] of text.matchAll(/^include "([\w.-]+)";/gm)) visit(include)
  }
  visit(`${lib}.circom`)
  return files
}

function bend(text: string, edits: Edits): string {
  return edits.reduce((result, [from, to]) => {
    if (result.split(from).length !== 2) throw new Error(`an attack's text does not occur once: ${from}`)
    return result.replace(from, () => to)
  }, text)
}

async function runCompiler(dir: string, level: Level): Promise<void> {
  const args = [`${dir}/main.circom`, '--r1cs', '--wasm', '--sym', `--${level}`, '-l', 'node_modules', '-o', dir]
  let output = ''
  const capture = (fd: number, ...rest: unknown[]): unknown => {
    if (fd !== 1 && fd !== 2) return Reflect.apply(fs.writeSync, fs, [fd, ...rest])
    const [bytes] = rest
    output += Buffer.from(bytes as Uint8Array).toString() // WASI writes its memory
    return (bytes as Uint8Array).length
  }
  const cwd = process.cwd()
  process.chdir(root) // the compiler sees this folder alone
  try {
    await warm
    await new CircomRunner({
      args,
      env: {},
      preopens: { '.': '.' },
      bindings: { ...bindings, fs: { ...fs, writeSync: capture } },
    }).execute(compiler)
  } catch (cause) {
    if (output === '') throw cause
    throw new Error(`circom failed: ${stripVTControlCharacters(output).slice(-1500)}`)
  } finally {
    process.chdir(cwd)
  }
}
