import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { packageRoot } from '../../src/proof/root.ts'
import { blocksOf, readPage } from './guide.ts'
import { useDocsService } from './service.ts'

const blocks = (language: string): string[] =>
  blocksOf(readPage('README.md'))
    .filter((block) => block.language === language)
    .map(({ text }) => text.trim())

describe('README.md', function () {
  this.timeout(120_000)
  const [start = '', test = '', ...commands] = blocks('sh')
  const service = useDocsService()

  it('its first two commands are what CI runs', () => {
    const ci = readPage('.ci/run')
    for (const command of [...start.split(' && '), ...test.split(' && ')]) expect(ci).to.include(`suite ${command}`)
  })

  for (const command of commands) {
    it(`\`${command}\` works against a running service`, async () => {
      const { stdout } = await promisify(execFile)('sh', ['-euc', command], { cwd: packageRoot(), env: service().env })
      expect(stdout).not.to.equal('')
    })
  }

  it('its Solidity stands in a contract that is tested', () => {
    for (const block of blocks('solidity')) expect(readPage('contracts/mocks/SettlementConsumer.sol')).to.include(block)
  })

  it('its links lead to files', () => {
    const links = [...readPage('README.md').matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path)
    expect(links.filter((path) => !path.startsWith('http') && !existsSync(join(packageRoot(), path)))).to.deep.equal([])
  })

  it('links in docs lead to files', () => {
    const guides = readdirSync(join(packageRoot(), 'docs', 'guides')).map((name) => `docs/guides/${name}`)
    for (const page of [...guides, 'src/README.md', 'contracts/README.md']) {
      const links = [...readPage(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path)
      const missing = links.filter(
        (path) => !path.startsWith('http') && !existsSync(join(packageRoot(), dirname(page), path)),
      )
      expect(missing, page).to.deep.equal([])
    }
  })
})
