/** `npm run build:prover`: builds the native prover where Go is; says so in one line and succeeds where it is not, as everything works without it. */
import { ensureNativeProver } from '../src/proof/native/build.ts'
import { findNativeProver } from '../src/proof/native/find.ts'

const begun = performance.now()
const built = await ensureNativeProver()
if (built.binary === undefined) {
  console.log(`no native prover: ${built.why}; proofs are made by snarkjs`)
  if (process.argv.includes('--required')) process.exitCode = 1
} else if (built.cached) console.log(`native prover unchanged: ${built.binary} (${built.go})`)
else {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(`native prover built in ${seconds} s: ${findNativeProver() ?? built.binary} (${built.go})`)
}
