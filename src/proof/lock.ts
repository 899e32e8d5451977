import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { lock } from 'proper-lockfile'

/** A lock is taken over when its holder has not touched it for this long: longer than a build blocks its thread. */
const STALE_MS = 30_000
const UPDATE_MS = 5_000

/**
 * Runs `work` while no other process, and nobody else in this one, holds the lock beside `path`. Waits as long as it takes; a lock left
 * by a killed process is taken over after half a minute.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  const release = await lock(path, {
    realpath: false,
    stale: STALE_MS,
    update: UPDATE_MS,
    retries: { forever: true, factor: 1.5, minTimeout: 50, maxTimeout: 1000 },
    // Losing the lock (a clock jump, a suspended machine) is harmless: results appear by one rename.
    onCompromised: () => {},
  })
  try {
    return await work()
  } finally {
    await release().catch(() => {})
  }
}
