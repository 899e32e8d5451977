import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What a killed build left behind is swept away by the next one after this long. */
const ABANDONED_MS = 6 * 3_600_000

/**
 * Builds in a fresh folder beside the results, so that nothing half-written is ever found in their place. The folder is gone afterwards,
 * whether `use` moved it with {@link replaceFolder} or failed.
 * @param buildDir the folder for everything built; work goes on in its `tmp/`, on the same file system.
 */
export async function withWorkFolder<T>(
  buildDir: string,
  label: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = join(buildDir, 'tmp')
  const folder = join(parent, `${label}-${randomUUID()}`)
  await mkdir(folder, { recursive: true })
  try {
    await sweep(parent)
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Puts a finished folder in the place of another, if any, so that a reader sees a whole folder or none. */
export async function replaceFolder(finished: string, place: string): Promise<void> {
  const old = `${finished}.old`
  await mkdir(dirname(place), { recursive: true })
  await rename(place, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(finished, place)
  await rm(old, { recursive: true, force: true })
}

async function sweep(parent: string): Promise<void> {
  const before = Date.now() - ABANDONED_MS
  for (const entry of await readdir(parent)) {
    const path = join(parent, entry)
    const age = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY, // another build has just finished
    )
    if (age < before) await rm(path, { recursive: true, force: true })
  }
}
