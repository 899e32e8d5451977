import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ServiceError } from './errors.ts'

/** A data folder that this process alone uses. */
export interface DataLock {
  release(): Promise<void>
}

/**
 * Locks a data folder: PGlite itself would let two processes write the same files.
 *
 * The lock is a file with its holder's process id, made in one step. A killed holder is noticed at once, as its process is gone; where its id
 * went to another process since, the start time that the system tells (Linux) shows it.
 * @param path the lock file.
 * @throws ServiceError DATA_DIR_LOCKED when a living process holds it.
 */
export async function lockDataDir(path: string): Promise<DataLock> {
  await mkdir(dirname(path), { recursive: true })
  const mine = `${process.pid} ${await startOf(process.pid)}`
  const draft = `${path}.${process.pid}.${randomUUID()}`
  await writeFile(draft, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      // A link comes into being whole and only where nothing is.
      if (await linked(draft, path)) return { release: () => release(path, mine) }
      const holder = await readFile(path, 'utf8').catch(() => '')
      const [pid = '', start = ''] = holder.split(' ')
      if (await isAlive(Number(pid), start))
        throw new ServiceError('DATA_DIR_LOCKED', `${dirname(path)} is in use by process ${pid}`, {
          details: { path, pid: Number(pid) },
        })
      await bury(path, holder)
    }
  } finally {
    await rm(draft, { force: true })
  }
  throw new ServiceError('DATA_DIR_LOCKED', `${dirname(path)} is being locked by another process`, {
    details: { path },
  })
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Takes a dead process's lock away; one that another process put there meanwhile is put back. */
async function bury(path: string, holder: string): Promise<void> {
  const grave = `${path}.${randomUUID()}`
  try {
    await rename(path, grave)
  } catch {
    return // Somebody else was first.
  }
  if ((await readFile(grave, 'utf8')) !== holder) await linked(grave, path)
  await rm(grave, { force: true })
}

async function release(path: string, mine: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true })
}

async function isAlive(pid: number, start: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  const now = await startOf(pid)
  return start === '' || now === '' || start === now
}

/** When a process started, in the system's own count; empty where it does not tell. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name, in parentheses, may hold spaces; the start time is the 20th field after it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
