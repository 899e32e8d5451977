import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../root.ts'

/** The Go module. */
export const proverSources = (): string => join(packageRoot(), 'prover')

/** SHA-256 (hex) over everything that `go build` reads of the module: names and contents, tests left out. */
export function proverSourceHash(): string {
  const root = proverSources()
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(isSource).sort()
  const hash = createHash('sha256')
  const add = (part: string | Buffer) => hash.update(`${Buffer.byteLength(part)}:`).update(part)
  for (const file of files) {
    add(file.replaceAll('\\', '/'))
    add(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

/** The Go release that `go.mod` asks for, such as `1.26.8`. */
export const neededGo = (): string =>
  /^go ([\d.]+)$/m.exec(readFileSync(join(proverSources(), 'go.mod'), 'utf8'))?.[1] ?? '1.26'

const isSource = (file: string): boolean =>
  (/\.(go|s|h)$/.test(file) && !file.endsWith('_test.go')) || file === 'go.mod' || file === 'go.sum'
