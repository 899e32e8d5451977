import { readdir } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { dataPaths } from '../../service/config.ts'
import { CliError } from './exit.ts'

/** Names that a data folder can hold; a lock's draft begins with the lock's name. */
const KNOWN = [...Object.values(dataPaths('')).map((path) => basename(path)), 'client-keys.json']
const isKnown = (name: string): boolean => KNOWN.some((known) => name === known || name.startsWith(`${known}.`))

/**
 * The entries of a data folder.
 * @returns its absolute path and names.
 * @throws CliError FILE_UNREADABLE when there is no such folder, NOT_A_DATA_DIR when it holds something else.
 */
export async function openDataDir(dataDir: string): Promise<{ path: string; names: string[] }> {
  const path = resolve(dataDir)
  const names = await readdir(path).catch((cause: NodeJS.ErrnoException) => {
    throw new CliError(
      'FILE_UNREADABLE',
      `there is no data folder ${path} (${cause.code}); "fairlead start" makes one`,
      { cause },
    )
  })
  const foreign = names.find((name) => !isKnown(name))
  if (foreign !== undefined) throw new CliError('NOT_A_DATA_DIR', `${path} holds "${foreign}", which is not Fairlead's`)
  if (names.length === 0) throw new CliError('NOT_A_DATA_DIR', `${path} is empty`)
  return { path, names }
}
