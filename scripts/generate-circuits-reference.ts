/** Writes docs/reference/circuits.md from the catalog, the templates' headers and the pinned costs; with `--check`, only says whether it is fresh. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadCatalog } from '../src/proof/catalog.ts'
import { packageRoot } from '../src/proof/root.ts'
import { circuitCost, domainOf, perOrder, pinned } from '../test/circuits/helpers/cost.ts'

const root = packageRoot()
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
const number = (value: number): string => value.toLocaleString('en')

function circuitRows(): string[] {
  return Object.entries(loadCatalog().circuits).map(([name, { kind, shards, slots }]) => {
    const constraints = circuitCost(name)
    return row([
      `\`${name}\``,
      kind,
      shards,
      slots,
      number(constraints),
      `2^${Math.log2(domainOf(constraints).domain)}`,
    ])
  })
}

function slopeRows(): string[] {
  return [...new Set(Object.values(loadCatalog().circuits).map(({ kind }) => kind))].map((kind) => {
    const { constraintsPerOrder, constraintsPerBatch } = perOrder(kind)
    return row([kind, number(Math.round(10 * constraintsPerOrder) / 10), number(Math.round(constraintsPerBatch))])
  })
}

/** One row a template: its title, and what an instance of it costs. */
function templateRows(): string[] {
  const folder = join(root, 'circuits', 'lib')
  return readdirSync(folder)
    .sort()
    .flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/^\/\/\/ @title (\w+): (.*?)(?: Cost .*)?$/gm)].map(
        ([, name = '', title = '']) => {
          const costs = Object.entries(pinned.templates).filter(([instance]) => instance.startsWith(`${name}(`))
          const cost = costs.map(([instance, constraints]) => `\`${instance}\` ${constraints}`).join(', ')
          return row([`[${name}](../../circuits/lib/${file})`, title.split(' @')[0] ?? '', cost])
        },
      ),
    )
}

const text = `# Circuits

Generated from the catalog, the headers in \`circuits/lib\` and the pinned counts in \`test/circuits/cost.json\`: \`npm run generate:docs\`. Public signals of every circuit, in this order:
\`digest\`, \`alpha\`, \`y\` ([protocol](../design/protocol.md), section 4).

| circuit | kind | shards | slots | constraints | domain |
|---|---|---|---|---|---|
${circuitRows().join('\n')}

At 16 shards, between the two sizes of a kind:

| kind | constraints an order | constraints a batch |
|---|---|---|
${slopeRows().join('\n')}

## Templates

Units, bounds and who checks what stand in each header. The cost is that of the instance named, in constraints after simplification.

| template | what it is | cost |
|---|---|---|
${templateRows().join('\n')}
`
const path = join(root, 'docs', 'reference', 'circuits.md')
if (!process.argv.includes('--check')) writeFileSync(path, text)
else if (readFileSync(path, 'utf8') !== text) {
  console.error('docs/reference/circuits.md is not up to date: run npm run generate:docs')
  process.exitCode = 1
}
