import { resolve } from 'node:path'
import { Command } from 'commander'
import { artifactsDir, ensureCircuit } from '../../proof/build.ts'
import { type CircuitCatalog, circuitSpec, loadCatalog } from '../../proof/catalog.ts'
import { importCeremonyKey } from '../../proof/ceremony/import.ts'
import { ArtifactError } from '../../proof/error.ts'
import { loadArtifacts, type Manifest, readManifest } from '../../proof/manifest.ts'
import { showBuild } from '../../proof/progress.ts'
import { type CommandContext, withJson } from '../shared/action.ts'
import { EXIT } from '../shared/exit.ts'
import { print, printJson, type Terminal } from '../shared/terminal.ts'

interface JsonOption {
  readonly json?: boolean
}

/** Circuits with at most this many slots are built when no name is given. */
const SMALL_SLOTS = 8

const HELP = `
Circuits are built here, from their sources: compiled, given a dev key (reproducible from its seed, refused on any real chain), verified.

Exit codes: 0 done; 1 verify found artifacts that do not hold; 2 could not be done.
`

export const circuitsCommand = (context: CommandContext): Command =>
  new Command('circuits')
    .description('list, build and verify circuits and their keys')
    .addHelpText('after', HELP)
    .addCommand(listCommand(context))
    .addCommand(buildCommand(context))
    .addCommand(verifyCommand(context))
    .addCommand(importCommand(context))

const listCommand = ({ terminal }: CommandContext): Command =>
  withJson(new Command('list').description('circuits of the catalog, and what is built of them')).action(
    async ({ json }: JsonOption) => {
      const { circuits } = loadCatalog()
      const rows = await Promise.all(
        Object.entries(circuits).map(async ([name, { kind, shards, slots }]) => {
          const manifest = await readManifest(artifactsDir(name)).catch(() => undefined)
          return { name, kind, shards, slots, built: manifest !== undefined, ...keyOf(manifest) }
        }),
      )
      if (json) return printJson(terminal, { circuits: rows })
      for (const { name, kind, shards, slots, ...row } of rows) {
        const state = 'key' in row ? `built, ${row.constraints} constraints, ${row.key} key` : 'not built'
        print(terminal, `${name.padEnd(20)} ${kind}, ${shards} shards, ${slots} slots: ${state}`)
      }
    },
  )

const buildCommand = ({ terminal }: CommandContext): Command =>
  withJson(
    new Command('build')
      .description('compile circuits and make dev keys, as far as they are missing')
      .argument('[names...]', `circuits; by default those of up to ${SMALL_SLOTS} slots`)
      .option('--all', 'every circuit of the catalog: large ones take minutes and gigabytes')
      .option('--seed <text>', 'seed of the dev key'),
  ).action(async (names: string[], { all = false, seed, json }: JsonOption & { all?: boolean; seed?: string }) => {
    const built: object[] = []
    for (const name of chosen(loadCatalog(), names, all)) {
      const { manifest, dir } = await build(terminal, name, seed)
      built.push({ name, dir, constraints: manifest.constraints, key: manifest.key.origin, files: manifest.files })
    }
    if (json) printJson(terminal, { circuits: built })
  })

/** Builds one circuit, with progress on standard error. */
async function build(terminal: Terminal, name: string, seed?: string): ReturnType<typeof ensureCircuit> {
  // Of the stream only `write` and `isTTY` are used, besides what a bar needs of a real terminal.
  const progress = showBuild(name, terminal.stderr as NodeJS.WriteStream)
  try {
    const artifacts = await ensureCircuit(name, { seed, onProgress: progress.update })
    progress.end(`${artifacts.manifest.constraints} constraints, ${artifacts.manifest.key.origin} key`)
    return artifacts
  } catch (error) {
    progress.end('failed')
    throw error
  }
}

const verifyCommand = ({ terminal, outcome }: CommandContext): Command =>
  withJson(
    new Command('verify')
      .description('check hashes, keys and that they belong together')
      .argument('[names...]', 'circuits; by default all that are built'),
  ).action(async (names: string[], { json }: JsonOption) => {
    const catalog = loadCatalog()
    const results: { name: string; ok: boolean; code?: string; message?: string }[] = []
    for (const name of chosen(catalog, names, true)) {
      try {
        await loadArtifacts(artifactsDir(name))
        results.push({ name, ok: true })
      } catch (error) {
        if (!(error instanceof ArtifactError)) throw error
        // What was not built and not asked for is no fault.
        if (error.code === 'ARTIFACT_MISSING' && names.length === 0) continue
        results.push({ name, ok: false, code: error.code, message: error.message })
      }
    }
    if (results.some(({ ok }) => !ok)) outcome.exitCode = EXIT.failed
    if (json) return printJson(terminal, { circuits: results })
    for (const { name, ok, code, message } of results)
      print(terminal, `${name}: ${ok ? 'good' : `${code}: ${message}`}`)
    if (results.length === 0) print(terminal, 'no circuits are built')
  })

const importCommand = ({ terminal }: CommandContext): Command =>
  withJson(
    new Command('import')
      .description("take in a ceremony's proving key, verified against its powers of tau and the circuit")
      .argument('<name>', 'circuit')
      .argument('<zkey>', 'proving key')
      .argument('<ptau>', 'powers of tau, prepared for phase 2'),
  ).action(async (name: string, zkey: string, ptau: string, { json }: JsonOption) => {
    circuitSpec(loadCatalog(), name)
    const { manifest } = await importCeremonyKey(name, resolve(zkey), resolve(ptau))
    if (json) printJson(terminal, { name, key: manifest.key, files: manifest.files })
    else print(terminal, `${name}: ceremony key imported and verified`)
  })

function chosen(catalog: CircuitCatalog, names: readonly string[], all: boolean): readonly string[] {
  for (const name of names) circuitSpec(catalog, name)
  if (names.length > 0) return names
  const circuits = Object.entries(catalog.circuits)
  return circuits.filter(([, { slots }]) => all || slots <= SMALL_SLOTS).map(([name]) => name)
}

const keyOf = (manifest: Manifest | undefined) =>
  manifest ? { constraints: manifest.constraints, key: manifest.key.origin } : {}
