/** `npm run bench -- NAME [--json] [ARGS…]`: runs `bench/NAME.bench.ts`, prints its table or JSON, and keeps it under `bench/results/`. */
import { readdirSync } from 'node:fs'
import { CodedError } from '../src/base/error.ts'
import { type Bench, publish, startReport } from './report.ts'

const suffix = '.bench.js'
const names = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith(suffix))
const known = names.map((file) => file.slice(0, -suffix.length)).sort()
const [name = '', ...rest] = process.argv.slice(2)

if (!known.includes(name)) {
  console.error(`usage: npm run bench -- NAME [--json]; NAME is one of ${known.join(', ')}`)
  process.exitCode = 1
} else {
  try {
    const { default: bench } = (await import(`./${name}${suffix}`)) as { default: Bench } // each bench file's one export
    const head = startReport(name)
    const rows = await bench({ args: rest.filter((arg) => arg !== '--json'), say: (message) => console.error(message) })
    // A gate measures a part, to hold it against a bound: the kept results are of whole runs.
    await publish({ ...head, rows }, { json: rest.includes('--json'), keep: !rest.includes('--gate') })
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    console.error(`${error.code}: ${error.message}`)
    process.exitCode = 1
  }
}
