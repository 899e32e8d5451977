import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { z } from 'zod'

// What forge and crytic-compile ask of a native solc: `--version`, and `--standard-json` with the request on stdin. Imports come in the request.
const Solc = z.object({
  version: z.function({ output: z.string() }),
  compile: z.function({ input: [z.string()], output: z.string() }),
})
const solc = Solc.parse(createRequire(import.meta.url)('solc'))

if (process.argv.includes('--version')) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`)
} else if (process.argv.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
} else {
  console.error('usage: solc --version | solc --standard-json < request.json')
  process.exitCode = 1
}
