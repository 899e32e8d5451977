import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isAlive, type ProcessId, processId } from '../chain/process-id.ts'
import { ServiceError } from './errors.ts'

/** A data folder that this process alone uses. */
export interface DataLock {
  release(): Promise<void>
}

/** One line of the lock file: who asked, in the order of asking. */
interface Claim extends ProcessId {
  readonly id: string
}

const DROP = 'drop'

/**
 * Locks a data folder: PGlite itself would let two processes write the same files.
 *
 * Who wants the folder appends a claim to the lock file and reads it: **the first claim of a living process holds**. Appends stand one after the other,
 * so of two claims the later one always sees the earlier: no step takes a dead holder's lock away, which two could do at once. Killed holders are noticed
 * at once, as their process is gone; where the id went to another process since, the start time (Linux) shows it. Only the holder removes the file.
 * @param path the lock file, on a local disk.
 * @throws ServiceError DATA_DIR_LOCKED when a living process holds it.
 */
export async function lockDataDir(path: string): Promise<DataLock> {
  await mkdir(dirname(path), { recursive: true })
  const claim = { id: randomUUID(), ...(await processId(process.pid)) }
  for (;;) {
    const file = await open(path, 'a+', 0o600)
    try {
      await refuseUnlessFree(file, path, claim)
      await file.appendFile(`\n${claim.pid} ${claim.start || '-'} ${claim.id}\n`)
      await refuseUnlessFree(file, path, claim)
      // A holder that went away removed this file: claims in it bind nobody any more.
      if (await isAt(file, path)) return { release: () => release(path, claim) }
    } finally {
      await file.close()
    }
  }
}

/** @throws ServiceError DATA_DIR_LOCKED, after taking the own claim back, when a living process's claim comes first. */
async function refuseUnlessFree(file: FileHandle, path: string, claim: Claim): Promise<void> {
  const first = await firstAlive(await contentOf(file))
  if (!first || first.id === claim.id) return
  await file.appendFile(`\n${DROP} ${claim.id}\n`)
  throw new ServiceError('DATA_DIR_LOCKED', `${dirname(path)} is in use by process ${first.pid}`, {
    details: { path, pid: first.pid },
  })
}

async function contentOf(file: FileHandle): Promise<string> {
  const { size } = await file.stat()
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0)
  return buffer.toString('utf8', 0, bytesRead)
}

async function isAt(file: FileHandle, path: string): Promise<boolean> {
  const there = await stat(path, { bigint: true }).catch(() => undefined)
  return there !== undefined && there.ino === (await file.stat({ bigint: true })).ino
}

async function firstAlive(content: string): Promise<Claim | undefined> {
  const lines = content.split('\n').map((line) => line.split(' '))
  const dropped = new Set(lines.filter(([word]) => word === DROP).map(([, id]) => id))
  for (const [pid = '', start = '', id = ''] of lines)
    if (!dropped.has(id) && (await isAlive({ pid: Number(pid), start }))) return { id, pid: Number(pid), start }
  return undefined
}

async function release(path: string, { id }: Claim): Promise<void> {
  const content = await readFile(path, 'utf8').catch(() => '')
  if ((await firstAlive(content))?.id === id) await rm(path, { force: true })
}
