import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { CIRCOM_FLAGS, type Circom, libraryDir } from './circom.ts'
import { ArtifactError } from './error.ts'

/**
 * The files that a circuit is compiled from: itself and all that it includes, each once, sorted.
 * An include is looked up beside the including file, then in the library folder, as circom does with `-l`.
 * @throws ArtifactError CIRCUIT_COMPILE_FAILED for a file that is not there.
 */
export function circuitSources(file: string): string[] {
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const [, include = ''] of readSource(path).matchAll(/^\s*include\s+"([^"]+)"\s*;/gm)) {
      const beside = join(dirname(path), include)
      visit(existsSync(beside) ? beside : join(libraryDir(), include))
    }
  }
  visit(file)
  return [...seen].sort()
}

/**
 * SHA-256 (hex) over everything that decides what the compiler writes: its version and flags, and each source's path (relative to the
 * circuit or to the library, so that the place of the checkout does not matter) and content.
 */
export function sourceHash(file: string, circom: Circom): string {
  const hash = createHash('sha256')
  const add = (part: string) => hash.update(`${Buffer.byteLength(part)}:`).update(part)
  add(circom.version)
  add(CIRCOM_FLAGS.join(' '))
  for (const path of circuitSources(file)) {
    const inLibrary = relative(libraryDir(), path)
    add(inLibrary.startsWith('..') ? relative(dirname(file), path) : inLibrary)
    add(readSource(path))
  }
  return hash.digest('hex')
}

function readSource(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ArtifactError('CIRCUIT_COMPILE_FAILED', `circuit source ${path} cannot be read`, { cause })
  }
}
