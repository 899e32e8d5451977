/** The numbers and habits of docs/design/quality.md, held where that is cheap; import direction and coded throws are in architecture.test.ts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { expect } from 'chai'
import ts from 'typescript'
import { codesMarkdown, codeUnions } from '../scripts/codes.ts'
import { packageRoot } from '../src/proof/root.ts'

const GENERATED = [
  'src/base/poseidon/constants.ts',
  'src/chain/poseidon-code.ts',
  'src/chain/abi.ts',
  'src/client/openapi.ts',
]
const SOURCES = [
  ['src', '.ts'],
  ['circuits/lib', '.circom'],
  ['contracts', '.sol'],
  ['prover', '.go'],
  ['test', '.ts'],
  ['test/forge', '.sol'],
  ['scripts', '.ts'],
  ['bench', '.ts'],
  ['explorer', '.ts'],
  ['explorer', '.tsx'],
] as const

const text = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8')
const filesOf = (folder: string, extension: string): string[] =>
  readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith(extension) && !GENERATED.includes(file))
    .sort()

/** Lines of each file, shortest first. */
const lengths = (files: readonly string[]): number[] =>
  files.map((file) => text(file).split('\n').length - 1).sort((a, b) => a - b)
const at = (sorted: readonly number[], share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0

describe('quality', () => {
  it('coverage leaves out the modules that hold types alone, and no others', () => {
    const { exclude } = JSON.parse(readFileSync(join(packageRoot(), '.c8rc.json'), 'utf8'))
    const code = (file: string) =>
      readFileSync(join(packageRoot(), 'dist/src', file), 'utf8')
        .replace(/^\/\/.*$/gm, '')
        .trim()
    const built = readdirSync(join(packageRoot(), 'dist/src'), { recursive: true, encoding: 'utf8' })
    // What a source that is gone left behind counts for nothing.
    const kept = built.filter(
      (file) => file.endsWith('.js') && existsSync(join(packageRoot(), 'src', file.replace(/js$/, 'ts'))),
    )
    const empty = kept.filter((file) => code(file) === 'export {};')
    expect(empty.map((file) => `dist/src/${file.split(sep).join('/')}`).sort()).to.deep.equal(exclude)
  })

  for (const [folder, extension] of SOURCES) {
    const files = filesOf(folder, extension)

    it(`${folder}: a ${extension} file has at most 400 lines, nine in ten at most 250, half at most 120`, () => {
      const sorted = lengths(files)
      expect(sorted).to.not.be.empty
      expect(at(sorted, 1), 'longest').to.be.at.most(400)
      expect(at(sorted, 0.9), '90 %').to.be.at.most(250)
      expect(at(sorted, 0.5), 'median').to.be.at.most(120)
    })

    it(`${folder}: no file is a drawer for all sorts`, () => {
      expect(files.filter((file) => /(^|[/.-])(utils?|misc|common|stuff)\.\w+$/.test(file))).to.deep.equal([])
    })
  }

  it('src asserts a type only with the reason beside it, and never uses any or a postfix !', () => {
    expect(filesOf('src', '.ts').flatMap(unexplained)).to.deep.equal([])
  })

  it('finds what it looks for', () => {
    expect(unexplainedIn('x.ts', 'const a = b as C')).to.deep.equal(['x.ts:1 b as C'])
    expect(unexplainedIn('x.ts', '// checked above\nconst a = b as C')).to.deep.equal([])
    expect(unexplainedIn('x.ts', 'const a = b as const')).to.deep.equal([])
    expect(unexplainedIn('x.ts', '// no excuse\nconst a: any = b!')).to.deep.equal(['x.ts:2 any', 'x.ts:2 b!'])
  })

  describe('error codes', () => {
    const unions = codeUnions()

    it('are found', () => {
      expect(unions.map(({ name }) => name)).to.include.members(['AuditError', 'ArtifactError', 'ServiceError'])
    })

    for (const { name, codes, doc } of unions) {
      it(`${name}: each code is explained where it is declared`, () => {
        const explained = new Set(doc.match(/[A-Z][A-Z0-9_]+/g))
        expect(codes.filter((code) => !explained.has(code))).to.deep.equal([])
      })
    }

    it('docs/reference/codes.md is fresh (npm run generate:docs)', () => {
      expect(text('docs/reference/codes.md')).to.equal(codesMarkdown())
    })
  })

  describe('circuits', () => {
    for (const file of filesOf('circuits/lib', '.circom')) {
      it(`${file}: no main, a header on every template, and each hint in a constraint within the next six lines`, () => {
        const source = text(file)
        expect(source).not.to.match(/component\s+main/)
        expect(source.match(/(?<!^\/\/\/.*\n)^(template|function) \w+/gm) ?? []).to.deep.equal([])
        expect(unpinned(source)).to.deep.equal([])
      })
    }

    it('a hint without a constraint is found', () => {
      expect(unpinned('a <-- b;\na * (a - 1) === 0;')).to.deep.equal([])
      expect(unpinned('a <-- b;\nc <-- a;\n// a === 0')).to.deep.equal(['a', 'c'])
    })
  })

  describe('contracts', () => {
    const all = filesOf('contracts', '.sol').filter((file) => !file.startsWith('contracts/mocks/'))

    it('every error says when it is thrown; every event what happened, and what each parameter is', () => {
      const bare = all.flatMap((file) =>
        [...text(file).matchAll(/((?:^ *\/\/\/ .*\n)*)^ *(error|event) (\w+)\(([^)]*)\)/gm)]
          .filter(([, doc = '', kind, , parameters = '']) => {
            if (kind === 'error') return !doc.includes('@notice Thrown ')
            const names = parameters
              .split(',')
              .flatMap((parameter) => parameter.trim().split(' ').slice(-1))
              .filter(Boolean)
            return !doc.includes('@notice ') || names.some((name) => !doc.includes(`@param ${name} `))
          })
          .map(([, , kind, name]) => `${file} ${kind} ${name}`),
      )
      expect(bare).to.deep.equal([])
    })

    it('what is deployed is compiled by one exact version, and reverts with errors only', () => {
      for (const file of all) {
        const source = text(file)
        if (/^contract /m.test(source)) expect(source, file).to.match(/^pragma solidity \d+\.\d+\.\d+;$/m)
        expect(source, file).not.to.match(/\brequire\(|\brevert\(\s*"/)
      }
    })
  })
})

const unexplained = (file: string): string[] => unexplainedIn(file, text(file))

/** Type assertions, but for `as const`, that have no comment in their line or right above; and every `any` and `!`. */
function unexplainedIn(file: string, source: string): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2023, true)
  const lines = source.split('\n')
  const found: string[] = []
  const look = (node: ts.Node): void => {
    const line = tree.getLineAndCharacterOfPosition(node.getStart()).line
    const isComment = /^\s*(\/\/|\/\*\*|\*)/.test(lines[line - 1] ?? '') || / \/\/ /.test(lines[line] ?? '')
    const isAssertion = ts.isAsExpression(node) && node.type.getText() !== 'const'
    const isLie = node.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(node)
    if ((isAssertion && !isComment) || isLie) found.push(`${file}:${line + 1} ${node.getText()}`)
    ts.forEachChild(node, look)
  }
  look(tree)
  return found
}

/** Signals given by `<--` that no constraint names in the six lines behind. A heuristic: circomspect and the mutation suite look closer. */
function unpinned(source: string): string[] {
  const lines = source.split('\n').map((line) => line.replace(/\/\/.*/, ''))
  return lines.flatMap((line, i) => {
    const name = /(\w+)(?:\[[^<]*\])?\s*<--/.exec(line)?.[1]
    if (name === undefined) return []
    const constraints = lines.slice(i + 1, i + 7).filter((next) => /===|<==/.test(next))
    return constraints.some((next) => new RegExp(`\\b${name}\\b`).test(next)) ? [] : [name]
  })
}
