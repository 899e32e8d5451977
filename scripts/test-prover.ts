/**
 * First half of `npm run test:prover`, by itself `node dist/scripts/test-prover.js [--fuzz SECONDS]`: checks the native prover in `prover/` with Go's own tools, with and without assembly, then fuzzes each of its
 * parsers, half a minute each by default. The suite that runs it against snarkjs follows in the npm script. Fails without Go.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../src/proof/root.ts'

const { values } = parseArgs({ options: { fuzz: { type: 'string', default: '30' } } })
const sources = join(packageRoot(), 'prover')

run('gofmt is clean', 'sh', ['-c', 'files=$(gofmt -l .); [ -z "$files" ] || { echo "$files" >&2; exit 1; }'])
run('generated files are fresh', 'sh', [
  '-c',
  'sum() { find internal -name "*g2.go" | sort | xargs cat | cksum; }; before=$(sum) && go generate ./... && test "$before" = "$(sum)"',
])
run('go build', 'go', ['build', './...'])
run('go vet', 'go', ['vet', './...'])
run('go test', 'go', ['test', './...'])
run('go test -tags purego', 'go', ['test', '-tags', 'purego', './...'])
for (const { folder, target } of fuzzTargets()) {
  run(`fuzzing ${target}`, 'go', [
    'test',
    folder,
    '-run',
    '^$',
    '-fuzz',
    `^${target}$`,
    '-fuzztime',
    `${values.fuzz}s`,
    '-fuzzminimizetime',
    '1x',
  ])
}

function run(what: string, command: string, args: string[]): void {
  console.log(`-- ${what}`)
  const { status, error } = spawnSync(command, args, { cwd: sources, stdio: 'inherit' })
  if (status === 0) return
  console.error(
    error ? `${what}: ${error.message}; Go is needed, see prover/go.mod for the release` : `${what}: failed`,
  )
  process.exit(1)
}

/** Every fuzz target, by its package's folder. */
function fuzzTargets(): { folder: string; target: string }[] {
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('_test.go'))
    .sort()
    .flatMap((file) => {
      const names = readFileSync(join(sources, file), 'utf8').matchAll(/^func (Fuzz\w+)\(/gm)
      return [...names].map(([, target = '']) => ({
        folder: `./${relative(sources, join(sources, dirname(file)))}`,
        target,
      }))
    })
}
