import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { HttpError } from '../problem.ts'
import { json } from '../reply.ts'
import { BatchIndex } from '../schema/scalars.ts'
import { ProofJobView } from '../schema/service.ts'

/** Which job a request is about. */
export const JobParams = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected the id of a job'),
})

/** What every path of a job says to an id that is none, whether it ever was one or not. */
export const noSuchJob = (): HttpError => new HttpError('PROOF_JOB_NOT_FOUND', 'there is no proof job with this id')

export const postProofs = endpoint({
  id: 'requestProof',
  method: 'post',
  path: '/v1/proofs',
  summary: 'Ask for the proof of a closed batch',
  description: 'Asking again while there is a job answers with that job; after it was cancelled, with a new one.',
  scope: 'proofs:write',
  body: z.strictObject({ batch: BatchIndex }),
  idempotent: true,
  answers: { 202: { description: 'The job; its path is in `Location`.', schema: ProofJobView, location: true } },
  problems: ['BATCH_NOT_FOUND', 'BATCH_NOT_CLOSED'],
  handle: async ({ body }, { service }) => {
    const job = await service.requestProof(body.batch)
    return json(202, job, `/v1/proofs/${job.id}`)
  },
})

export const getProof = endpoint({
  id: 'proofJob',
  method: 'get',
  path: '/v1/proofs/{id}',
  summary: 'How far a proof is',
  scope: 'batches:read',
  revalidated: true,
  params: JobParams,
  answers: { 200: { description: 'The job.', schema: ProofJobView } },
  problems: ['PROOF_JOB_NOT_FOUND'],
  handle: async ({ params }, { service }) => {
    const job = await service.proofJob(params.id)
    if (!job) throw noSuchJob()
    return json(200, job)
  },
})

export const deleteProof = endpoint({
  id: 'cancelProof',
  method: 'delete',
  path: '/v1/proofs/{id}',
  summary: 'Cancel a proof that waits or runs',
  description:
    'The prover stops, wherever it is, and a proof that still comes is not taken. The batch stays closed and ages: batches behind it wait, and receipts stop when it is older than a third of the deadline. `POST /v1/proofs` asks for its proof anew, under a new job. Cancelling again is no error.',
  scope: 'proofs:cancel',
  params: JobParams,
  answers: { 200: { description: 'The job, cancelled.', schema: ProofJobView } },
  problems: ['PROOF_JOB_NOT_FOUND', 'PROOF_JOB_OVER'],
  handle: async ({ params }, { service }) => {
    const job = await service.cancelProof(params.id)
    if (!job) throw noSuchJob()
    return json(200, job)
  },
})
