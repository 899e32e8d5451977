/** Builds circuits with their dev keys: `npm run build:circuits -- [NAME…|--all] [--seed SEED]`. By default the small ones, of up to 8 slots. */
import { parseArgs } from 'node:util'
import { CodedError } from '../src/base/error.ts'
import { ensureCircuit } from '../src/proof/build.ts'
import { loadCatalog } from '../src/proof/catalog.ts'
import { showBuild } from '../src/proof/progress.ts'

/** Circuits with at most this many slots are built when no name is given. */
const SMALL_SLOTS = 8

const { values, positionals } = readArgs()
const catalog = Object.entries(loadCatalog().circuits)
const chosen = catalog.filter(([, { slots }]) => values.all || slots <= SMALL_SLOTS).map(([name]) => name)

try {
  for (const name of positionals.length > 0 ? positionals : chosen) {
    const progress = showBuild(name)
    try {
      const { manifest } = await ensureCircuit(name, { seed: values.seed, onProgress: progress.update })
      progress.end(`${manifest.constraints} constraints, ${manifest.key.origin} key`)
    } catch (error) {
      progress.end('failed')
      throw error
    }
  }
} catch (error) {
  if (!(error instanceof CodedError)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}

function readArgs() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { all: { type: 'boolean', default: false }, seed: { type: 'string' } },
    })
  } catch (error) {
    console.error(
      `usage: npm run build:circuits -- [NAME…|--all] [--seed SEED]: ${error instanceof Error ? error.message : ''}`,
    )
    process.exit(1)
  }
}
