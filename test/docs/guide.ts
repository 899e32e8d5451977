/**
 * Guides are run as a reader would: blocks with a file's name (` ```js order.mjs `) become that file, `sh` blocks are run in their order by one shell, and
 * `console` blocks are transcripts, whose output must be what the commands print. Blocks in `text` are not run.
 */
import { execFile } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packageRoot } from '../../src/proof/root.ts'

export interface Block {
  readonly language: string
  /** File that the block is, or a part of; '' for none. */
  readonly file: string
  readonly text: string
}

/** A page of the documentation. @param page relative to the repository. */
export const readPage = (page: string): string => readFileSync(join(packageRoot(), page), 'utf8')

/** The fenced blocks of a page, in order; those without a language are `text`. */
export const blocksOf = (markdown: string): Block[] =>
  [...markdown.matchAll(/^```(\w*) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, language = '', file = '', text = '']) => ({
    language: language === '' ? 'text' : language,
    file,
    text,
  }))

/** What of the repository the pages name, and their programs need. */
const LINKED = ['fairlead', 'sample', 'contracts', 'package.json', 'scripts', 'dist', 'circuits', 'build']

/** Runs a shell script where the files of a page are. @returns what it printed, errors included. */
export async function inGuideFolder(page: string, env: NodeJS.ProcessEnv, script: string): Promise<string> {
  // Inside the package, where programs find `fairlead/client` and the dependencies.
  const build = join(packageRoot(), 'build')
  mkdirSync(build, { recursive: true })
  const cwd = mkdtempSync(join(build, 'guide-'))
  try {
    for (const name of LINKED) symlinkSync(join(packageRoot(), name), join(cwd, name))
    for (const { language, file, text } of blocksOf(readPage(page)))
      if (file !== '' && language !== 'console') appendFileSync(join(cwd, file), text)
    const options = { cwd, env, timeout: 280_000, maxBuffer: 1e7 }
    const { stdout } = await promisify(execFile)('sh', ['-uc', `exec 2>&1\n${script}`], options).catch((error) => {
      throw new Error(`${page}: ${String(error.stdout).slice(-2000)}`, { cause: error })
    })
    return stdout
  } finally {
    rmSync(cwd, { recursive: true })
  }
}

/** Runs all `sh` blocks of a page; the first command that fails ends it. */
export function runGuide(page: string, env: NodeJS.ProcessEnv): Promise<string> {
  const script = blocksOf(readPage(page)).filter(({ language }) => language === 'sh')
  return inGuideFolder(page, env, `set -e\n${script.map(({ text }) => text).join('\n')}`)
}
