import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { z } from 'zod'
import { packageRoot } from '../../src/proof/root.ts'
import { readPage } from './guide.ts'

const Names = z.record(z.string(), z.string())
const Package = z.looseObject({ dependencies: Names, devDependencies: Names })

/** Rows of the dependencies page below a heading: name, licence, reason. */
const rows = (heading: string): { name: string; licence: string; reason: string }[] => {
  const section =
    readPage('docs/reference/dependencies.md')
      .split(/^## /m)
      .find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `([^`]+)` \| ([^|]+) \| (.+) \|$/gm)].map(
    ([, name = '', licence = '', reason = '']) => ({ name, licence, reason }),
  )
}
const namesOf = (heading: string): string[] => rows(heading).map(({ name }) => name)

describe('docs/reference/dependencies.md', () => {
  const manifest = Package.parse(JSON.parse(readPage('package.json')))

  it('has a reason for each dependency, and no others', () => {
    expect(namesOf('At run time')).to.deep.equal(Object.keys(manifest.dependencies).sort())
    const development = Object.keys(manifest.devDependencies).map((name) => name.replace(/^@types\/.*/, '@types/*'))
    expect(namesOf('For development')).to.deep.equal([...new Set(development)].sort())
  })

  it('has the modules that go.mod asks for', () => {
    const direct = [...readPage('prover/go.mod').matchAll(/^(?:require )?\s*(\S+\.\S+\/\S+) v\S+$/gm)].map(
      ([, name]) => name,
    )
    expect(namesOf('The prover')).to.deep.equal(direct)
  })

  it('names the licence that each package declares', () => {
    for (const { name, licence } of [...rows('At run time'), ...rows('For development')]) {
      if (name.endsWith('*')) continue
      const installed = readFileSync(join(packageRoot(), 'node_modules', name, 'package.json'), 'utf8')
      const { license } = z.looseObject({ license: z.string() }).parse(JSON.parse(installed))
      expect(licence, name).to.equal(license.replace(' OR ', ' or '))
    }
  })
})
