/** The built pages behind a plain web server: no service, nothing but files. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { packageRoot } from '../../../src/proof/root.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

export interface StaticSite {
  readonly url: string
  close(): Promise<void>
}

/** Serves `build/explorer` below a folder, as a shared host would. */
export async function serveStatic(folder = '/pages'): Promise<StaticSite> {
  const root = join(packageRoot(), 'build', 'explorer')
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const below = pathname.startsWith(`${folder}/`) ? pathname.slice(folder.length) : undefined
    const file = below === undefined ? undefined : join(root, normalize(below === '/' ? '/index.html' : below))
    const content = file?.startsWith(root) ? await readFile(file).catch(() => undefined) : undefined
    if (!content || !file) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is never a path.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${folder}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
