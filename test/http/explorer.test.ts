import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { EXPLORER_POLICY } from '../../src/http/explorer.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { MemoryService } from './memory-service.ts'
import { World } from './world.ts'

describe('http: the explorer’s files', () => {
  let folder = ''
  let world: World | undefined
  const page = (path: string, method = 'GET') => fetch(new URL(path, world?.listening.url), { method })

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fairlead-explorer-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>x</title>')
    await writeFile(join(folder, 'assets/main-1.js'), 'export {}')
    await writeFile(join(folder, '.hidden'), 'x')
    world = await World.open(new MemoryService(), { explorer: folder })
  })
  after(async () => {
    await world?.listening.close(0)
    await rm(folder, { recursive: true, force: true })
  })

  it('come with a strict policy; the page is asked about again, hashed files are kept', async () => {
    for (const [path, kept] of [
      ['/', 'no-cache'],
      ['/assets/main-1.js', 'public, max-age=31536000, immutable'],
    ] as const) {
      const { status, headers } = await page(path)
      expect(status, path).to.equal(200)
      expect(headers.get('Content-Security-Policy')).to.equal(EXPLORER_POLICY)
      expect(headers.get('Cache-Control')).to.equal(kept)
      expect(headers.get('X-Content-Type-Options')).to.equal('nosniff')
    }
    expect(EXPLORER_POLICY).to.match(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /)
    expect(EXPLORER_POLICY).not.to.match(/unsafe-inline|'unsafe-eval'|data:| \*/)
  })

  it('carry the same policy in the page itself, for servers that send none', async () => {
    const html = await readFile(join(packageRoot(), 'explorer/index.html'), 'utf8')
    const [, inPage] = /Content-Security-Policy" content="([^"]+)"/.exec(html) ?? []
    // A page cannot say by whom it may be framed.
    expect(inPage).to.equal(EXPLORER_POLICY.replace("frame-ancestors 'none'; ", ''))
    expect(html).not.to.match(/<script>|<style|style="|\son\w+="/)
  })

  it('leave everything else as it was', async () => {
    for (const path of [
      '/nothing',
      '/assets/nothing.js',
      '/v1/nothing',
      '/.hidden',
      '/..%2fpackage.json',
      '/index.html/x',
    ]) {
      const { status, headers } = await page(path)
      expect(headers.get('Content-Type'), path).to.equal('application/problem+json')
      expect([401, 404], path).to.include(status)
    }
    expect((await page('/healthz')).status).to.equal(200)
    expect((await page('/', 'POST')).status).to.equal(404)
  })
})
