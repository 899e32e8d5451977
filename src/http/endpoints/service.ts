import { type Endpoint, endpoint } from '../endpoint.ts'
import { HttpError } from '../problem.ts'
import { json } from '../reply.ts'
import { HealthResponse, PolicyResponse, ReadinessResponse, ShardsResponse, StatusResponse } from '../schema/service.ts'

export const getPolicy = endpoint({
  id: 'policy',
  method: 'get',
  path: '/v1/policy',
  summary: 'The policy in force',
  scope: 'batches:read',
  revalidated: true,
  answers: { 200: { description: 'The policy, and the epoch that fixed it.', schema: PolicyResponse } },
  problems: [],
  handle: async (_, { service }) => json(200, await service.policy()),
})

export const getShards = endpoint({
  id: 'shards',
  method: 'get',
  path: '/v1/shards',
  summary: 'Shards: open or closed, fee, orders assigned',
  scope: 'batches:read',
  revalidated: true,
  description: 'As published with the last closed batch: nothing here is newer than what is public anyway.',
  answers: { 200: { description: 'All shards.', schema: ShardsResponse } },
  problems: [],
  handle: async (_, { service }) => json(200, { shards: await service.shards() }),
})

export const getStatus = endpoint({
  id: 'status',
  method: 'get',
  path: '/v1/status',
  summary: 'Counts of receipts and batches',
  scope: 'batches:read',
  revalidated: true,
  answers: { 200: { description: 'Counts, and the head of the ledger.', schema: StatusResponse } },
  problems: [],
  handle: async (_, { service }) => json(200, await service.status()),
})

export const getHealth: Endpoint = {
  id: 'health',
  method: 'get',
  path: '/healthz',
  summary: 'Whether the process answers',
  access: 'open',
  answers: { 200: { description: 'It does.', schema: HealthResponse } },
  problems: [],
  run: async () => json(200, { status: 'ok' }),
}

export const getReadiness: Endpoint = {
  id: 'readiness',
  method: 'get',
  path: '/readyz',
  summary: 'Whether receipts can be given',
  access: 'open',
  answers: { 200: { description: 'Everything is there.', schema: ReadinessResponse } },
  problems: ['NOT_READY'],
  run: async (_, { service }) => {
    const checks = await service.readiness()
    const missing = checks.filter(({ ok }) => !ok).map(({ name }) => name)
    if (missing.length > 0) throw new HttpError('NOT_READY', `not ready: ${missing.join(', ')}`, { facts: { checks } })
    return json(200, { status: 'ready', checks })
  },
}
