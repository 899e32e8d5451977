/** Every closed union of error codes, read from the sources: what `docs/reference/codes.md` is made of. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { packageRoot } from '../src/proof/root.ts'

/** One class of coded errors. */
export interface CodeUnion {
  readonly name: string
  /** Relative to the repository, with `/`. */
  readonly file: string
  readonly codes: readonly string[]
  /** Doc comment of the class, or of the type that names its codes: Markdown. */
  readonly doc: string
}

/** All classes of `src` and `scripts` that extend CodedError by a union of their own, by file. HTTP's codes are a table instead, `src/http/status.ts`. */
export function codeUnions(): CodeUnion[] {
  return ['scripts', 'src'].flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .flatMap(unionsOf),
  )
}

function unionsOf(file: string): CodeUnion[] {
  const text = readFileSync(join(packageRoot(), file), 'utf8')
  if (!text.includes('extends CodedError<')) return []
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  return source.statements.filter(ts.isClassDeclaration).flatMap((declared) => {
    const base = declared.heritageClauses?.[0]?.types[0]
    const [argument] = base?.typeArguments ?? []
    if (base?.expression.getText() !== 'CodedError' || !argument) return []
    const alias = source.statements.find(
      (statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === argument.getText(),
    )
    const union = alias && ts.isTypeAliasDeclaration(alias) ? alias.type : argument
    const codes = [...union.getText().matchAll(/'([A-Z0-9_]+)'/g)].map(([, code = '']) => code)
    if (codes.length === 0) return []
    const doc = [declared, alias].map((node) => (node ? docOf(node) : '')).filter((part) => part !== '')
    return [{ name: declared.name?.text ?? '', file, codes, doc: doc.join('\n\n') }]
  })
}

const docOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .map((comment) => ts.getTextOfJSDocComment(comment.comment) ?? '')
    .join('\n')

/** The page. */
export function codesMarkdown(): string {
  const sections = codeUnions().map(({ name, file, doc }) => `## ${name}\n\n[\`${file}\`](../../${file})\n\n${doc}\n`)
  return `# Error codes

Generated from the doc comments of the classes by \`scripts/generate-codes-reference.ts\`; do not edit. Every failure that a command, the client or the service tells carries one of these codes;
codes are stable, messages are for people. Those of HTTP answers are a list of their own: [errors.md](errors.md).

${sections.join('\n')}`
}
