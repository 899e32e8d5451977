/**
 * Runs the tests: mocha over `dist/test` and `dist/explorer`, in two processes at once where there are two cores. Arguments go to one mocha over all of them: `npm test -- --grep receipt`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { packageRoot } from '../src/proof/root.ts'

const MOCHA = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')
const ALL = ['dist/test/**/*.test.js', 'dist/explorer/**/*.test.js']
const SLOW = 'dist/test/slow/**'
/** Half of the work: what starts services and chains as a user does, circuits and provers. */
const WHOLE = ['docs', 'e2e', 'cli', 'chain', 'circuits', 'proof'].map((folder) => `dist/test/${folder}/**/*.test.js`)

const ignoring = (patterns: readonly string[]): string[] => patterns.flatMap((pattern) => ['--ignore', pattern])

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<number>
}

/** @param quiet keeps what it prints until it ends, so that two do not talk at once. */
function mocha(args: readonly string[], quiet = false): Running {
  const stdout = quiet ? 'pipe' : 'inherit'
  const child = spawn(process.execPath, [MOCHA, ...args], { cwd: packageRoot(), stdio: ['ignore', stdout, 'inherit'] })
  let printed = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk
  })
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? 1))
  }).then((code) => {
    process.stdout.write(printed)
    return code
  })
  return { child, ended }
}

const given = process.argv.slice(2)
const runs =
  given.length > 0 || availableParallelism() < 2
    ? [mocha([...ALL, ...ignoring([SLOW]), ...given])]
    : [mocha(WHOLE), mocha([...ALL, ...ignoring([SLOW, ...WHOLE])], true)]
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    for (const { child } of runs) child.kill(signal)
  })
process.exitCode = Math.max(...(await Promise.all(runs.map(({ ended }) => ended))))
