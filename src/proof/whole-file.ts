import { chmod, rename, rm, writeFile } from 'node:fs/promises'

/**
 * Writes a file whole or not at all: a process that is killed meanwhile leaves the old content, and a draft that the next write replaces.
 * @param mode permissions of the file, where the system has any.
 */
export async function writeWhole(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  // Not named by the process: in a container the next one often has the same id. The folder's lock keeps writers apart.
  const draft = `${path}.draft`
  await rm(draft, { force: true })
  await writeFile(draft, content, { mode, flag: 'wx' })
  await chmod(draft, mode)
  await rename(draft, path)
}
