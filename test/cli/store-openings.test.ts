import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openingsOfStore } from '../../src/cli/audit/store-openings.ts'
import { catchError } from '../helpers/catch-error.ts'

describe('openings of an operator’s store', () => {
  it('are not made with new keys where the folder has none', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'fairlead-openings-'))
    await writeFile(join(dataDir, 'client-keys.json'), '{}')
    const choice = { dataDir, databaseUrl: 'postgres://127.0.0.1:9/never-asked' }
    expect((await catchError(() => openingsOfStore(choice, [0n, 0n]))).code).to.equal('NOT_A_DATA_DIR')
    expect(await readdir(dataDir)).to.deep.equal(['client-keys.json'])
    await rm(dataDir, { recursive: true })
  })
})
