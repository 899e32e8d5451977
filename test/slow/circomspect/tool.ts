import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../../../src/proof/root.ts'

/** The version whose findings were reviewed. */
const VERSION = '0.9.0'

/** What circomspect found, told by the source line so that a finding keeps its identity when lines move. */
export interface Finding {
  readonly file: string
  readonly code: string
  readonly template: string
  readonly line: string
}

const Location = z.object({
  physicalLocation: z.object({
    artifactLocation: z.object({ uri: z.string() }),
    region: z.object({ startLine: z.int().positive() }),
  }),
})
const Sarif = z.object({
  runs: z.array(z.object({ results: z.array(z.object({ ruleId: z.string(), locations: z.array(Location) })) })),
})

/**
 * The program, from this user's cache. Built by cargo when it is not there, which takes some minutes.
 * @returns its path, or `undefined` when there is no cargo either.
 */
export function ensureCircomspect(): string | undefined {
  const root = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fairlead', `circomspect-${VERSION}`)
  const program = join(root, 'bin', 'circomspect')
  if (existsSync(program)) return program
  if (spawnSync('cargo', ['--version']).error) return undefined
  console.log(`building circomspect ${VERSION} with cargo, once: some minutes`)
  const target = mkdtempSync(join(tmpdir(), 'circomspect-'))
  try {
    const args = ['install', 'circomspect', '--version', VERSION, '--locked', '--root', root, '--target-dir', target]
    const { status } = spawnSync('cargo', args, { stdio: ['ignore', 'inherit', 'inherit'] })
    if (status !== 0) throw new Error(`cargo install circomspect failed with ${status}`)
  } finally {
    rmSync(target, { recursive: true, force: true })
  }
  return program
}

/** Runs it over a folder of templates. @returns its findings and the templates that it looked at. */
export function analyze(program: string, folder: string): { findings: Finding[]; templates: string[] } {
  const work = mkdtempSync(join(tmpdir(), 'circomspect-'))
  const report = join(work, 'report.sarif')
  try {
    const args = [folder, '-L', join(packageRoot(), 'node_modules'), '--sarif-file', report]
    const { stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
    if (error || !existsSync(report)) throw new Error(`circomspect gave no report: ${error?.message ?? stderr}`)
    const { runs } = Sarif.parse(JSON.parse(readFileSync(report, 'utf8')))
    const findings = runs.flatMap(({ results }) => results).map(({ ruleId, locations }) => toFinding(ruleId, locations))
    const templates = [...`${stdout}${stderr}`.matchAll(/analyzing template '(\w+)'/g)].map(([, name = '']) => name)
    return { findings, templates: [...new Set(templates)].sort() }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function toFinding(code: string, [location]: z.infer<typeof Location>[]): Finding {
  if (!location) return { file: '', code, template: '', line: '' }
  const { artifactLocation, region } = location.physicalLocation
  const path = artifactLocation.uri.replace(/^file:\/\//, '')
  const lines = readFileSync(path, 'utf8').split('\n')
  const above = lines.slice(0, region.startLine).reverse()
  const template = above.map((text) => /^template (\w+)/.exec(text)?.[1]).find((name) => name !== undefined) ?? ''
  const file = path.slice(path.lastIndexOf('/') + 1)
  return { file, code, template, line: (lines[region.startLine - 1] ?? '').trim() }
}
