/** JSON-RPC as the window to the chain takes it: reads that an auditor needs, and nothing else. */
import { z } from 'zod'
import type { ChainPlace } from '../../service/api.ts'
import type { Wire } from '../wire.ts'
import { Account, Decimal, Hash } from './scalars.ts'

/** Calls of one request: as many as ethers puts together. */
export const MOST_CALLS = 100
/** Blocks of one query of logs: what public endpoints commonly allow. */
const LOG_SPAN = 10_000n

const Quantity = z.string().regex(/^0x(0|[1-9a-f][0-9a-f]{0,15})$/, 'expected a quantity in hex')
const Block = z.union([Quantity, z.enum(['latest', 'earliest', 'finalized', 'safe'])])
const Bytes = z.string().regex(/^0x([0-9a-fA-F]{2})*$/, 'expected bytes in hex')

const LogFilter = z
  .strictObject({
    address: z.union([Account, z.array(Account).min(1).max(8)]),
    topics: z
      .array(z.union([Hash, z.null(), z.array(Hash).min(1).max(16)]))
      .max(4)
      .optional(),
    fromBlock: Quantity,
    toBlock: Quantity,
  })
  .refine(({ fromBlock, toBlock }) => BigInt(toBlock) - BigInt(fromBlock) < LOG_SPAN, {
    error: `expected at most ${LOG_SPAN} blocks`,
    path: ['toBlock'],
  })

const call = <M extends string, P extends z.ZodType>(method: M, params: P) =>
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.int(), z.string().max(64)]),
    method: z.literal(method),
    params,
  })

export const ChainRequest = z
  .discriminatedUnion('method', [
    call('eth_chainId', z.tuple([])),
    call('eth_blockNumber', z.tuple([])),
    call('eth_getBlockByNumber', z.tuple([Block, z.literal(false)])),
    call('eth_getTransactionByHash', z.tuple([Hash])),
    call('eth_getTransactionReceipt', z.tuple([Hash])),
    call('eth_getCode', z.tuple([Account, Block])),
    call('eth_call', z.tuple([z.strictObject({ to: Account, data: Bytes }), Block])),
    call('eth_getLogs', z.tuple([LogFilter])),
  ])
  .meta({ id: 'ChainRequest', description: 'A JSON-RPC 2.0 call that reads.' })
export type ChainRequest = z.infer<typeof ChainRequest>

/** One call, or what JSON-RPC 2.0 calls a batch. */
export const ChainRequests = z.union([ChainRequest, z.array(ChainRequest).min(1).max(MOST_CALLS)])

const reply = { jsonrpc: z.literal('2.0'), id: z.union([z.int(), z.string()]) }
const Reply = z
  .union([
    z.strictObject({ ...reply, result: z.unknown() }),
    z.strictObject({
      ...reply,
      error: z.strictObject({ code: z.number(), message: z.string(), data: z.unknown().optional() }),
    }),
  ])
  .meta({ id: 'ChainReply', description: "The RPC endpoint's answer, as it came." })
/** The same shape as the request: one answer, or one a call in their order. */
export const ChainReplies = z.union([Reply, z.array(Reply)])

export const ChainResponse = z
  .strictObject({ chainId: Decimal, ledger: Account, registry: Account })
  .meta({ id: 'Chain', description: 'Which ledger the service works on.' }) satisfies z.ZodType<Wire<ChainPlace>>
