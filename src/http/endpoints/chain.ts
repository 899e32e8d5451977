import type { ChainAnswer } from '../../service/api.ts'
import { endpoint } from '../endpoint.ts'
import { HttpError } from '../problem.ts'
import { json } from '../reply.ts'
import { ChainReplies, type ChainRequest, ChainRequests, ChainResponse } from '../schema/chain.ts'

export const getChain = endpoint({
  id: 'chain',
  method: 'get',
  path: '/v1/chain',
  summary: 'Chain and ledger of the service',
  scope: 'batches:read',
  revalidated: true,
  answers: { 200: { description: 'For those who read the chain themselves.', schema: ChainResponse } },
  problems: [],
  handle: async (_, { service }) => json(200, await service.chainPlace()),
})

export const postChainCalls = endpoint({
  id: 'askChain',
  method: 'post',
  path: '/v1/chain/rpc',
  summary: 'Read the chain through the service',
  description:
    'JSON-RPC 2.0, one call or up to 100, for pages that have no endpoint of their own. Only reads pass: `eth_chainId`, `eth_blockNumber`, `eth_getBlockByNumber`, `eth_getTransactionByHash`, `eth_getTransactionReceipt`, `eth_getCode`, `eth_call` and `eth_getLogs` over at most 10,000 blocks. Whoever asks this way takes the service’s word for what the chain says.',
  scope: 'batches:read',
  body: ChainRequests,
  weigh: (body) => (Array.isArray(body) ? body.length : 1),
  answers: { 200: { description: 'One answer a call, in their order.', schema: ChainReplies } },
  problems: ['CHAIN_UNREACHABLE'],
  handle: async ({ body }, { service }) => {
    const calls = Array.isArray(body) ? body : [body]
    const answers = await service.askChain(calls)
    const replies = calls.map((call, i) => replyTo(call, answers[i]))
    return json(200, Array.isArray(body) ? replies : replies[0])
  },
})

function replyTo({ id }: ChainRequest, answer: ChainAnswer | undefined) {
  if (!answer) throw new HttpError('INTERNAL', 'the service gave too few answers')
  return { jsonrpc: '2.0', id, ...answer }
}
