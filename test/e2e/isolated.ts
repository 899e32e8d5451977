import { execFileSync } from 'node:child_process'

/** Words for `unshare` that take the network away: as root, or in a user namespace of one's own. */
export const unshareWords = (): string[] => (process.getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net'])

/** Whether this system lets this user do so. */
export function canUnshare(): boolean {
  try {
    execFileSync('unshare', [...unshareWords(), 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
