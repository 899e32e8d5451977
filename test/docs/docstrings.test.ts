/** Every exported name of `src` says what its code cannot, or is described where its users look (docs/design/quality.md, point 3). */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import ts from 'typescript'
import { packageRoot } from '../../src/proof/root.ts'

const folder = join(packageRoot(), 'src')
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: file.replaceAll('\\', '/'), text: readFileSync(join(folder, file), 'utf8') }))
  .filter(({ text }) => !/^\/\/ Generated .*do not edit/.test(text))
  .sort((a, b) => (a.file < b.file ? -1 : 1))

describe('docstrings', () => {
  it('are on every exported name of src', () => {
    const bare = sources.flatMap(({ file, text }) => bareNames(text).map((name) => `${file} ${name}`))
    expect(bare).to.deep.equal([])
  })

  for (const [what, source, bare] of [
    ['a declaration without one', 'export const a = 1\nexport function b() {}\nexport interface C {}', ['a', 'b', 'C']],
    ['one of another declaration', '/** A. */\nexport const a = 1\nexport const b = 2', ['b']],
    ["one of the file, which is not the first name's", '/** This file. */\n\nexport const a = 1', ['a']],
    ['nothing of what is not exported', 'const a = 1', []],
    [
      'no fault in one for both, value and type',
      '/** A. */\nexport const A = z.int()\nexport type A = z.infer<typeof A>',
      [],
    ],
    [
      'no fault in a type that is read off a value with one',
      '/** A. */\nconst a = [1]\nexport type B = (typeof a)[number]',
      [],
    ],
    ['a type that is read off a value without one', 'const a = [1]\nexport type B = (typeof a)[number]', ['B']],
    ['a type that is made of more', '/** A. */\nconst a = [1]\nexport type B = typeof a | string', ['B']],
    ['no fault in an endpoint with its summary', "export const a = endpoint({ summary: 'A' })", []],
    ['an endpoint without', "export const a = endpoint({ id: 'a' })", ['a']],
    ['no fault in a schema with its description', "export const a = z.int().meta({ description: 'A.' })", []],
    ['a schema of which only a part has one', "export const a = z.array(z.int().meta({ description: 'A.' }))", ['a']],
    [
      'no fault in a command with its description',
      "export const a = (): Command => new Command('a').description('do')",
      [],
    ],
    ['a command without', "export const a = (): Command => new Command('a')", ['a']],
  ] as const)
    it(`looked for, find ${what}`, () => {
      expect(bareNames(source)).to.deep.equal(bare)
    })
})

/** Exported names of a file without a comment of their own; a value and a type of one name share theirs. */
function bareNames(text: string): string[] {
  const tree = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2023, true)
  const declared = tree.statements.flatMap((statement) => namesOf(statement).map((name) => ({ name, statement })))
  const documented = new Set(declared.filter(({ statement }) => hasComment(statement)).map(({ name }) => name))
  const exported = declared.filter(({ statement }) => isExported(statement))
  const described = new Set(
    exported
      .filter(({ statement }) => describesItself(statement) || documented.has(sourceOf(statement) ?? ''))
      .map(({ name }) => name),
  )
  const names = new Set(exported.map(({ name }) => name))
  return [...names].filter((name) => !documented.has(name) && !described.has(name))
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText())
  const isDeclaration =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  return isDeclaration ? [statement.name?.text ?? 'default'] : []
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)

/** Whether a comment stands right above: one with an empty line behind it is of the file. */
function hasComment(statement: ts.Statement): boolean {
  const comment = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc).at(-1)
  return (
    comment !== undefined && !/\n\s*\n/.test(statement.getSourceFile().text.slice(comment.end, statement.getStart()))
  )
}

/** The value that a type is read off and nothing else, as `z.infer<typeof A>`, `(typeof A)[number]` or `keyof typeof A`: what is said of it holds for the type. */
function sourceOf(statement: ts.Statement): string | undefined {
  let type: ts.TypeNode | undefined = ts.isTypeAliasDeclaration(statement) ? statement.type : undefined
  while (type && !ts.isTypeQueryNode(type)) {
    if (ts.isIndexedAccessTypeNode(type)) type = type.objectType
    else if (ts.isParenthesizedTypeNode(type) || ts.isTypeOperatorNode(type)) type = type.type
    else if (ts.isTypeReferenceNode(type) && /^z\.(infer|output)$/.test(type.typeName.getText()))
      type = type.typeArguments?.[0]
    else return undefined
  }
  return type?.exprName.getText()
}

/**
 * Whether the code itself holds the description, where users read it and a comment would say it twice: an endpoint's summary and a schema's description in the
 * OpenAPI document, a command's description in its `--help`.
 */
function describesItself(statement: ts.Statement): boolean {
  if (ts.isFunctionDeclaration(statement)) return makesCommand(statement)
  if (!ts.isVariableStatement(statement)) return false
  const [declaration] = statement.declarationList.declarations
  let value = declaration?.initializer
  while (value && (ts.isSatisfiesExpression(value) || ts.isParenthesizedExpression(value))) value = value.expression
  if (!value) return false
  if (ts.isArrowFunction(value)) return makesCommand(value)
  if (ts.isObjectLiteralExpression(value)) return declaration?.type?.getText() === 'Endpoint' && holds(value, 'summary')
  if (!ts.isCallExpression(value)) return false
  const {
    expression,
    arguments: [first],
  } = value
  if (ts.isIdentifier(expression)) return expression.text === 'endpoint' && holds(first, 'summary')
  return ts.isPropertyAccessExpression(expression) && expression.name.text === 'meta' && holds(first, 'description')
}

const holds = (value: ts.Node | undefined, property: string): boolean =>
  value !== undefined &&
  ts.isObjectLiteralExpression(value) &&
  value.properties.some(({ name }) => name?.getText() === property)

function makesCommand(made: ts.FunctionDeclaration | ts.ArrowFunction): boolean {
  const isDescription = (node: ts.Node): boolean =>
    (ts.isPropertyAccessExpression(node) && node.name.text === 'description' && ts.isNewExpression(node.expression)) ||
    ts.forEachChild(node, isDescription) === true
  return made.type?.getText() === 'Command' && isDescription(made)
}
