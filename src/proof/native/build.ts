import { execFile } from 'node:child_process'
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withLock } from '../lock.ts'
import { packageRoot } from '../root.ts'
import { withWorkFolder } from '../work-folder.ts'
import { nativePaths, readNativeStamp } from './find.ts'
import { neededGo, proverSourceHash, proverSources } from './sources.ts'

/** A built prover, or the one line that says why there is none. */
export type NativeBuild =
  | { readonly binary: string; readonly cached: boolean; readonly go?: string }
  | { readonly binary: undefined; readonly why: string }

const run = promisify(execFile)
/** The Go that is there, never one that it would download. */
const env = { ...process.env, GOTOOLCHAIN: 'local' }

/** The Go release on the PATH, with its platform, such as `go1.26.8 linux/amd64`; `undefined` without one. */
export async function findGo(): Promise<string | undefined> {
  try {
    // Outside the module: in it, a Go that is too old refuses to answer.
    const { stdout } = await run('go', ['version'], { env, cwd: packageRoot() })
    return /\bgo\d[\w.]* \w+\/\w+/.exec(stdout)?.[0]
  } catch {
    return undefined
  }
}

/** Whether a release such as `go1.26.8 linux/amd64` is the needed one or a later one. */
export function isEnough(found: string, needed: string): boolean {
  const numbers = (text: string): number[] => (/[\d.]+/.exec(text)?.[0] ?? '').split('.').map(Number)
  const [have, want] = [numbers(found), numbers(needed)]
  const differs = [0, 1, 2].find((i) => (have[i] ?? 0) !== (want[i] ?? 0))
  return differs === undefined || (have[differs] ?? 0) > (want[differs] ?? 0)
}

/** Whether {@link ensureNativeProver} is likely to find or to make one: known within some milliseconds, while a build takes half a minute. */
export async function expectNativeProver(): Promise<boolean> {
  const go = await findGo()
  return go === undefined ? readNativeStamp()?.sources === proverSourceHash() : isEnough(go, neededGo())
}

/**
 * Builds the native prover where Go is, unless it is there already from the same sources and release. Never throws on account of Go: without it, or
 * when it fails (no modules and no network), there is none, and snarkjs proves.
 */
export async function ensureNativeProver(): Promise<NativeBuild> {
  const { dir, binary, stamp } = nativePaths()
  const sources = proverSourceHash()
  const go = await findGo()
  const found = readNativeStamp()
  // A binary is no worse for the Go that made it having gone.
  if (found?.sources === sources && (go === undefined || found.go === go)) return { binary, cached: true, go: found.go }
  const needed = neededGo()
  if (go === undefined) return { binary: undefined, why: `there is no Go on the PATH (${needed} or later)` }
  if (!isEnough(go, needed))
    return { binary: undefined, why: `${go} is on the PATH, but Go ${needed} or later is needed` }
  return withLock(dir, async () => {
    const meanwhile = readNativeStamp()
    if (meanwhile?.sources === sources && meanwhile.go === go) return { binary, cached: true, go }
    return withWorkFolder(join(packageRoot(), 'build'), 'prover', async (work): Promise<NativeBuild> => {
      const made = join(work, 'fairlead-prover')
      try {
        // Flags like -trimpath would not share Go's cache with other builds and tests: half a minute, for the standard library alone.
        await run('go', ['build', '-o', made, './cmd/fairlead-prover'], { env, cwd: proverSources() })
      } catch (error) {
        return { binary: undefined, why: `go build failed: ${firstLine(error)}` }
      }
      await chmod(made, 0o755)
      await mkdir(dir, { recursive: true })
      // The stamp last: a binary without one counts as none.
      await rename(made, binary)
      await writeFile(join(work, 'stamp.json'), JSON.stringify({ sources, go }))
      await rename(join(work, 'stamp.json'), stamp)
      return { binary, cached: false, go }
    })
  })
}

function firstLine(error: unknown): string {
  const { stderr = '' } = Object(error) as { stderr?: string } // execFile's errors have it
  const line = stderr.split('\n').find((text) => text.trim() !== '' && !text.startsWith('#'))
  return (line ?? (error instanceof Error ? error.message : 'unknown')).trim().slice(0, 200)
}
