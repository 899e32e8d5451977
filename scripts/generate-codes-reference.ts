/** Writes docs/reference/codes.md from the error classes; with `--check`, only says whether it is fresh. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../src/proof/root.ts'
import { codesMarkdown } from './codes.ts'

const path = join(packageRoot(), 'docs', 'reference', 'codes.md')
if (!process.argv.includes('--check')) writeFileSync(path, codesMarkdown())
else if (readFileSync(path, 'utf8') !== codesMarkdown()) {
  console.error('docs/reference/codes.md is not up to date: run npm run generate:docs')
  process.exitCode = 1
}
