import { expect } from 'chai'
import { Idempotency } from '../../src/service/idempotency.ts'
import { catchError } from '../helpers/catch-error.ts'
import { database } from '../http/world.ts'

const ANSWER = { status: 201, location: '/v1/orders/1', body: '{"a":1}' }

describe('service: answers by idempotency key', () => {
  let now = 1_000_000
  let calls = 0
  const open = async () =>
    new Idempotency((await database()).db, { retentionMs: 10_000, claimMs: 1_000, now: () => now })
  const request = (idempotencyKey: string, fingerprint = 'f', keyId = 'key_1') => ({
    idempotencyKey,
    fingerprint,
    keyId,
  })
  const run = async () => {
    calls += 1
    return ANSWER
  }
  const keep = () => true
  beforeEach(() => {
    calls = 0
  })

  it('runs once and answers the same ever after, in other processes too', async () => {
    const first = await (await open()).once(request('a'), run, keep)
    const second = await (await open()).once(request('a'), run, keep)
    expect(first).to.deep.equal({ replayed: false, answer: ANSWER })
    expect(second).to.deep.equal({ replayed: true, answer: ANSWER })
    expect(calls).to.equal(1)
  })

  it("keeps callers' keys apart", async () => {
    const store = await open()
    await store.once(request('b'), run, keep)
    await store.once(request('b', 'other', 'key_2'), run, keep)
    expect(calls).to.equal(2)
  })

  it('refuses another request under the same key', async () => {
    const store = await open()
    await store.once(request('c'), run, keep)
    const { code } = await catchError(() => store.once(request('c', 'other'), run, keep))
    expect(code).to.equal('IDEMPOTENCY_MISMATCH')
  })

  it('lets one of many run', async () => {
    const store = await open()
    let finish = (): void => {}
    const gate = new Promise<void>((resolve) => {
      finish = resolve
    })
    let begun = (): void => {}
    const started = new Promise<void>((resolve) => {
      begun = resolve
    })
    const first = store.once(
      request('d'),
      async () => {
        begun()
        await gate
        return run()
      },
      keep,
    )
    await started
    const codes = await Promise.all(
      [1, 2, 3].map(async () => (await catchError(() => store.once(request('d'), run, keep))).code),
    )
    expect(codes).to.deep.equal(new Array(3).fill('IDEMPOTENCY_IN_PROGRESS'))
    finish()
    expect((await first).replayed).to.equal(false)
    expect(calls).to.equal(1)
  })

  it('frees the key after a failure and after an answer that is not kept', async () => {
    const store = await open()
    const failed = await store
      .once(request('e'), () => Promise.reject(new Error('broken')), keep)
      .catch((error: Error) => error.message)
    expect(failed).to.equal('broken')
    await store.once(request('e'), run, () => false)
    expect((await store.once(request('e'), run, keep)).replayed).to.equal(false)
    expect(calls).to.equal(2)
  })

  it('runs again what a dead process left, and lets the late one write nothing', async () => {
    const store = await open()
    const late = { ...ANSWER, body: '"late"' }
    await store.once(
      request('f'),
      async () => {
        now += 1_001
        await store.once(request('f'), run, keep)
        return late
      },
      keep,
    )
    expect((await store.once(request('f'), run, keep)).answer).to.deep.equal(ANSWER)
    expect(calls).to.equal(1)
  })

  it('frees at once what dead processes left, and nothing that is answered', async () => {
    const store = await open()
    await store.once(request('h'), run, keep)
    const dead = store.once(request('i'), () => new Promise<never>(() => {}), keep)
    const claimed = async () => (await catchError(() => store.once(request('i'), run, keep))).code
    expect(await claimed()).to.equal('IDEMPOTENCY_IN_PROGRESS')
    expect(await store.freeAbandoned()).to.equal(1)
    expect((await store.once(request('i'), run, keep)).replayed).to.equal(false)
    expect((await store.once(request('h'), run, keep)).replayed).to.equal(true)
    void dead
  })

  it('forgets after its retention', async () => {
    const store = await open()
    await store.once(request('g'), run, keep)
    now += 10_001
    expect((await store.once(request('g', 'other'), run, keep)).replayed).to.equal(false)
    now += 10_001
    expect(await store.sweep()).to.be.at.least(1)
    expect(await store.sweep()).to.equal(0)
  })
})
