/**
 * Writes the client's wire types from the OpenAPI document. With --check it writes nothing and fails when the file is not up to date.
 *
 * A `.ts` file, not a `.d.ts`: tsc copies no declarations into dist, where the package's own declarations look for them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import { packageRoot } from '../src/proof/root.ts'

const SOURCE = 'docs/reference/openapi.json'
const TARGET = 'src/client/openapi.ts'
const HEADER = `// Generated from ${SOURCE} by \`node dist/scripts/generate-client-types.js\`: do not edit.
// biome-ignore-all format: generated
// biome-ignore-all lint: generated
`

const document = readFileSync(join(packageRoot(), SOURCE), 'utf8')
const wanted = HEADER + astToString(await openapiTS(document))
const path = join(packageRoot(), TARGET)
if (!process.argv.includes('--check')) writeFileSync(path, wanted)
else if (readFileSync(path, 'utf8') !== wanted) {
  console.error(`${TARGET} is not up to date: run node dist/scripts/generate-client-types.js`)
  process.exitCode = 1
}
