import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { type CircuitSpec, circuitSpec, loadCatalog } from './catalog.ts'
import { findCircom, runCircom } from './circom.ts'
import { withLock } from './lock.ts'
import { packageRoot } from './root.ts'
import { sourceHash } from './source-hash.ts'
import { replaceFolder, withWorkFolder } from './work-folder.ts'

/** Where circuits come from and where their builds go. */
export interface BuildOptions {
  /** Absolute path of a `circuits.json`; the package's own by default. */
  readonly catalog?: string | undefined
  /** Absolute path of the folder for everything built; `build/` by default. */
  readonly buildDir?: string | undefined
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined
}

/** How far a build is: `done` of `total` steps of a stage. Compiling has one step, a key one for each point. */
export interface BuildProgress {
  readonly circuit: string
  readonly stage: 'compile' | 'key' | 'store'
  readonly done: number
  readonly total: number
}

/** A compiled circuit on disk. */
export interface Compiled {
  readonly spec: CircuitSpec
  readonly dir: string
  readonly r1cs: string
  readonly wasm: string
  readonly sym: string
  /** SHA-256 over sources, compiler version and flags. */
  readonly sourceHash: string
  /** What the compiler says its version is. */
  readonly compiler: string
}

/** The compiled files' names. */
export const COMPILED_FILES = { r1cs: 'circuit.r1cs', wasm: 'circuit.wasm', sym: 'circuit.sym' } as const

const Stamp = z.strictObject({ sourceHash: z.string(), compiler: z.string() })

/** Where builds are kept; whether the folder is there is not looked at. */
export const buildDirOf = (options: BuildOptions): string => options.buildDir ?? join(packageRoot(), 'build')

/**
 * Compiles a circuit to r1cs, WASM and symbols, or finds it compiled already from the same sources by the same compiler. Safe to
 * call from several processes at once; a killed compilation leaves nothing that looks finished.
 * @throws ArtifactError CIRCUIT_UNKNOWN, CIRCUIT_COMPILE_FAILED.
 */
export async function ensureCompiled(name: string, options: BuildOptions = {}): Promise<Compiled> {
  const catalog = loadCatalog(options.catalog)
  const spec = circuitSpec(catalog, name)
  const source = join(catalog.dir, spec.file)
  const circom = await findCircom()
  const stamp = { sourceHash: sourceHash(source, circom), compiler: circom.version }
  const dir = join(buildDirOf(options), 'compiled', name)
  const path = (file: keyof typeof COMPILED_FILES) => join(dir, COMPILED_FILES[file])
  const compiled: Compiled = { spec, dir, r1cs: path('r1cs'), wasm: path('wasm'), sym: path('sym'), ...stamp }
  if ((await readStamp(dir)) === stamp.sourceHash) return compiled

  return withLock(dir, async () => {
    if ((await readStamp(dir)) === stamp.sourceHash) return compiled
    options.onProgress?.({ circuit: name, stage: 'compile', done: 0, total: 1 })
    await withWorkFolder(buildDirOf(options), name, async (work) => {
      await runCircom(circom, source, work)
      const base = basename(spec.file, '.circom')
      await rename(join(work, `${base}.r1cs`), join(work, COMPILED_FILES.r1cs))
      await rename(join(work, `${base}.sym`), join(work, COMPILED_FILES.sym))
      await rename(join(work, `${base}_js`, `${base}.wasm`), join(work, COMPILED_FILES.wasm))
      await rm(join(work, `${base}_js`), { recursive: true })
      await writeFile(join(work, 'stamp.json'), JSON.stringify(stamp))
      await replaceFolder(work, dir)
    })
    options.onProgress?.({ circuit: name, stage: 'compile', done: 1, total: 1 })
    return compiled
  })
}

/** The source hash that a folder was compiled from, or `undefined`. */
async function readStamp(dir: string): Promise<string | undefined> {
  try {
    return Stamp.parse(JSON.parse(await readFile(join(dir, 'stamp.json'), 'utf8'))).sourceHash
  } catch {
    return undefined
  }
}
