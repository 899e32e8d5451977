/**
 * Adds to package-lock.json the optional platform packages that npm left out because the registry at hand does not carry them. `npm ci` refuses a lock without
 * them, on every platform. Run it after `npm install`; a test holds the lock to it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../src/proof/root.ts'

const Package = z.looseObject({ optionalDependencies: z.record(z.string(), z.string()).optional() })
const Lock = z.looseObject({ packages: z.record(z.string(), Package) })

const OS: Record<string, string> = { darwin: 'darwin', linux: 'linux', win32: 'win32', android: 'android' }
const CPU: Record<string, string> = { amd64: 'x64', x64: 'x64', arm64: 'arm64' }

/** A lock entry for a package whose name ends in its platform, such as `…-linux-x64-musl`. Without a hash: it was never seen. */
function entryOf(name: string, version: string) {
  const words = name.split(/[-/]/)
  const os = words.flatMap((word) => OS[word] ?? [])
  const cpu = words.flatMap((word) => CPU[word] ?? [])
  if (os.length === 0 || cpu.length === 0) return undefined
  return { version, cpu, optional: true, os, ...(words.includes('musl') && { libc: ['musl'] }) }
}

const file = join(packageRoot(), 'package-lock.json')
const lock = Lock.parse(JSON.parse(readFileSync(file, 'utf8')))
for (const { optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const entry = entryOf(name, version)
    if (entry) lock.packages[`node_modules/${name}`] ??= entry
  }
}
const byPath = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(byPath) }, null, 2)}\n`)
