import { endpoint } from '../endpoint.ts'
import { json } from '../reply.ts'
import { ReportBody, ReportStanding } from '../schema/reports.ts'

export const postReports = endpoint({
  id: 'submitReport',
  method: 'post',
  path: '/v1/reports',
  summary: 'Report the finished work of a shard',
  description:
    'The shard’s signature (EIP-712 `Served`) makes the report, whoever sends it. The next batch that opens no earlier than its time applies it. A shard that is refused here may post its report on chain.',
  scope: 'reports:write',
  body: ReportBody,
  answers: { 200: { description: 'It is kept; again is no error.', schema: ReportStanding } },
  problems: ['REPORT_REFUSED'],
  handle: async ({ body }, { service }) => {
    const applied = await service.submitReport(body)
    return json(200, { shard: body.shard, counter: body.counter, applied })
  },
})
