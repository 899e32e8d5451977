import { spawn } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { dataPaths, parseConfig } from '../../src/service/config.ts'
import { lockDataDir } from '../../src/service/data-lock.ts'
import { readDeployment } from '../../src/service/deployment-file.ts'
import { loadSecrets } from '../../src/service/secrets.ts'
import { catchError } from '../helpers/catch-error.ts'

describe('data folder', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fairlead-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  describe('lock', () => {
    it('keeps everybody else out until it is given back', async () => {
      const { lock } = dataPaths(dir)
      const held = await lockDataDir(lock)
      const error = await catchError(() => lockDataDir(lock))
      expect(error).to.deep.include({ code: 'DATA_DIR_LOCKED', details: { path: lock, pid: process.pid } })
      await held.release()
      await (await lockDataDir(lock)).release()
    })

    it('is taken over at once from a process that was killed', async () => {
      const { lock } = dataPaths(dir)
      const child = spawn(process.execPath, ['-e', ''])
      await new Promise((resolve) => child.once('exit', resolve))
      await writeFile(lock, `${child.pid} 1`)
      await (await lockDataDir(lock)).release()
    })

    it('is taken over from a process whose id another one has now', async () => {
      if (process.platform !== 'linux') return
      const { lock } = dataPaths(dir)
      await writeFile(lock, `${process.pid} 1`)
      await (await lockDataDir(lock)).release()
    })

    it('goes to one of many that try at once', async () => {
      const { lock } = dataPaths(dir)
      await writeFile(lock, '')
      const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataDir(lock)))
      expect(tries.filter(({ status }) => status === 'fulfilled')).to.have.length(1)
    })

    it('never has two holders, however many come, go and leave a claim behind', async () => {
      const { lock } = dataPaths(dir)
      await writeFile(lock, '999999999 1')
      let holders = 0
      let turns = 0
      const come = async (): Promise<void> => {
        for (let i = 0; i < 20; i++) {
          const held = await lockDataDir(lock).catch((error: { code: string }) => error.code)
          if (typeof held === 'string') {
            expect(held).to.equal('DATA_DIR_LOCKED')
            continue
          }
          turns++
          expect(++holders).to.equal(1)
          await appendFile(lock, '\n999999999 1 crashed\n')
          holders--
          await held.release()
        }
      }
      await Promise.all(Array.from({ length: 8 }, come))
      expect(turns).to.be.greaterThan(0)
      await (await lockDataDir(lock)).release()
    })
  })

  describe('secrets', () => {
    it('are made once, for their owner alone', async () => {
      const { secrets } = dataPaths(dir)
      const made = await loadSecrets(secrets)
      expect(await loadSecrets(secrets)).to.deep.equal(made)
      if (process.platform !== 'win32') expect((await stat(secrets)).mode & 0o777).to.equal(0o600)
    })

    it('that are damaged are refused without being quoted', async () => {
      const { secrets } = dataPaths(dir)
      await loadSecrets(secrets)
      const text = await readFile(secrets, 'utf8')
      await writeFile(secrets, text.replace('"signerKey"', '"other"'))
      const error = await catchError(() => loadSecrets(secrets))
      expect(error.code).to.equal('CONFIG_INVALID')
      const keys = Object.values(JSON.parse(text))
      const told = `${error.stack} ${JSON.stringify(error.details)} ${error.cause}`
      expect(keys.filter((key) => told.includes(String(key)))).to.deep.equal([])
    })
  })

  it('with a damaged deployment file is refused', async () => {
    const { deployment } = dataPaths(dir)
    expect(await readDeployment(deployment)).to.equal(undefined)
    await writeFile(deployment, '{')
    expect((await catchError(() => readDeployment(deployment))).code).to.equal('DATA_DIR_MISMATCH')
  })
})

describe('configuration', () => {
  const good = {
    dataDir: 'data',
    rpcUrl: 'http://127.0.0.1:8545',
    chainId: 31337n,
    ledger: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    circuit: 'two-choice-4-8',
  }

  it('fills in what is left out', () => {
    const { limits, roles } = parseConfig(good)
    expect(limits).to.include({ batchMaxAgeMs: 500, maxWaiting: 4096, maxUnproven: 64 })
    expect(roles).to.deep.equal(['router', 'prover', 'submitter'])
  })

  for (const [path, change] of [
    ['rpcUrl', { rpcUrl: 'ftp://x' }],
    ['ledger', { ledger: '0x00' }],
    ['limits.maxUnproven', { limits: { maxUnproven: 0 } }],
    ['databaseUrl', { databaseUrl: 'mysql://x' }],
    ['roles', { roles: [] }],
  ] as const) {
    it(`names a wrong ${path}`, async () => {
      const error = await catchError(() => parseConfig({ ...good, ...change } as typeof good))
      expect(error).to.deep.include({ code: 'CONFIG_INVALID', details: { path } })
    })
  }
})
