import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * A Chromium: `FAIRLEAD_CHROMIUM`, one on the PATH or, where the machine's owner may install packages, Debian's.
 * @throws Error that says what to do.
 */
export function findChromium(): string {
  const known = process.env.FAIRLEAD_CHROMIUM ?? onPath()
  if (known !== undefined) return known
  if (process.getuid?.() === 0) {
    const options = { stdio: 'inherit' as const }
    spawnSync('apt-get', ['update', '-qq'], options)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], options)
  }
  const installed = onPath()
  if (installed !== undefined) return installed
  throw new Error('no Chromium: install one ("apt-get install chromium"), or name it in FAIRLEAD_CHROMIUM')
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
