import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import express, { Router } from 'express'
import { errorsPage } from './errors-reference.ts'

/**
 * Swagger UI runs from files of this server alone and speaks to this server only. Its style sheet holds images as `data:`; nothing else is inline.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Fairlead API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null,
})
`

/** What of the package is served, and nothing else of its folder. */
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']

/** The pages under `/docs`: the API's documentation and the errors page. */
export function docsRouter(): Router {
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const router = Router()
  router.use((_req, res, next) => {
    res.set('Content-Security-Policy', PAGE_POLICY)
    next()
  })
  router.get('/', (_req, res) => void res.type('html').send(PAGE))
  router.get('/errors', (_req, res) => void res.type('html').send(errorsPage()))
  router.get('/start.js', (_req, res) => void res.type('js').send(START))
  const files = express.static(root, { index: false, redirect: false })
  router.get(
    FILES.map((file) => `/${file}`),
    (req, res, next) => {
      res.set('Cache-Control', 'public, max-age=3600')
      files(req, res, next)
    },
  )
  return router
}
