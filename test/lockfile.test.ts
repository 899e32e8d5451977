import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../src/proof/root.ts'

type Package = { resolved?: string; optionalDependencies?: Record<string, string>; peerDependenciesMeta?: object }

describe('package-lock.json', () => {
  const { packages }: { packages: Record<string, Package> } = JSON.parse(
    readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8'),
  )

  it('holds the platform packages of every platform, else npm ci refuses it (run scripts/complete-lock)', () => {
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    const platforms = wanted.filter((name) => /-(linux|darwin|win32|android)-/.test(name))
    expect(platforms).to.not.be.empty
    expect(platforms.filter((name) => !packages[`node_modules/${name}`])).to.deep.equal([])
  })

  it('records no download addresses', () => {
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved?.startsWith('http'))).to.deep.equal([])
  })
})
