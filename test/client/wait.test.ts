import { expect } from 'chai'
import type { BatchState, BatchSummary } from '../../src/client/client.ts'
import { entryAt } from '../../src/client/follow.ts'
import { catchError } from '../helpers/catch-error.ts'
import { useWorld } from '../http/world.ts'
import { accept, bending, clientOf, fresh } from './setting.ts'

const OFTEN = { intervalMs: 5 }

describe('client: waiting', () => {
  const world = useWorld()
  const placed = async () => {
    const client = clientOf(world())
    const { commitment, receipt } = await client.place(await fresh(client))
    return { client, commitment, receipt }
  }

  it('ends when the batch gets there, and not before', async () => {
    const { client, commitment, receipt } = await placed()
    expect((await client.waitFor(commitment, { ...OFTEN, state: 'open' })).batchState).to.equal('open')
    const seen: string[] = []
    const moves = { open: undefined, closed: 'proven', proven: 'sent', sent: 'accepted' } as const
    const watching = clientOf(world(), {
      fetch: bending(/orders/, ({ entries: [entry] }: { entries: [{ batchState: keyof typeof moves }] }) => {
        seen.push(entry.batchState)
        if (entry.batchState === 'open') world().service.close()
        const next = moves[entry.batchState]
        if (next) world().service.move(receipt.batch, next)
      }),
    })
    expect((await watching.waitFor(commitment, OFTEN)).batchState).to.equal('accepted')
    expect(seen).to.deep.equal(['open', 'closed', 'proven', 'sent', 'accepted'])
    expect((await client.waitFor(commitment, { ...OFTEN, state: 'closed' })).batchState).to.equal('accepted')
  })

  it('follows a sealed order to where its draw had room, by way of its seal', () => {
    const entry = (batch: bigint, batchState: BatchState, outcome?: number) => {
      const receipt = { epoch: 1n, batch, slot: 0, commitment: 1n, assignment: 255, time: 1n, signature: '0x' }
      return { receipt, batchState, ...(outcome !== undefined && { outcome }) }
    }
    const status = (...entries: ReturnType<typeof entry>[]) => ({ commitment: 1n, entries })
    const at = (found: ReturnType<typeof entryAt>) => found?.receipt.batch
    expect(at(entryAt(status(entry(1n, 'sealed')), 'sealed'))).to.equal(1n)
    expect(entryAt(status(entry(1n, 'sealed')), 'closed')).to.equal(undefined)
    expect(entryAt(status(entry(1n, 'open')), 'sealed')).to.equal(undefined)
    expect(at(entryAt(status(entry(1n, 'accepted', 0), entry(2n, 'accepted', 3)), 'accepted'))).to.equal(2n)
    expect(at(entryAt(status(entry(1n, 'accepted', 2), entry(2n, 'open')), 'accepted'))).to.equal(1n)
    expect(entryAt(status(entry(1n, 'accepted', 0), entry(2n, 'sealed')), 'accepted')).to.equal(undefined)
  })

  it('stops in mid-wait when its signal aborts, with the reason', async () => {
    const { commitment } = await placed()
    const stop = new AbortController()
    const fetch = bending(/orders/, () => {
      setImmediate(() => stop.abort('enough'))
    })
    const error = await catchError(() =>
      clientOf(world(), { fetch }).waitFor(commitment, { intervalMs: 60_000, signal: stop.signal }),
    )
    expect([error.code, error.cause]).to.deep.equal(['ABORTED', 'enough'])
  })

  it('stops a request, a pause between tries and a chain that hangs', async () => {
    const hanging: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    const refusing: typeof fetch = async () => {
      throw new TypeError('nothing there')
    }
    const slow = { retries: 9, baseMs: 60_000, capMs: 60_000 }
    for (const client of [
      clientOf(world(), { fetch: hanging }),
      clientOf(world(), { fetch: refusing, retries: slow }),
    ]) {
      expect((await catchError(() => client.status({ signal: AbortSignal.timeout(10) }))).code).to.equal('ABORTED')
      expect((await catchError(() => client.status({ signal: AbortSignal.abort() }))).code).to.equal('ABORTED')
    }
    const never = new Promise<never>(() => {})
    const reader = {
      config: { chainId: 1n, ledger: '' },
      latestEpoch: () => never,
      epoch: () => never,
      record: () => never,
      batch: () => never,
    }
    const { client, receipt } = await placed()
    await client.waitFor(receipt.commitment, { state: 'open' })
    const stuck = clientOf(world(), { trust: { from: 'chain', reader } })
    const check = () => stuck.checkInclusion(receipt, { from: 'chain', signal: AbortSignal.timeout(10) })
    expect((await catchError(check)).code).to.equal('ABORTED')
    const place = async () => stuck.placeMany([await fresh(stuck)], { signal: AbortSignal.timeout(200) })
    expect((await catchError(place)).code).to.equal('ABORTED')
  })

  it('gives a try no more time than it has, and a wait neither', async () => {
    const { client, commitment } = await placed()
    expect((await catchError(() => client.waitFor(commitment, { ...OFTEN, timeoutMs: 20 }))).code).to.equal(
      'WAIT_TIMED_OUT',
    )
    const hanging: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    const limited = clientOf(world(), { fetch: hanging, timeoutMs: 5 })
    expect((await catchError(() => limited.status())).code).to.equal('SERVICE_UNREACHABLE')
  })

  it('looks when events tell it to, long before its pause is over', async () => {
    const { commitment, receipt } = await placed()
    let looks = 0
    let opened: () => void = () => {}
    const streaming = new Promise<void>((resolve) => {
      opened = resolve
    })
    const counting: typeof fetch = async (input, init) => {
      if (String(input).includes('/orders/')) looks++
      const response = await fetch(input, init)
      if (String(input).endsWith('/events')) opened()
      return response
    }
    const waited = clientOf(world(), { fetch: counting }).waitFor(commitment, { intervalMs: 60_000 })
    await streaming
    await accept(world())
    const found = await waited
    expect([found.batchState, found.receipt.batch]).to.deep.equal(['accepted', receipt.batch])
    // The first, and one an event at most.
    expect(looks).to.be.within(2, 3)
  })

  it('takes one stream for all that wait, and leaves it with the last of them', async () => {
    const orders = await Promise.all(Array.from({ length: 5 }, placed))
    const streams: AbortSignal[] = []
    const counting: typeof fetch = async (input, init) => {
      if (String(input).endsWith('/events') && init?.signal) streams.push(init.signal)
      return fetch(input, init)
    }
    const client = clientOf(world(), { fetch: counting })
    const stop = new AbortController()
    const stopped = catchError(() =>
      client.waitFor(orders[0]?.commitment ?? 0n, { state: 'final', signal: stop.signal, intervalMs: 60_000 }),
    )
    const waits = orders.map(({ commitment }) => client.waitFor(commitment, { intervalMs: 2_000 }))
    await accept(world())
    expect((await Promise.all(waits)).map(({ batchState }) => batchState)).to.deep.equal(waits.map(() => 'accepted'))
    expect(streams.map(({ aborted }) => aborted)).to.deep.equal([false])
    stop.abort()
    expect((await stopped).code).to.equal('ABORTED')
    expect(streams.map(({ aborted }) => aborted)).to.deep.equal([true])
  })

  it('goes by its pauses where there are no events', async () => {
    for (const answer of [
      async () => Response.json({ code: 'SCOPE_MISSING', status: 403, detail: 'no' }, { status: 403 }),
      async () =>
        new Response('id: 1\nevent: batch\ndata: nonsense\n\n', { headers: { 'Content-Type': 'text/event-stream' } }),
      async () => {
        throw new TypeError('nothing there')
      },
    ]) {
      const { commitment } = await placed()
      const deaf: typeof fetch = (input, init) => (String(input).endsWith('/events') ? answer() : fetch(input, init))
      const waited = clientOf(world(), { fetch: deaf }).waitFor(commitment, OFTEN)
      await accept(world())
      expect((await waited).batchState).to.equal('accepted')
    }
  })

  it('does not wait for a batch that is abandoned, and waits for one in quarantine', async () => {
    const { client, commitment, receipt } = await placed()
    world().service.close()
    world().service.move(receipt.batch, 'quarantined')
    const late = () => client.waitFor(commitment, { ...OFTEN, timeoutMs: 20 })
    expect((await catchError(late)).code).to.equal('WAIT_TIMED_OUT')
    world().service.move(receipt.batch, 'abandoned')
    const error = await catchError(() => client.waitFor(commitment, OFTEN))
    expect([error.code, error.details.batches]).to.deep.equal(['BATCH_ABANDONED', [receipt.batch]])
  })

  it('goes by where an order was accepted, not by where it was deferred before', async () => {
    const { commitment, receipt } = await placed()
    const fetch = bending(/orders/, ({ entries: [entry] }) => ({
      commitment: `${commitment}`,
      entries: [{ ...entry, batchState: 'open', receipt: { ...entry.receipt, assignment: 0 } }, entry],
    }))
    await accept(world())
    const found = await clientOf(world(), { fetch }).waitFor(commitment, OFTEN)
    expect([found.batchState, found.receipt.batch]).to.deep.equal(['accepted', receipt.batch])
  })

  it('follows batches from state to state, older ones first', async () => {
    const { client, receipt } = await placed()
    const seen: [bigint, string][] = []
    const next = async ({ index, state }: BatchSummary): Promise<boolean> => {
      seen.push([index, state])
      if (state === 'open' && index === receipt.batch) await accept(world())
      if (state === 'accepted' && index === receipt.batch) {
        world().service.move(index, 'final')
        await placed()
      }
      return index > receipt.batch
    }
    for await (const batch of client.follow({ ...OFTEN, since: receipt.batch })) if (await next(batch)) break
    expect(seen).to.deep.equal([
      [receipt.batch, 'open'],
      [receipt.batch, 'accepted'],
      [receipt.batch, 'final'],
      [receipt.batch + 1n, 'open'],
    ])
    const first = await client.follow(OFTEN).next()
    expect(first.value?.index).to.equal(receipt.batch + 1n)
    const stopped = async () => {
      for await (const _ of client.follow({ ...OFTEN, signal: AbortSignal.timeout(30) }));
    }
    expect((await catchError(stopped)).code).to.equal('ABORTED')
  })
})
