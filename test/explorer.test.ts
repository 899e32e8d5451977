/** What the explorer's parts may reach; what they do in a browser is in test/slow/browser. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../src/proof/root.ts'

const EXPLORER = join(packageRoot(), 'explorer')
const files = readdirSync(EXPLORER, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file))

/** Modules that a file brings into the bundle: types leave nothing behind. */
const bundled = (file: string): string[] =>
  [...readFileSync(join(EXPLORER, file), 'utf8').matchAll(/^(?:import|export)(?! type)[^'"]*['"]([^'"]+)['"]/gms)].map(
    ([, name = '']) => name,
  )

/** Of the auditor, the page's thread knows names and words. */
const FOR_THE_PAGE = ['audit/codes.ts', 'audit/report.ts', 'order/sealed-assignment.ts']

describe('explorer', () => {
  it('draws in the page’s thread: what reads and verifies is in the worker', () => {
    const offending = files
      .filter((file) => !/^(worker|test)\//.test(file))
      .flatMap((file) => bundled(file).map((name) => [file, name] as const))
      .filter(([, name]) => name.includes('/src/') || name.includes('/worker/'))
      .filter(([, name]) => !FOR_THE_PAGE.some((allowed) => name.endsWith(allowed)) && !name.endsWith('jitless.ts'))
    expect(offending).to.deep.equal([])
    expect(bundled('worker/verify.ts')).to.include('../../src/audit/audit.ts')
  })

  it('has nothing of Node, and no markup from text', () => {
    for (const file of files) {
      const source = readFileSync(join(EXPLORER, file), 'utf8')
      expect(
        bundled(file).filter((name) => name.startsWith('node:')),
        file,
      ).to.deep.equal([])
      expect(source, file).not.to.match(/innerHTML|dangerouslySetInnerHTML|\beval\(|new Function/)
    }
  })
})
