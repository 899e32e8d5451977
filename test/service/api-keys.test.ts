import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { sql } from 'kysely'
import { ApiKeys } from '../../src/service/api-keys.ts'
import { TRADER_SCOPES } from '../../src/service/scopes.ts'
import { openPGlite } from '../../src/service/store/database.ts'
import { access } from '../../src/service/store/migrations/0005-access.ts'
import { catchError } from '../helpers/catch-error.ts'
import { database } from '../http/world.ts'

describe('service: API keys', () => {
  let now = 1_000_000
  const open = async () => new ApiKeys((await database()).db, () => now)

  it('checks a key that it made', async () => {
    const keys = await open()
    const { id, token } = await keys.create({ name: 'desk 1', segment: 'institutional' })
    expect(token).to.match(/^flk_[A-Za-z0-9_-]{43}$/)
    const limits = { rate: undefined, ordersPerDay: undefined }
    const checked = { keyId: id, id, segment: 'institutional', scopes: TRADER_SCOPES, limits }
    expect(await keys.check(token)).to.deep.equal(checked)
    expect(await (await open()).check(token)).to.deep.equal(checked)
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
    const good = { name: 'good', segment: 'retail' } as const
    const bad = [
      ...['', 'x'.repeat(65), 'a\nb', 'a\u202eb'].map((name) => ({ name })),
      ...[{ scopes: [] }, { rate: 0 }, { rate: 1.5 }, { ordersPerDay: -1 }, { expiresMs: now }],
      ...[{ scopes: ['admin' as never] }, { ordersPerDay: 2 ** 31 }],
    ]
    for (const change of bad) {
      const { code } = await catchError(() => keys.create({ ...good, ...change }))
      expect(code, JSON.stringify(change)).to.equal('API_KEY_INVALID')
    }
    expect((await catchError(() => keys.revoke('key_none'))).code).to.equal('API_KEY_NOT_FOUND')
  })

  it('gives a key what it was made for, and no longer than that', async () => {
    const keys = await open()
    const expiresMs = now + 5_000
    const made = await keys.create({
      name: 'guest',
      segment: 'retail',
      scopes: ['batches:read'],
      rate: 5,
      ordersPerDay: 9,
      expiresMs,
    })
    expect(await keys.check(made.token)).to.deep.include({
      scopes: ['batches:read'],
      limits: { rate: 5, ordersPerDay: 9 },
    })
    now += 4_999
    expect(await keys.check(made.token)).not.to.equal(undefined)
    // Just checked, and over all the same.
    now += 1
    expect(await keys.check(made.token)).to.equal(undefined)
    expect((await keys.list()).find(({ id }) => id === made.id)).to.include({ expiresMs, rate: 5, ordersPerDay: 9 })
  })

  describe('rotation', () => {
    it('makes a successor with everything but the token, and lets the old key live for the grace', async () => {
      const keys = await open()
      const old = await keys.create({ name: 'desk 3', segment: 'institutional', scopes: ['orders:write'], rate: 7 })
      const next = await keys.rotate(old.id, 60_000)
      expect(next).to.deep.include({ name: 'desk 3', segment: 'institutional', scopes: ['orders:write'], rate: 7 })
      const [before, after] = [await keys.check(old.token), await keys.check(next.token)]
      expect([before?.keyId, after?.keyId, after?.id]).to.deep.equal([old.id, old.id, next.id])
      const third = await keys.rotate(next.id, 0)
      expect((await keys.check(third.token))?.keyId).to.equal(old.id)
      expect(await keys.check(next.token)).to.equal(undefined)
      now += 60_000
      expect(await keys.check(old.token)).to.equal(undefined)
      expect((await keys.list()).find(({ id }) => id === old.id)?.successor).to.equal(next.id)
    })

    it('never lengthens the life of a key', async () => {
      const keys = await open()
      const expiresMs = now + 1_000
      const old = await keys.create({ name: 'short', segment: 'retail', expiresMs })
      const next = await keys.rotate(old.id, 60_000, now + 500)
      const listed = await keys.list()
      expect(listed.find(({ id }) => id === old.id)?.expiresMs).to.equal(expiresMs)
      expect(listed.find(({ id }) => id === next.id)?.expiresMs).to.equal(now + 500)
    })

    it('is for living keys, once', async () => {
      const keys = await open()
      const [revoked, expired, twice] = await Promise.all(
        [undefined, now + 1, undefined].map((expiresMs) => keys.create({ name: 'over', segment: 'retail', expiresMs })),
      )
      await keys.revoke(revoked?.id ?? '')
      now += 1
      const both = await Promise.allSettled([keys.rotate(twice?.id ?? '', 0), keys.rotate(twice?.id ?? '', 0)])
      expect(both.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected'])
      for (const key of [revoked, expired, twice])
        expect((await catchError(() => keys.rotate(key?.id ?? '', 1))).code).to.equal('API_KEY_OVER')
      expect((await catchError(() => keys.rotate('key_none', 1))).code).to.equal('API_KEY_NOT_FOUND')
      expect((await catchError(() => keys.rotate(twice?.id ?? '', -1))).code).to.equal('API_KEY_INVALID')
    })
  })

  it('keeps keys from before scopes working', async () => {
    const { db, pool, close } = await openPGlite()
    try {
      await sql`alter table api_key drop column scopes, drop column rate, drop column orders_per_day,
        drop column expires_ms, drop column holder, drop column successor`.execute(db)
      await sql`drop table order_quota`.execute(db)
      const token = `flk_${'B'.repeat(43)}`
      const hash = createHash('sha256').update(token).digest('hex')
      await pool.query(
        `insert into api_key (id, name, segment, hash, created_ms) values ('key_old', 'old', 'retail', $1, 1)`,
        [hash],
      )
      await access.up(db)
      const found = await new ApiKeys(db).check(token)
      expect(found).to.deep.include({ keyId: 'key_old', id: 'key_old' })
      expect(found?.scopes).to.include.members([...TRADER_SCOPES, 'metrics:read'])
      expect(found?.scopes).not.to.include('orders:read-all').and.not.to.include('proofs:cancel')
    } finally {
      await close()
    }
  })
})
