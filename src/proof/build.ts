import { copyFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type BuildOptions, buildDirOf, COMPILED_FILES, type Compiled, ensureCompiled } from './compile.ts'
import { makeDevKey } from './devkey/devkey.ts'
import { makeNativeDevKey } from './devkey/native-devkey.ts'
import { DEV_KEY_VERSION } from './devkey/waste.ts'
import { ArtifactError } from './error.ts'
import { withLock } from './lock.ts'
import {
  type Artifacts,
  artifactPaths,
  assertConsistent,
  loadArtifacts,
  type Manifest,
  readManifest,
  sha256,
} from './manifest.ts'
import { readR1csHeader } from './r1cs.ts'
import { verifyingKeyJson } from './vkey.ts'
import { replaceFolder, withWorkFolder } from './work-folder.ts'
import { readZkey } from './zkey.ts'

/** The seed of dev keys unless another is asked for. */
export const DEFAULT_SEED = 'fairlead'

interface EnsureOptions extends BuildOptions {
  /** Seed of the dev key; {@link DEFAULT_SEED} by default. Has no say where a ceremony's key was imported. */
  readonly seed?: string | undefined
}

/** Where a circuit's artifacts lie: `build/circuits/<name>`. */
export const artifactsDir = (name: string, options: BuildOptions = {}): string =>
  join(buildDirOf(options), 'circuits', name)

const running = new Map<string, Promise<Artifacts>>()

/**
 * A circuit's artifacts, built as far as they are missing: compiled, with a dev key, verified. A key is kept as long as the constraint
 * system is the same, whatever changed in the sources; damaged dev artifacts are made again. Safe for concurrent callers and processes.
 * @throws ArtifactError CIRCUIT_UNKNOWN, CIRCUIT_COMPILE_FAILED; CEREMONY_KEY_STALE when a ceremony's key no longer fits the circuit (it
 * is never replaced silently); whatever {@link loadArtifacts} throws when such a key's files are damaged.
 */
export function ensureCircuit(name: string, options: EnsureOptions = {}): Promise<Artifacts> {
  const key = JSON.stringify([resolve(artifactsDir(name, options)), options.catalog, options.seed])
  const build = running.get(key) ?? ensure(name, options).finally(() => running.delete(key))
  running.set(key, build)
  return build
}

async function ensure(name: string, options: EnsureOptions): Promise<Artifacts> {
  const compiled = await ensureCompiled(name, options)
  const dir = artifactsDir(name, options)
  const seed = options.seed ?? DEFAULT_SEED
  const before = await reusable(dir)
  if (before && isCurrent(before.manifest, compiled, seed)) return before
  return withLock(dir, async () => {
    const found = await reusable(dir)
    if (found && isCurrent(found.manifest, compiled, seed)) return found
    return storeArtifacts(name, compiled, options, async (zkey, r1csHash) => {
      if (found && found.manifest.files.r1cs === r1csHash && keyFits(found.manifest, seed)) {
        await copyFile(found.paths.zkey, zkey)
        return found.manifest.key
      }
      if (found?.manifest.key.origin === 'ceremony') {
        throw new ArtifactError(
          'CEREMONY_KEY_STALE',
          `the ceremony's key of ${name} is for another version of the circuit`,
        )
      }
      const onProgress = (done: number, total: number) =>
        options.onProgress?.({ circuit: name, stage: 'key', done, total })
      // The same bytes either way.
      if (await makeNativeDevKey(compiled.r1cs, zkey, seed, () => onProgress(0, 1))) onProgress(1, 1)
      else await makeDevKey(compiled.r1cs, zkey, seed, onProgress)
      return { origin: 'dev', seed, derivation: DEV_KEY_VERSION }
    })
  })
}

/**
 * Puts a circuit's artifacts together beside their place and moves them there whole.
 * @param makeKey writes the proving key to the path it is given and says where it came from.
 */
export async function storeArtifacts(
  name: string,
  compiled: Compiled,
  options: BuildOptions,
  makeKey: (zkeyPath: string, r1csHash: string) => Promise<Manifest['key']>,
): Promise<Artifacts> {
  const { spec, sourceHash, compiler } = compiled
  await withWorkFolder(buildDirOf(options), name, async (work) => {
    const paths = artifactPaths(work)
    await copyFile(compiled.r1cs, paths.r1cs)
    await copyFile(compiled.wasm, paths.wasm)
    await copyFile(compiled.sym, join(work, COMPILED_FILES.sym))
    const key = await makeKey(paths.zkey, await sha256(paths.r1cs))
    options.onProgress?.({ circuit: name, stage: 'store', done: 0, total: 1 })
    const { key: verifyingKey } = await readZkey(paths.zkey)
    await writeFile(paths.vkey, `${JSON.stringify(verifyingKeyJson(verifyingKey), null, 1)}\n`)
    await assertConsistent(paths.r1cs, paths.zkey, verifyingKey, spec.public.length)
    const hashes = await Promise.all([paths.r1cs, paths.wasm, paths.zkey, paths.vkey].map(sha256))
    const [r1cs = '', wasm = '', zkey = '', vkey = ''] = hashes
    const manifest: Manifest = {
      version: 1,
      name,
      kind: spec.kind,
      shards: spec.shards,
      slots: spec.slots,
      public: spec.public,
      constraints: (await readR1csHeader(paths.r1cs)).constraints,
      compiler,
      sourceHash,
      files: { r1cs, wasm, zkey, vkey },
      key,
    }
    await writeFile(join(work, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
    await replaceFolder(work, artifactsDir(name, options))
  })
  options.onProgress?.({ circuit: name, stage: 'store', done: 1, total: 1 })
  return loadArtifacts(artifactsDir(name, options))
}

/** What lies there, if it is whole. Damaged dev artifacts count as missing; a ceremony's key is nobody's to throw away. */
async function reusable(dir: string): Promise<Artifacts | undefined> {
  try {
    return await loadArtifacts(dir)
  } catch (error) {
    if (!(error instanceof ArtifactError) || (await hasCeremonyKey(dir))) throw error
    return undefined
  }
}

async function hasCeremonyKey(dir: string): Promise<boolean> {
  return readManifest(dir).then(
    ({ key }) => key.origin === 'ceremony',
    () => false,
  )
}

function isCurrent(manifest: Manifest, { spec, sourceHash }: Compiled, seed: string): boolean {
  const same = manifest.kind === spec.kind && manifest.shards === spec.shards && manifest.slots === spec.slots
  return (
    same && `${manifest.public}` === `${spec.public}` && manifest.sourceHash === sourceHash && keyFits(manifest, seed)
  )
}

function keyFits({ key }: Manifest, seed: string): boolean {
  return key.origin === 'ceremony' || (key.seed === seed && key.derivation === DEV_KEY_VERSION)
}
