import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { HttpError } from '../problem.ts'
import { json } from '../reply.ts'
import { BatchIndex } from '../schema/scalars.ts'
import { ProofJobView } from '../schema/service.ts'

export const postProofs = endpoint({
  id: 'requestProof',
  method: 'post',
  path: '/v1/proofs',
  summary: 'Ask for the proof of a closed batch',
  description: 'Asking again while there is a job answers with that job.',
  body: z.strictObject({ batch: BatchIndex }),
  idempotent: true,
  answers: { 202: { description: 'The job; its path is in `Location`.', schema: ProofJobView, location: true } },
  problems: ['BATCH_NOT_FOUND', 'BATCH_NOT_CLOSED'],
  handle: async ({ body }, service) => {
    const job = await service.requestProof(body.batch)
    return json(202, job, `/v1/proofs/${job.id}`)
  },
})

export const getProof = endpoint({
  id: 'proofJob',
  method: 'get',
  path: '/v1/proofs/{id}',
  summary: 'How far a proof is',
  params: z.strictObject({ id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected the id of a job') }),
  answers: { 200: { description: 'The job.', schema: ProofJobView } },
  problems: ['PROOF_JOB_NOT_FOUND'],
  handle: async ({ params }, service) => {
    const job = await service.proofJob(params.id)
    if (!job) throw new HttpError('PROOF_JOB_NOT_FOUND', 'there is no proof job with this id')
    return json(200, job)
  },
})
