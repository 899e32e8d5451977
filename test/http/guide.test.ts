import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { packageRoot } from '../../src/proof/root.ts'
import { useWorld } from './world.ts'

describe('docs/guides/http.md', () => {
  const world = useWorld()

  it('works as it is written', async function () {
    if (!hasCurl()) this.skip()
    const guide = readFileSync(join(packageRoot(), 'docs/guides/http.md'), 'utf8')
    const script = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
    expect(script).to.have.length(6)
    const cwd = mkdtempSync(join(tmpdir(), 'fairlead-guide-'))
    try {
      const env = { ...process.env, FAIRLEAD_URL: world().listening.url, FAIRLEAD_RETAIL_KEY: world().retail }
      const { stdout } = await promisify(execFile)('sh', ['-euc', script.join('\n')], { cwd, env })
      expect(stdout).to.include('"status":"ready"').and.include('"batchState":"open"').and.include('REQUEST_INVALID')
      expect(stdout.match(/"status":"accepted"/g)).to.have.length(2)
      expect(stdout)
        .to.match(/^id: 1\nevent: batch\ndata: \{/m)
        .and.match(/^event: receipts$/m)
        .and.match(/^304$/m)
    } finally {
      rmSync(cwd, { recursive: true })
    }
  })
})

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
