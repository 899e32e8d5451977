import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { abiSource } from '../src/chain/abi-source.ts'
import { readArtifact } from '../src/chain/artifact.ts'
import { buildContracts } from '../src/chain/compile.ts'
import { packageRoot } from '../src/proof/root.ts'

// npm run build:contracts: compiles contracts/ into build/contracts/ and prints each contract's size (limit 24,576 bytes).
// With --abi it also renews src/chain/abi.ts, which is kept in version control.
const root = packageRoot()
const { contracts, cached } = await buildContracts(root)
// Internal libraries leave an empty shell of a few bytes.
const sizes = contracts.map((name) => readArtifact(root, name)).filter(({ size }) => size > 32)
for (const { name, size } of sizes) console.log(`${name.padEnd(28)} ${String(size).padStart(6)} bytes`)
console.log(cached ? 'unchanged: taken from the cache' : `compiled ${sizes.length} contracts`)
if (process.argv.includes('--abi')) writeFileSync(join(root, 'src/chain/abi.ts'), abiSource(root))
