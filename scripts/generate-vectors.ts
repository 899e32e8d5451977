/** Writes test/vectors/*.json; with `--check`, only says whether they are fresh (exit 1 if not). */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/proof/root.ts'
import { vectorFiles, vectorText } from '../test/helpers/vectors.ts'

const folder = join(packageRoot(), 'test', 'vectors')
for (const [name, content] of Object.entries(vectorFiles())) {
  const file = join(folder, `${name}.json`)
  if (!process.argv.includes('--check')) writeFileSync(file, vectorText(content))
  else if (readFileSync(file, 'utf8') !== vectorText(content)) {
    console.error(`test/vectors/${name}.json is stale: run npm run generate:vectors`)
    process.exitCode = 1
  }
}
