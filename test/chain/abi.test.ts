import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { abiSource } from '../../src/chain/abi-source.ts'
import { buildContracts } from '../../src/chain/compile.ts'
import { packageRoot } from '../../src/proof/root.ts'

describe('src/chain/abi.ts', () => {
  it('says what the contracts say', async function () {
    this.timeout(120_000)
    await buildContracts(packageRoot())
    const kept = readFileSync(join(packageRoot(), 'src/chain/abi.ts'), 'utf8')
    expect(kept).to.equal(abiSource(packageRoot()))
  })
})
