import { join } from 'node:path'
import express, { Router } from 'express'

/**
 * The explorer runs from files of this server alone. It compiles WebAssembly, as it verifies proofs itself, and asks whatever RPC endpoint its user
 * names: any over https, and those of the user's own machine.
 */
export const EXPLORER_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Names of these files have a hash of what they hold. */
const HASHED = 'assets'
const YEAR_S = 31_536_000

/** The explorer's pages from the folder where they were built; other paths are left to whoever comes next, and so is everything where nothing was built. */
export function explorerFiles(folder: string): Router {
  const router = Router()
  const serve = (path: string, cacheControl: string) =>
    express.static(path, {
      redirect: false,
      cacheControl: false,
      etag: true,
      setHeaders: (res) => {
        res.setHeader('Content-Security-Policy', EXPLORER_POLICY)
        res.setHeader('Cache-Control', cacheControl)
      },
    })
  router.use(`/${HASHED}`, serve(join(folder, HASHED), `public, max-age=${YEAR_S}, immutable`))
  router.use(serve(folder, 'no-cache'))
  return router
}
