import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorsMarkdown } from '../src/http/errors-reference.ts'
import { httpMarkdown } from '../src/http/http-reference.ts'
import { openApiDocument } from '../src/http/openapi.ts'
import { packageRoot } from '../src/proof/root.ts'

// Writes the HTTP API's reference from the schemas and the map of problems. With --check it writes nothing and fails when a file is not up to date.
const files = {
  'docs/reference/openapi.json': JSON.stringify(openApiDocument(), null, 2),
  'docs/reference/errors.md': errorsMarkdown(),
  'docs/reference/http.md': httpMarkdown(),
}
const check = process.argv.includes('--check')
for (const [name, text] of Object.entries(files)) {
  const path = join(packageRoot(), name)
  const wanted = `${text}\n`
  if (!check) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, wanted)
  } else if (read(path) !== wanted) {
    console.error(`${name} is not up to date: run node dist/scripts/generate-openapi.js`)
    process.exitCode = 1
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // A missing file is one that is not up to date.
    return undefined
  }
}
