/**
 * Transcripts: what each command says, to the letter. A file holds commands (`$ fairlead …`), their standard output, their standard error (`! …`) and
 * their exit code (`exit N`). Set FAIRLEAD_WRITE_TRANSCRIPTS to write them anew, then read the difference.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/proof/root.ts'
import { fairlead } from './terminal.ts'

const FOLDER = join(packageRoot(), 'test', 'cli', 'testdata')

/** Absolute paths differ between machines. */
const portable = (text: string): string => text.replaceAll(packageRoot(), '<root>')

async function transcriptOf(command: string): Promise<string> {
  const { stdout, stderr, exitCode } = await fairlead(command.split(' ').slice(1))
  const errors = stderr === '' ? '' : stderr.replace(/\n$/, '').replaceAll(/^/gm, '! ').concat('\n')
  return `$ ${command}\n${portable(stdout + errors)}exit ${exitCode}\n`
}

describe('transcripts', () => {
  const folder = process.cwd()
  before(() => process.chdir(packageRoot()))
  after(() => process.chdir(folder))
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))) {
    it(file, async () => {
      const path = join(FOLDER, file)
      const expected = readFileSync(path, 'utf8')
      let found = ''
      for (const [, command = ''] of expected.matchAll(/^\$ (fairlead.*)$/gm)) found += await transcriptOf(command)
      if (process.env.FAIRLEAD_WRITE_TRANSCRIPTS !== undefined) writeFileSync(path, found)
      else expect(found).to.equal(expected)
    })
  }
})
