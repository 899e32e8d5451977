import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../root.ts'
import { proverSourceHash } from './sources.ts'

/** What a binary was built from: SHA-256 of the sources, and the Go release with its platform. */
export const NativeStamp = z.strictObject({ sources: z.string(), go: z.string() })
export type NativeStamp = z.infer<typeof NativeStamp>

const suffix = process.platform === 'win32' ? '.exe' : ''

/** Where the built prover lies. */
export const nativePaths = () => {
  const dir = join(packageRoot(), 'build', 'prover')
  return { dir, binary: join(dir, `fairlead-prover${suffix}`), stamp: join(dir, 'stamp.json') }
}

/** What lies under `build/prover` was built from, if it is whole. */
export function readNativeStamp(): NativeStamp | undefined {
  const { binary, stamp } = nativePaths()
  try {
    return existsSync(binary) ? NativeStamp.parse(JSON.parse(readFileSync(stamp, 'utf8'))) : undefined
  } catch {
    return undefined
  }
}

/** Path of the native prover, when one was built from just these sources. */
export function findNativeProver(): string | undefined {
  return readNativeStamp()?.sources === proverSourceHash() ? nativePaths().binary : undefined
}
