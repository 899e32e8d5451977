import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readArtifact } from '../../src/chain/artifact.ts'
import { buildContracts } from '../../src/chain/compile.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { catchError } from '../helpers/catch-error.ts'

const SOURCE = 'contracts/BlockHashSeedSource.sol'

describe('compiling contracts', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'fairlead-contracts-'))
    for (const file of [SOURCE, 'contracts/interfaces/ISeedSource.sol'])
      cpSync(join(packageRoot(), file), join(root, file))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('makes artifacts once for the same sources, and the same bytes again', async function () {
    this.timeout(60_000)
    expect(await buildContracts(root)).to.deep.equal({
      contracts: ['BlockHashSeedSource', 'ISeedSource'],
      cached: false,
    })
    const artifact = readArtifact(root, 'BlockHashSeedSource')
    expect(artifact.size).to.equal(artifact.deployedBytecode.length / 2 - 1)
    expect((await buildContracts(root)).cached).to.equal(true)
    const spaced = `${readFileSync(join(root, SOURCE), 'utf8')}\n`
    writeFileSync(join(root, SOURCE), spaced)
    expect((await buildContracts(root)).cached).to.equal(false)
    expect(readArtifact(root, 'BlockHashSeedSource').bytecode).to.equal(artifact.bytecode)
  })

  it('makes nothing of sources with a mistake or a warning', async () => {
    writeFileSync(join(root, SOURCE), 'pragma solidity 0.8.37; contract A { function f() external {} }')
    const warned = await catchError(() => buildContracts(root))
    expect(warned.code).to.equal('CONTRACTS_DO_NOT_COMPILE')
    writeFileSync(join(root, SOURCE), 'pragma solidity 0.8.37; contract A {')
    expect((await catchError(() => buildContracts(root))).code).to.equal('CONTRACTS_DO_NOT_COMPILE')
    expect((await catchError(() => readArtifact(root, 'A'))).code).to.equal('ARTIFACT_MISSING')
  })
})
