import { existsSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { findClientKeys, readClientKeys, writeClientKeys } from '../../src/cli/shared/client-keys.ts'
import { dataPaths } from '../../src/service/config.ts'
import { lockDataDir } from '../../src/service/data-lock.ts'
import { catchError } from '../helpers/catch-error.ts'
import { tempDir } from './temp-dir.ts'
import { failureCode, fairlead } from './terminal.ts'

describe('the data folder', () => {
  const dir = tempDir()
  /** A folder as a start leaves it, as far as these commands look. */
  const dataDir = async (name: string): Promise<string> => {
    await mkdir(dir.path(name))
    await writeFile(dataPaths(dir.path(name)).deployment, '{}')
    return dir.path(name)
  }

  describe('reset', () => {
    it('asks before it deletes, then deletes', async () => {
      const path = await dataDir('reset')
      expect(failureCode(await fairlead(['reset', '--data-dir', path]))).to.equal('CONFIRMATION_NEEDED')
      expect(existsSync(path)).to.equal(true)
      const ran = await fairlead(['reset', '--data-dir', path, '--yes', '--json'])
      expect([ran.exitCode, JSON.parse(ran.stdout)]).to.deep.equal([0, { deleted: path }])
      expect(existsSync(path)).to.equal(false)
    })

    it('leaves a folder alone that holds anything else, or nothing', async () => {
      const path = await dataDir('foreign')
      await writeFile(join(path, 'thesis.txt'), '')
      await mkdir(dir.path('empty'))
      for (const folder of [path, dir.path('empty')]) {
        const ran = await fairlead(['reset', '--data-dir', folder, '--yes'])
        expect([ran.exitCode, failureCode(ran)]).to.deep.equal([2, 'NOT_A_DATA_DIR'])
        expect(existsSync(folder)).to.equal(true)
      }
    })

    it('leaves a folder alone that a process uses', async () => {
      const path = await dataDir('locked')
      const lock = await lockDataDir(dataPaths(path).lock)
      const ran = await fairlead(['reset', '--data-dir', path, '--yes'])
      await lock.release()
      expect([failureCode(ran), existsSync(path)]).to.deep.equal(['DATA_DIR_LOCKED', true])
    })
  })

  it('keys: made, listed without tokens, revoked', async () => {
    const path = await dataDir('keys')
    const keys = async (...args: string[]) => {
      const ran = await fairlead(['keys', ...args, '--data-dir', path, '--json'])
      expect(ran.stderr).to.equal('')
      return JSON.parse(ran.stdout)
    }
    const made = await keys('create', '--name', 'desk', '--segment', 'institutional')
    expect(made.token).to.match(/^flk_/)
    await keys('revoke', made.id)
    const { keys: list } = await keys('list')
    expect(list).to.have.length(1)
    expect(list[0]).to.include({ id: made.id, name: 'desk', segment: 'institutional' })
    expect(list[0].revokedMs).to.be.a('number')
    expect(JSON.stringify(list)).not.to.include(made.token)
    const guest = await keys(
      'create',
      ...['--name', 'guest', '--segment', 'retail', '--rate', '5', '--orders-per-day', '9'],
      ...['--scope', 'batches:read', '--scope', 'orders:read', '--expires', '2d'],
    )
    expect(guest).to.deep.include({ scopes: ['batches:read', 'orders:read'], rate: 5, ordersPerDay: 9 })
    expect(guest.expiresMs - guest.createdMs).to.be.closeTo(2 * 86_400_000, 60_000)
    const next = await keys('rotate', guest.id, '--grace', '30m')
    expect(next).to.deep.include({ name: 'guest', scopes: ['batches:read', 'orders:read'], rate: 5 })
    const { stdout } = await fairlead(['keys', 'list', '--data-dir', path])
    expect(stdout)
      .to.include(`${guest.id} retail "guest": batches:read orders:read, 5 requests/s, 9 orders a day, made `)
      .and.include(`rotated into ${next.id}, ends `)
    const unknown = await fairlead(['keys', 'revoke', 'key_none', '--data-dir', path])
    expect([unknown.exitCode, failureCode(unknown)]).to.deep.equal([2, 'API_KEY_NOT_FOUND'])
  })

  it('client keys: options come before the environment, the environment before the folder', async () => {
    const path = await dataDir('client')
    await writeClientKeys(path, { retail: 'c', institutional: 'c' })
    expect(statSync(join(path, 'client-keys.json')).mode & 0o077).to.equal(0)
    const env = { FAIRLEAD_RETAIL_KEY: 'b', FAIRLEAD_INSTITUTIONAL_KEY: 'b' }
    expect(await findClientKeys({ retail: 'a' }, env, path)).to.deep.equal({ retail: 'a', institutional: 'b' })
    expect(await findClientKeys({}, {}, path)).to.deep.equal({ retail: 'c', institutional: 'c' })
    expect(await findClientKeys({}, {}, dir.path('none'))).to.deep.equal({})
    await writeFile(join(path, 'client-keys.json'), '[')
    expect((await catchError(() => readClientKeys(path))).code).to.equal('JSON_INVALID')
  })
})
