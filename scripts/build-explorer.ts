/**
 * Bundles the explorer into build/explorer/, which any web server can serve: `npm run build:explorer`. Takes what tsc wrote, and does nothing when nothing
 * changed since the last time.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Metafile, Plugin } from 'esbuild'
import { z } from 'zod'
import { jsonOf } from '../src/base/json.ts'
import { withLock } from '../src/proof/lock.ts'
import { packageRoot } from '../src/proof/root.ts'
import { writeWhole } from '../src/proof/whole-file.ts'
import { replaceFolder, withWorkFolder } from '../src/proof/work-folder.ts'

const root = packageRoot()
const target = join(root, 'build/explorer')
const record = join(root, 'build/explorer.json')

/** What the pages are made of; each gets a name with a hash. */
const ENTRIES = {
  main: 'dist/explorer/main.js',
  worker: 'dist/explorer/worker/worker.js',
  style: 'explorer/style.css',
  icon: 'explorer/icon.svg',
}
const PAGE = 'explorer/index.html'
const OWN = [PAGE, 'dist/scripts/build-explorer.js']

/** zod brings its messages in fifty languages; the pages have their own. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ path }) => ({ path, namespace: 'empty' }))
    onLoad({ filter: /./, namespace: 'empty' }, () => ({ contents: 'export {}' }))
  },
}

const Made = z.strictObject({ hash: z.string(), inputs: z.array(z.string()) })

if (isFresh()) console.log('explorer: unchanged')
else
  await withLock(target, async () => {
    if (!isFresh()) await withWorkFolder(join(root, 'build'), 'explorer', make)
  })

/** Whether the folder was made from the files that are there now. */
function isFresh(): boolean {
  if (!existsSync(target) || !existsSync(record)) return false
  const { data } = Made.safeParse(jsonOf(readFileSync(record, 'utf8')))
  if (!data?.inputs.every((file) => existsSync(join(root, file)))) return false
  return data.hash === hashOf(data.inputs)
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file}\n`)
      .update(readFileSync(join(root, file)))
      .update('\n')
  return hash.digest('hex')
}

/** @param draft an empty folder; it becomes the target when it is whole. */
async function make(draft: string): Promise<void> {
  const { build } = await import('esbuild')
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(ENTRIES).map(([out, file]) => ({ in: file, out })),
    outdir: join(draft, 'assets'),
    entryNames: '[name]-[hash]',
    loader: { '.svg': 'copy' },
    bundle: true,
    format: 'esm',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    minify: true,
    legalComments: 'linked',
    metafile: true,
    plugins: [oneLanguage],
    logLevel: 'warning',
  })
  const names = outputNames(metafile)
  const page = await readFile(join(root, PAGE), 'utf8')
  await writeFile(
    join(draft, 'index.html'),
    page.replaceAll(/\{(\w+)\}/g, (_, name: string) => `assets/${names.get(name)}`),
  )
  await cp(join(root, 'LICENSE'), join(draft, 'LICENSE.txt'))
  await replaceFolder(draft, target)
  const inputs = [...Object.keys(metafile.inputs).filter((file) => !file.startsWith('empty:')), ...OWN].sort()
  await writeWhole(record, JSON.stringify({ hash: hashOf(inputs), inputs }))
  for (const [file, { bytes }] of Object.entries(metafile.outputs))
    console.log(`${file.split('/').at(-1)}: ${bytes} bytes`)
}

/** Names of the files that entries became. */
function outputNames({ outputs }: Metafile): Map<string, string> {
  return new Map(
    Object.entries(outputs).flatMap(([file, { entryPoint }]) => {
      const name = Object.entries(ENTRIES).find(([, source]) => source === entryPoint)?.[0]
      return name === undefined ? [] : [[name, file.split('/').at(-1) ?? '']]
    }),
  )
}
