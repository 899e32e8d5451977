import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../src/proof/root.ts'
import { judgeFindings, SlitherReport } from './slither-baseline.ts'

// npm run test:contracts: formatting and lint, forge (unit, fuzz, invariants), the slow suites in mocha, slither against its baseline, halmos (packing and ranges, for all values).
// In CI (CI=1, or --ci) the fuzz and invariant runs are those of foundry's profile `ci` and no tool may be missing; elsewhere a missing one is skipped, loudly.
const root = packageRoot()
const ci = process.argv.includes('--ci') || Boolean(process.env.CI)
const python = join(root, 'build/python')
/** Pinned: a new version may find more. */
const TOOLS = ['slither-analyzer==0.11.6', 'halmos==0.3.3']
const skipped: string[] = []

const forge = join(dirname(createRequire(import.meta.url).resolve(forgePackage())), 'bin', 'forge')
const env = {
  ...process.env,
  FOUNDRY_PROFILE: ci ? 'ci' : 'default',
  PATH: [join(python, 'bin'), dirname(forge), process.env.PATH].join(delimiter),
}

step('prettier', 'npx', ['prettier', '--check', 'contracts/**/*.sol', 'test/forge/**/*.sol'])
step('solhint', 'npx', ['solhint', '--noPoster', '--max-warnings', '0', 'contracts/**/*.sol'])
step('forge', forge, ['test', '--show-progress'])
step('mocha', 'npx', ['mocha', 'dist/test/slow/contracts/**/*.test.js', '--timeout', '1200000'])
if (installed('slither')) slither()
if (installed('halmos')) halmos()
for (const tool of skipped)
  console.error(`SKIPPED: ${tool} is not installed; \`npm run test:contracts -- --ci\` installs it into build/python`)

/** Runs one part; its failure is the script's. */
function step(
  name: string,
  command: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): void {
  console.log(`== ${name}`)
  const from = performance.now()
  const { status, error } = spawnSync(command, args, { cwd: root, env: { ...env, ...more }, stdio: 'inherit' })
  if (error || status !== 0) {
    console.error(`${name} failed${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
  console.log(`== ${name}: ${Math.round((performance.now() - from) / 1000)} s`)
}

/** Whether a Python tool is there; in CI it is installed, into build/python. */
function installed(tool: string): boolean {
  if (ci && !existsSync(join(python, 'bin', tool))) {
    mkdirSync(python, { recursive: true })
    step('python', 'python3', ['-m', 'venv', python])
    step('pip', join(python, 'bin/pip'), ['install', '--quiet', ...TOOLS])
  }
  const found = spawnSync(tool, ['--version'], { env, stdio: 'ignore' }).status === 0
  if (!found) skipped.push(tool)
  if (!found && ci) throw new Error(`${tool} is not there, and CI skips nothing`)
  return found
}

/** Fails when a `check_` function of test/forge/symbolic does not hold for all values. */
function halmos(): void {
  const symbolic = { FOUNDRY_PROFILE: 'symbolic' }
  step('halmos, contracts', forge, ['build', '--silent'], symbolic)
  step('halmos', 'halmos', ['--root', '.', '--forge-build-out', 'build/symbolic/out', '--loop', '16'], symbolic)
}

/** Fails on a finding that the baseline has no reason for. */
function slither(): void {
  console.log('== slither')
  const build = { FOUNDRY_OUT: 'build/slither/out', FOUNDRY_CACHE_PATH: 'build/slither/cache' }
  const args = [
    '.',
    '--foundry-out-directory',
    build.FOUNDRY_OUT,
    '--filter-paths',
    'test/|node_modules|mocks/',
    '--json',
    '-',
  ]
  const { stdout, stderr } = spawnSync('slither', args, {
    cwd: root,
    env: { ...env, ...build },
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  const report = SlitherReport.safeParse(JSON.parse(stdout || '{}'))
  if (!report.success) {
    console.error(stderr.slice(-4000))
    process.exit(1)
  }
  const { unknown, gone } = judgeFindings(root, report.data)
  for (const line of gone) console.log(`no longer found, take it out of the baseline: ${line}`)
  for (const line of unknown) console.error(`new finding: ${line}`)
  if (unknown.length > 0) process.exit(1)
}

/** The platform's package, whose binary is started itself: the wrapper of @foundry-rs/forge adds a process and nothing else. */
function forgePackage(): string {
  const cpu = z.enum(['x64', 'arm64']).parse(process.arch) === 'x64' ? 'amd64' : 'arm64'
  return `@foundry-rs/forge-${process.platform}-${cpu}/package.json`
}
