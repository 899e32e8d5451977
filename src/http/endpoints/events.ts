import { z } from 'zod'
import { isOver, type StreamEvent } from '../../service/api.ts'
import { endpoint, type Streaming } from '../endpoint.ts'
import type { Reply } from '../reply.ts'
import { StreamFrame } from '../schema/events.ts'
import { JobParams, noSuchJob } from './proofs.ts'

const STREAM = { description: 'Events, as they happen.', schema: StreamFrame, media: 'text/event-stream' } as const

export const getEvents = endpoint({
  id: 'events',
  method: 'get',
  path: '/v1/events',
  summary: 'What happens, as it happens',
  description:
    'Server-sent events: `batch` and `proof` for every change of their states; `receipts` as well, of this key’s orders with `orders:read`, of everybody’s with `orders:read-all`. Ids grow and survive restarts: with `Last-Event-ID` the stream goes on after that event, without a loss or a double, as long as events are kept (the newest 100,000); after that it says `gap`. `Last-Event-ID: 0` tells all that is kept.',
  scope: 'batches:read',
  streams: true,
  answers: { 200: STREAM },
  problems: ['TOO_MANY_STREAMS'],
  handle: async ({ caller, lastEventId, signal }, { service }) => {
    const own = caller.scopes.includes('orders:read') ? caller : 'nobody'
    const receiptsOf = caller.scopes.includes('orders:read-all') ? 'everybody' : own
    const from = lastEventId ?? (await service.newestEvent())
    return { events: service.watch({ after: from, receiptsOf }, signal), from }
  },
})

export const getProofEvents = endpoint({
  id: 'proofEvents',
  method: 'get',
  path: '/v1/proofs/{id}/events',
  summary: 'How far a proof is, as it goes on',
  description:
    'Server-sent events of one job: first how far it is, then every change. Ends when the job is done, failed or cancelled; whoever has seen that and comes back gets 204, which tells browsers not to come again.',
  scope: 'batches:read',
  streams: true,
  params: JobParams,
  answers: { 200: STREAM, 204: { description: 'The job is over, and nothing is new.', schema: z.undefined() } },
  problems: ['PROOF_JOB_NOT_FOUND', 'TOO_MANY_STREAMS'],
  handle: async ({ params, lastEventId, signal }, { service }) => {
    const watched = await service.watchProof(params.id, lastEventId, signal)
    if (!watched) throw noSuchJob()
    const { job, events } = watched
    return isOver(job) && lastEventId !== undefined ? unlessEmpty(events) : { events }
  },
})

/** A stream that ends by itself, or 204 when there is nothing in it. */
async function unlessEmpty(events: AsyncIterable<StreamEvent>): Promise<Reply | Streaming> {
  const all: StreamEvent[] = []
  for await (const event of events) all.push(event)
  return all.length === 0 ? { status: 204, body: '' } : { events: replay(all) }
}

async function* replay(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  yield* events
}
