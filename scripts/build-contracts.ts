import { readArtifact } from '../src/chain/artifact.ts'
import { buildContracts } from '../src/chain/compile.ts'
import { packageRoot } from '../src/proof/root.ts'

// npm run build:contracts: compiles contracts/ into build/contracts/ and prints each deployable contract's size (limit 24,576 bytes).
const root = packageRoot()
const { contracts, cached } = await buildContracts(root)
const sizes = contracts.map((name) => readArtifact(root, name)).filter(({ size }) => size > 32) // internal libraries leave an empty shell
for (const { name, size } of sizes) console.log(`${name.padEnd(28)} ${String(size).padStart(6)} bytes`)
console.log(cached ? 'unchanged: taken from the cache' : `compiled ${sizes.length} contracts`)
