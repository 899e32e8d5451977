import { expect } from 'chai'
import { ApiKeys } from '../../src/service/api-keys.ts'
import { catchError } from '../helpers/catch-error.ts'
import { database } from '../http/world.ts'

describe('service: API keys', () => {
  let now = 1_000_000
  const open = async () => new ApiKeys((await database()).db, () => now)

  it('checks a key that it made', async () => {
    const keys = await open()
    const { id, token } = await keys.create({ name: 'desk 1', segment: 'institutional' })
    expect(token).to.match(/^flk_[A-Za-z0-9_-]{43}$/)
    expect(await keys.check(token)).to.deep.equal({ keyId: id, segment: 'institutional' })
    expect(await (await open()).check(token)).to.deep.equal({ keyId: id, segment: 'institutional' })
  })

  it('stores no token', async () => {
    const keys = await open()
    const { token } = await keys.create({ name: 'desk 2', segment: 'retail' })
    const { rows } = await (await database()).pool.query('select * from api_key')
    expect(JSON.stringify(rows)).not.to.include(token.slice(4))
    expect(JSON.stringify(await keys.list())).not.to.include(token.slice(4))
  })

  it('knows neither strangers nor malformed tokens', async () => {
    const keys = await open()
    for (const token of ['', 'flk_', `flk_${'A'.repeat(43)}`, `flk_${'A'.repeat(44)}`, "flk_' or true --"]) {
      expect(await keys.check(token)).to.equal(undefined)
    }
  })

  it('revokes for good, here at once and elsewhere within two seconds', async () => {
    const [here, elsewhere] = [await open(), await open()]
    const { id, token } = await here.create({ name: 'leaver', segment: 'retail' })
    await elsewhere.check(token)
    now += 500
    await here.revoke(id)
    expect(await here.check(token)).to.equal(undefined)
    now += 1_500
    expect(await elsewhere.check(token)).to.equal(undefined)
    now += 1_000
    await here.revoke(id)
    const listed = (await here.list()).find((key) => key.id === id)
    expect(listed).to.include({ name: 'leaver', revokedMs: now - 2_500 })
  })

  it('refuses names that cannot be shown, and ids that are not there', async () => {
    const keys = await open()
    for (const name of ['', 'x'.repeat(65), 'a\nb', 'a\u202eb']) {
      const { code } = await catchError(() => keys.create({ name, segment: 'retail' }))
      expect(code).to.equal('API_KEY_INVALID')
    }
    expect((await catchError(() => keys.revoke('key_none'))).code).to.equal('API_KEY_NOT_FOUND')
  })
})
