/** No guide can rot: each is run against one real service, as it is written. */
import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/proof/root.ts'
import { blocksOf, inGuideFolder, readPage, runGuide } from './guide.ts'
import { useDocsService } from './service.ts'
import { normal, runTranscript, shows, steps, stepsOf } from './transcript.ts'

const RUN = 'docs/guides/run.md'

const FIRST = 'docs/guides/first-ten-minutes.md'

/** What each guide must print, in any order. Guides with no block to run have no row. */
const PRINTED: Readonly<Record<string, readonly RegExp[]>> = {
  'http.md': [
    /"status":"ready"/,
    /"batchState":"/,
    /REQUEST_INVALID/,
    /("status":"accepted".*){2}/s,
    /^event: batch\ndata: \{/m,
    /^event: receipts$/m,
    /^304$/m,
  ],
  'client.md': [
    /^accepted in batch \d+n verified by chain/m,
    /^accepted on shard [0-3]$/m,
    /is now accepted/,
    /ServiceProblem ORDER_NOT_FOUND/,
  ],
  'replay.md': [/accepted/],
  'settle.md': [
    /^filled on shard [0-3] for \d+ gas$/m,
    /^again: AlreadySpent$/m,
    /^on another shard: NotAssigned$/m,
    /^another order: NotIncluded$/m,
    /^another batch: RecordMismatch$/m,
    /^a slot outside: SlotOutOfTree$/m,
  ],
  'audit.md': [/^audit passed: \d+ batches/m, /^anchor passed: /m, /^audit passed: 1 batches/m],
  'what-if.md': [
    /^shards\.0\.weights\.0: \d+ → \d+$/m,
    /^exit code 1$/m,
    /^proposed +retail/m,
    /^round-robin +institutional/m,
  ],
  'audit-in-ten-minutes.md': [
    /^audit passed: \d+ batches/m,
    /^proofs +good \d+$/m,
    /^FAILED bundle-counts/m,
    /^exit code 1$/m,
    /^kept +(assigned to shard [0-3]|deferred)/m,
    /^no violation found$/m,
    /^test +against \d+ simulated honest routers/m,
  ],
}
/** Run by CI itself: what an install does is nothing for a test. */
const BY_CI: Readonly<Record<string, readonly string[]>> = { 'run.md': ['npm ci', 'npm start'] }

describe('guides', function () {
  this.timeout(300_000)
  const service = useDocsService()
  before(function () {
    if (!hasCurl()) {
      console.warn('      SKIPPED: there is no curl')
      this.skip()
    }
  })

  it('the first ten minutes print what the page shows', async () => {
    const found = await runTranscript(FIRST, service().env)
    if (process.env.FAIRLEAD_WRITE_TRANSCRIPTS !== undefined) return rewrite(found)
    for (const { command, output } of found)
      expect(normal(output), command).to.equal(
        normal(stepsOf(FIRST).find((step) => step.command === command)?.output ?? ''),
      )
  })

  it('the first ten minutes show how a start ends', () => {
    const [start] = blocksOf(readPage(FIRST)).filter(({ file }) => file === 'start')
    const [step] = steps(start?.text ?? '')
    const folder = service().env.FAIRLEAD_DATA_DIR ?? ''
    expect(shows(step?.output ?? '', service().printed.replaceAll(folder, '.fairlead'))).to.equal(true)
  })

  it('doctor says what the page shows, wherever the machine has what the page has', async () => {
    const [block] = blocksOf(readPage(RUN)).filter(({ file }) => file === 'doctor')
    const [step] = steps(block?.text ?? '')
    const { FAIRLEAD_DATA_DIR: _, ...env } = service().env
    const found = new Map(findings(await inGuideFolder(RUN, env, step?.command ?? 'false')))
    const shown = findings(step?.output ?? '')
    expect([...found.keys()].filter((name) => shown.some(([other]) => other === name))).to.deep.equal(
      shown.map(([name]) => name),
    )
    for (const [name, line] of shown) {
      const said = found.get(name) ?? ''
      // Another machine may lack what is not needed, or have it.
      if (said[0] === line[0]) expect(anywhere(said)).to.equal(anywhere(line))
      else expect([said[0], line[0]]).to.have.members(['✓', '-'])
    }
  })

  for (const [name, patterns] of Object.entries(PRINTED)) {
    it(`${name} works as it is written`, async () => {
      const output = await runGuide(`docs/guides/${name}`, service().env)
      for (const pattern of patterns) expect(output).to.match(pattern)
    })
  }

  for (const [name, commands] of Object.entries(BY_CI)) {
    it(`${name} says what CI runs`, () => {
      const said = blocksOf(readPage(`docs/guides/${name}`)).filter(({ language }) => language === 'sh')
      expect(
        said
          .map(({ text }) => text.trim())
          .join('\n')
          .split('\n'),
      ).to.deep.equal(commands)
      for (const command of commands) expect(readPage('.ci/run')).to.include(`suite ${command}`)
    })
  }

  it('every block of every guide is run, or is text', () => {
    const run = new Set([...Object.keys(PRINTED), ...Object.keys(BY_CI), 'first-ten-minutes.md'])
    for (const name of readdirSync(join(packageRoot(), 'docs', 'guides'))) {
      for (const { language, file } of blocksOf(readPage(`docs/guides/${name}`))) {
        if (language === 'text' || run.has(name))
          expect(language, name).to.be.oneOf(['text', 'sh', 'console', 'js', 'solidity'])
        else expect.fail(`${name} has ${language} that no test runs`)
        if (language === 'js' || language === 'solidity') expect(file, `a block of ${name}`).not.to.equal('')
      }
    }
  })
})

/** Lines of `fairlead doctor` by what they are about; the last one, its verdict, is about itself. */
const findings = (output: string): (readonly [string, string])[] =>
  output
    .split('\n')
    .filter((line) => line !== '' && line !== '…')
    .map((line) => [/^[✓✗-] (.{26}) /.exec(line)?.[1]?.trim() ?? line, line])

/** A line without what differs between machines: numbers, processor, the backend that is fastest. */
const anywhere = (line: string): string =>
  line
    .replace(/\(go\d.*\)$/, '(GO)')
    .replace(/go\d.*$/, 'GO')
    .replace(/\w+ is the fastest/, 'BACKEND is the fastest')
    .replaceAll(/\d[\d.]*/g, 'N')

/** Puts what the commands printed into the page; read the difference. */
function rewrite(found: readonly { command: string; output: string }[]): void {
  let page = readPage(FIRST)
  for (const [step, { command, output }] of stepsOf(FIRST).map((shown, i) => [shown, found[i] ?? shown] as const))
    page = page.replace(`$ ${step.command}\n${step.output}`, () => `$ ${command}\n${output}`)
  writeFileSync(join(packageRoot(), FIRST), page)
}

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
