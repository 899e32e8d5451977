import { readFile, writeFile } from 'node:fs/promises'
import { CliError } from './exit.ts'

/** A file's text. @throws CliError FILE_UNREADABLE. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new CliError('FILE_UNREADABLE', `cannot read ${path} (${errorCode(cause)})`, { cause })
  }
}

/** Writes a file that only its owner may read; an existing one is kept. @throws CliError FILE_UNREADABLE. */
export async function writePrivate(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new CliError('FILE_UNREADABLE', `cannot write ${path} (${errorCode(cause)})`, { cause })
  }
}

/** Writes a file in place of one that may be there. @throws CliError FILE_UNREADABLE. */
export async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    throw new CliError('FILE_UNREADABLE', `cannot write ${path} (${errorCode(cause)})`, { cause })
  }
}

const errorCode = (cause: unknown): string => String(Object(cause).code ?? 'unknown reason')
