import { z } from 'zod'
import type { BatchBundle } from '../../service/api.ts'
import { isAccepted } from '../../statement/batch-state.ts'
import { endpoint } from '../endpoint.ts'
import { HttpError } from '../problem.ts'
import { json } from '../reply.ts'
import { BatchBundleView, BatchPage } from '../schema/batches.ts'
import { BatchIndex } from '../schema/scalars.ts'

/** Batches of a page when nothing is said, and at most. */
const PAGE = { usual: 20, most: 100 }

const Limit = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/, 'expected a whole number from 1 to 100')
  .transform(Number)
  .refine((limit) => limit <= PAGE.most, 'expected a whole number from 1 to 100')
  .optional()
  .meta({ description: `Batches of the page: 1 to ${PAGE.most}, ${PAGE.usual} when left out.`, example: '20' })

export const getBatches = endpoint({
  id: 'batches',
  method: 'get',
  path: '/v1/batches',
  summary: 'Batches, newest first',
  scope: 'batches:read',
  revalidated: true,
  query: z.strictObject({
    before: BatchIndex.optional().meta({ description: 'Only batches below this index.', example: '40' }),
    limit: Limit,
  }),
  answers: { 200: { description: 'One page.', schema: BatchPage } },
  problems: [],
  handle: async ({ query: { before, limit = PAGE.usual } }, { service }) => {
    const batches = await service.batches(before === undefined ? { limit } : { before, limit })
    const last = batches.at(-1)?.index
    const more = batches.length === limit && last !== undefined && last > 0n
    return json(200, { batches, ...(more ? { next: `/v1/batches?before=${last}&limit=${limit}` } : {}) })
  },
})

export const getBatch = endpoint({
  id: 'batch',
  method: 'get',
  path: '/v1/batches/{index}',
  summary: 'The public bundle of a batch',
  description:
    'The statement, which names commitments, and what is made of it are shown once the chain has accepted the batch; before that to keys with `orders:read-all` alone. The bundle of a final batch never changes.',
  scope: 'batches:read',
  revalidated: true,
  params: z.strictObject({ index: BatchIndex }),
  answers: { 200: { description: 'All that is public, as far as the batch has come.', schema: BatchBundleView } },
  problems: ['BATCH_NOT_FOUND'],
  handle: async ({ params, caller }, { service }) => {
    const bundle = await service.batch(params.index)
    if (!bundle) throw new HttpError('BATCH_NOT_FOUND', 'there is no batch with this index')
    const shown = isAccepted(bundle.state) || caller.scopes.includes('orders:read-all') ? bundle : untilPublic(bundle)
    return { ...json(200, shown), immutable: bundle.state === 'final' }
  },
})

/** A bundle without what tells other callers' commitments, or would let one test a guess of them. */
function untilPublic(bundle: BatchBundle): BatchBundle {
  const { statement: _, statementHash: _hash, orderRoot: _root, record: _record, ...closed } = bundle
  const { signature: _signature, proof: _proof, ...rest } = closed
  return rest
}
