import { sleep } from '../../src/client/abort.ts'
import { frames } from '../../src/client/stream.ts'
import { ServiceStatus } from '../../src/client/wire.ts'
import type { Handler } from './serve.ts'
import type { Sources } from './sources.ts'

/** Between two tries to reach what did not answer. */
const RETRY_MS = 2_000
/** Between two looks at a chain that nobody tells of. */
const LOOK_MS = 4_000

type Note = Parameters<Handler<'live'>>[2]

/** Follows the service's stream or, where there is no service, the ledger's head; comes back after every failure. */
export const live: Handler<'live'> = async (sources, _, note, signal) => {
  while (!signal.aborted) {
    await followService(sources, note, signal).catch(() => {})
    if (!signal.aborted && sources.standsAlone) await followChain(sources, note, signal).catch(() => {})
    if (signal.aborted) return
    note({ kind: 'connection', state: 'offline' })
    await sleep(RETRY_MS, signal).catch(() => {})
  }
}

async function followService({ transport }: Sources, note: Note, signal: AbortSignal): Promise<void> {
  await transport.get('/v1/status', ServiceStatus, { signal })
  note({ kind: 'connection', state: 'service' })
  for await (const { event } of frames(transport, { path: '/v1/events', lastEventId: undefined, signal }))
    if (event === 'batch' || event === 'gap') note({ kind: 'change' })
}

/** @throws what reading the chain throws. */
async function followChain(sources: Sources, note: Note, signal: AbortSignal): Promise<void> {
  const reader = await sources.reader()
  let known: string | undefined
  for (;;) {
    const head = await reader.head()
    if (known === undefined) note({ kind: 'connection', state: 'chain' })
    else if (head !== known) note({ kind: 'change' })
    known = head
    await sleep(LOOK_MS, signal)
  }
}
