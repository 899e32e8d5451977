import { z } from 'zod'
import { isAccepted } from '../../statement/batch-state.ts'
import { endpoint } from '../endpoint.ts'
import { HttpError } from '../problem.ts'
import { json } from '../reply.ts'
import { BundleView } from '../schema/bundle.ts'
import { BatchIndex } from '../schema/scalars.ts'

export const getBundle = endpoint({
  id: 'bundle',
  method: 'get',
  path: '/v1/batches/{index}/bundle',
  summary: 'The bundle of an accepted batch, for auditors',
  description:
    'Once there, it never changes. `fairlead audit` checks it against the chain or, offline, against an anchor.',
  scope: 'batches:read',
  revalidated: true,
  params: z.strictObject({ index: BatchIndex }),
  answers: {
    200: { description: 'Everything public, each field bound by a hash, proof or signature.', schema: BundleView },
  },
  problems: ['BATCH_NOT_FOUND', 'BATCH_NOT_ACCEPTED'],
  handle: async ({ params }, { service }) => {
    const batch = await service.batch(params.index)
    if (!batch) throw new HttpError('BATCH_NOT_FOUND', 'there is no batch with this index')
    // A batch's state changes; a bundle says nothing that does.
    const { state, ...bundle } = batch
    if (!isAccepted(state))
      throw new HttpError(
        'BATCH_NOT_ACCEPTED',
        `the batch is ${state}; its bundle is there once the chain has accepted it`,
      )
    return { ...json(200, bundle), immutable: state === 'final' }
  },
})
