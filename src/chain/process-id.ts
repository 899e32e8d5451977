import { readFile } from 'node:fs/promises'

/** A process that can be told from others which get its id later. */
export interface ProcessId {
  readonly pid: number
  /** When it started, in the system's own count; empty where it does not tell. */
  readonly start: string
}

/** The process that has this id now; `start` is empty when there is none. Never throws. */
export const processId = async (pid: number): Promise<ProcessId> => ({ pid, start: (await statOf(pid)).start })

/** Whether the process runs; where the id went to another one since, the start time (Linux) shows it. */
export async function isAlive({ pid, start }: ProcessId): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  const now = await statOf(pid)
  // A dead process that nobody has asked after keeps its id, in containers without an init for ever. But its first thread is dead (Z) while
  // others still hold its ports and files: it has ended when they have.
  if (now.state === 'Z' || now.state === 'X') return now.threads > 1
  return !Number(start) || now.start === '' || start === now.start
}

async function statOf(pid: number): Promise<{ state: string; threads: number; start: string }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name, in parentheses, may hold spaces; the state follows it, the threads are the 18th field after it, the start time is the 20th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', threads: Number(fields[17] ?? 0), start: fields[19] ?? '' }
}
