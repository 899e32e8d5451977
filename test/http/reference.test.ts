import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { errorsMarkdown } from '../../src/http/errors-reference.ts'
import { httpMarkdown } from '../../src/http/http-reference.ts'
import { openApiDocument } from '../../src/http/openapi.ts'
import { PROBLEMS } from '../../src/http/status.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { useWorld } from './world.ts'

describe('http: what it says of itself', () => {
  const world = useWorld()
  const page = (path: string) => fetch(new URL(path, world().listening.url))

  it('is fresh in docs/reference', () => {
    const read = (name: string) => readFileSync(join(packageRoot(), 'docs/reference', name), 'utf8')
    expect(JSON.parse(read('openapi.json'))).to.deep.equal(openApiDocument())
    expect(read('errors.md')).to.equal(`${errorsMarkdown()}\n`)
    expect(read('http.md')).to.equal(`${httpMarkdown()}\n`)
  })

  it('serves the document to anyone', async () => {
    expect(await (await page('/openapi.json')).json()).to.deep.equal(openApiDocument())
  })

  it('explains each code where its problem type points', async () => {
    const text = await (await page('/docs/errors')).text()
    for (const [code, { status, help }] of Object.entries(PROBLEMS)) {
      expect(text).to.include(`id="${code}"`)
      expect(status).to.be.within(400, 599)
      expect(help).to.match(/\.$/)
    }
  })

  it('shows Swagger UI from its own files, under a policy that lets nothing else in', async () => {
    const home = await page('/docs')
    const html = await home.text()
    const policy = home.headers.get('Content-Security-Policy') ?? ''
    expect(policy).to.include("default-src 'none'").and.to.include("script-src 'self'")
    expect(policy).not.to.match(/https?:|unsafe/)
    expect(html).not.to.match(/https?:|<script>/)
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link)
    expect(links).to.have.length(4)
    for (const link of links) {
      const file = await page(link)
      expect(file.status, link).to.equal(200)
      expect((await file.arrayBuffer()).byteLength, link).to.be.above(50)
    }
  })

  it('tells browsers to keep their hands off', async () => {
    const { headers } = await page('/v1/policy')
    expect(headers.get('Content-Security-Policy')).to.include("default-src 'none'")
    expect(headers.get('X-Content-Type-Options')).to.equal('nosniff')
    expect(headers.get('Cache-Control')).to.equal('no-store')
    expect(headers.get('X-Powered-By')).to.equal(null)
  })
})
