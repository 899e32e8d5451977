/** Transcripts in a page: `$ command` lines, each followed by what it prints; a line `…` stands for any lines. */
import { blocksOf, inGuideFolder, readPage } from './guide.ts'

export interface Step {
  readonly command: string
  readonly output: string
}

/** The steps of a page's `console` blocks, those of a terminal of their own (` ```console start `) left out. */
export const stepsOf = (page: string): Step[] =>
  blocksOf(readPage(page))
    .filter(isRun)
    .flatMap(({ text }) => steps(text))

/** Steps of one transcript. A command goes on in the next line after a backslash. */
export const steps = (text: string): Step[] =>
  [...text.matchAll(/^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, command = '', output = '']) => ({
    command,
    output,
  }))

const isRun = ({ language, file }: { language: string; file: string }): boolean => language === 'console' && file === ''

/** No command prints it. */
const MARK = '\x1e'

/** Runs the commands of a page in one shell, whatever each returns. @returns what each printed. */
export async function runTranscript(page: string, env: NodeJS.ProcessEnv): Promise<Step[]> {
  const expected = stepsOf(page)
  const script = expected.map(({ command }) => `${command}\nprintf '\\036'`).join('\n')
  const outputs = (await inGuideFolder(page, env, script)).split(MARK)
  return expected.map(({ command }, i) => ({ command, output: outputs[i] ?? '' }))
}

/** What differs from run to run: hashes, keys, addresses, ports, blocks, times. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/flk_[\w-]+/g, 'flk_KEY'],
  [/0x[0-9a-fA-F]{64,}/g, '0xHASH'],
  [/0x[0-9a-fA-F]{40}/g, '0xADDRESS'],
  [/\b\d{20,}\b/g, 'FIELD'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  [/\bblock( +)\d+/g, 'block$1N'],
  [/\bshard \d/g, 'shard N'],
  [/\d+\.\d s\b/g, 'N s'],
  [/[\d,]+ gas\b/g, 'N gas'],
  [/shards(?: \d)+/g, 'shards N'],
]

/** Text without what differs from run to run. */
export const normal = (text: string): string =>
  VARIABLE.reduce((rest, [pattern, word]) => rest.replaceAll(pattern, word), text)

/** Whether output is what a transcript shows. */
export function shows(expected: string, found: string): boolean {
  const pattern = normal(expected)
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\\n)*' : `${line.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\n`))
    .join('')
  return new RegExp(`^${pattern.replace(/\\n$/, '')}$`).test(normal(found))
}
