import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../src/proof/root.ts'

const SRC = join(packageRoot(), 'src')
const PURE = ['base', 'policy', 'order', 'route', 'statement']

/** What each folder may import besides itself: the table of src/README.md. */
const ALLOWED: Record<string, readonly string[]> = {
  base: [],
  policy: ['base'],
  order: ['base'],
  route: ['base', 'policy', 'order'],
  statement: ['base', 'policy', 'order', 'route'],
  simulate: ['base', 'policy'],
  fairness: ['base', 'policy', 'statement', 'simulate'],
  seal: ['base'],
  witness: PURE,
  proof: ['base', 'statement', 'witness', 'policy/policy.ts'],
  chain: ['base', 'policy', 'order', 'statement', 'proof'],
  audit: [...PURE, 'proof/verify.ts', 'proof/vkey.ts', 'proof/calldata.ts', 'chain/reader.ts'],
  service: [...PURE, 'witness', 'proof', 'chain'],
  http: ['base', 'order', 'policy', 'statement', 'service'],
  client: [...PURE, 'chain/reader.ts'],
  cli: [...PURE, 'simulate', 'fairness', 'seal', 'proof', 'chain', 'audit', 'service', 'http', 'client'],
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const text = (file: string): string => readFileSync(join(SRC, file), 'utf8')

/** Every module that a file names: static and dynamic imports, re-exports, and URLs beside itself. */
function imports(file: string): { local: string[]; packages: string[] } {
  const source = text(file).replace(/\/\*[\s\S]*?\*\//g, '')
  const named = [
    ...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'|new URL\(\s*'([^']+)'\s*,\s*import\.meta\.url/g),
  ].map(([, module, url]) => module ?? url ?? '')
  const local = named
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(file), name).replace(/\.js$/, '.ts'))
  return { local, packages: named.filter((name) => !name.startsWith('.')) }
}

/** Everything that a file pulls in, itself included. */
function closure(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !files.includes(file)) return seen
  seen.add(file)
  for (const next of imports(file).local) closure(next, seen)
  return seen
}

describe('architecture', () => {
  it('every folder of src stands in the table', () => {
    const folders = new Set(files.map((file) => file.split('/')[0] ?? ''))
    expect([...folders].filter((folder) => !(folder in ALLOWED))).to.deep.equal([])
  })

  it('the table in src/README.md is this one', () => {
    const rows = [...readFileSync(join(SRC, 'README.md'), 'utf8').matchAll(/^\| `(\w+)\/` \|[^|]*\| (.*) \|$/gm)]
    const documented = Object.fromEntries(
      rows.map(([, folder, may]) => [folder, may === 'nothing' ? [] : (may ?? '').split(', ')]),
    )
    expect(documented).to.deep.equal(ALLOWED)
  })

  for (const file of files) {
    it(`${file} imports only what its folder may`, () => {
      const folder = file.split('/')[0] ?? ''
      const rules = [folder, ...(ALLOWED[folder] ?? [])]
      const outside = imports(file).local.filter(
        (path) => !rules.some((rule) => path === rule || path.startsWith(`${rule}/`)),
      )
      expect(outside).to.deep.equal([])
    })
  }

  for (const folder of [...PURE, 'simulate', 'fairness', 'seal', 'witness', 'audit', 'client']) {
    it(`${folder} runs in a browser: nothing that it reaches imports a node: module`, () => {
      const reached = new Set(
        files.filter((file) => file.startsWith(`${folder}/`)).flatMap((file) => [...closure(file)]),
      )
      const offending = [...reached].filter((file) => imports(file).packages.some((name) => name.startsWith('node:')))
      expect(offending).to.deep.equal([])
    })
  }

  it('the import scan sees static, dynamic and URL imports', () => {
    expect(imports('proof/root.ts').packages).to.include('node:fs')
    expect([...closure('route/route.ts')]).to.include('base/poseidon.ts')
  })

  it('every throw carries a code', () => {
    const bare = files.flatMap((file) =>
      [...text(file).matchAll(/throw new (Error|TypeError|RangeError|SyntaxError)\(/g)].map(() => file),
    )
    expect(bare.filter((file) => file !== 'proof/root.ts')).to.deep.equal([])
  })
})
