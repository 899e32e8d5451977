import { endpoint } from '../endpoint.ts'
import { json } from '../reply.ts'
import { EpochChangeBody, EpochEndingView } from '../schema/epochs.ts'

export const postEpochs = endpoint({
  id: 'changeEpoch',
  method: 'post',
  path: '/v1/epochs',
  summary: 'End the epoch in order, and begin the next one',
  description:
    'The epoch ends after the batch that is open. The next one has the active policy and the same keys and verifiers; it is announced and opened on chain, and the service goes over to it once the ledger has accepted the last batch. Until then there are no receipts: orders are refused with `BACK_PRESSURE`. Nothing is void, and it costs no penalty. Asking again answers with what was decided.',
  scope: 'epochs:write',
  body: EpochChangeBody,
  idempotent: true,
  answers: { 200: { description: 'Where the epoch ends.', schema: EpochEndingView } },
  problems: ['EPOCH_CHANGE_REFUSED'],
  handle: async ({ body: { mode } }, { service }) =>
    json(200, await service.changeEpoch(mode === undefined ? undefined : mode === 'sealed')),
})
