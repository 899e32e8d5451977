import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of this package, found from where the running file lies (sources and `dist/` alike).
 * @throws Error when no package.json named "fairlead" lies above, that is, when the install is broken.
 */
export function packageRoot(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const manifest = join(at, 'package.json')
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'fairlead') return at
    if (dirname(at) === at) throw new Error('fairlead package root not found')
  }
}
