/**
 * Bundles the explorer into build/explorer/, which any web server can serve: `npm run build:explorer`. Takes what tsc wrote, and does nothing when nothing
 * changed since the last time.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'
import { z } from 'zod'
import { packageRoot } from '../src/proof/root.ts'

const root = packageRoot()
const target = join(root, 'build/explorer')
/** Made beside the target, and put in its place when it is whole. */
const draft = `${target}.draft`
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

/** circomlibjs has one entry for everything, with half of Node behind it; Poseidon is in a file of its own. */
const poseidonOnly: Plugin = {
  name: 'poseidon-only',
  setup({ onResolve }) {
    onResolve({ filter: /^circomlibjs$/ }, () => ({
      path: join(root, 'node_modules/circomlibjs/src/poseidon_wasm.js'),
    }))
  },
}

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
else await make()

/** Whether the folder was made from the files that are there now. */
function isFresh(): boolean {
  if (!existsSync(target) || !existsSync(record)) return false
  const { data } = Made.safeParse(JSON.parse(readFileSync(record, 'utf8')))
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

async function make(): Promise<void> {
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
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
    plugins: [poseidonOnly, oneLanguage],
    logLevel: 'warning',
  })
  const names = outputNames(metafile)
  const page = await readFile(join(root, PAGE), 'utf8')
  await writeFile(
    join(draft, 'index.html'),
    page.replaceAll(/\{(\w+)\}/g, (_, name: string) => `assets/${names.get(name)}`),
  )
  await cp(join(root, 'LICENSE'), join(draft, 'LICENSE.txt'))
  await rm(target, { recursive: true, force: true })
  await rename(draft, target)
  const inputs = [...Object.keys(metafile.inputs).filter((file) => !file.startsWith('empty:')), ...OWN].sort()
  await writeFile(record, JSON.stringify({ hash: hashOf(inputs), inputs }))
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
