import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { z } from 'zod'
import { packageRoot } from '../../../src/proof/root.ts'
import { analyze, ensureCircomspect, type Finding } from './tool.ts'

const lib = join(packageRoot(), 'circuits', 'lib')
const Accepted = z.array(
  z.strictObject({
    file: z.string(),
    code: z.string(),
    template: z.string(),
    line: z.string(),
    reason: z.string().min(20),
  }),
)
const accepted = Accepted.parse(
  JSON.parse(readFileSync(join(packageRoot(), 'test', 'slow', 'circomspect', 'accepted.json'), 'utf8')),
)
const key = ({ file, code, template, line }: Finding) => `${file} ${template} ${code}: ${line}`

describe('circomspect', function () {
  this.timeout(1_200_000)
  let program: string
  before(function () {
    const found = ensureCircomspect()
    if (!found) {
      console.error('SKIPPED: circomspect is not there, and there is no cargo to build it with (https://rustup.rs)')
      return this.skip()
    }
    program = found
  })

  it('looks at every template and finds what was reviewed, no more and no less', () => {
    const { findings, templates } = analyze(program, lib)
    expect(templates).to.deep.equal(templatesOf(lib))
    expect(findings.map(key).sort()).to.deep.equal(accepted.map(key).sort())
    console.log(`      ${templates.length} templates, ${findings.length} findings, all reviewed`)
  })

  it('would find a constraint that was forgotten', () => {
    const folder = mkdtempSync(join(tmpdir(), 'circomspect-'))
    try {
      cpSync(lib, folder, { recursive: true })
      const file = join(folder, 'backlog.circom')
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace('signal load <== open * backlog;', 'signal load <-- open * backlog;'))
      const known = new Set(accepted.map(key))
      const fresh = analyze(program, folder).findings.filter((finding) => !known.has(key(finding)))
      expect(fresh.map(({ file, template }) => `${file} ${template}`)).to.include('backlog.circom Headroom')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

function templatesOf(folder: string): string[] {
  return readdirSync(folder)
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/^template (\w+)/gm)])
    .map(([, name = '']) => name)
    .sort()
}
