/** An RPC endpoint that serves a ledger over a service in memory, as far as the client asks; for programs that connect by themselves. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { type BytesLike, Interface, ZeroAddress, ZeroHash } from 'ethers'
import { z } from 'zod'
import { POLICY_REGISTRY_ABI, ROUTING_LEDGER_ABI } from '../../src/chain/abi.ts'
import type { ChainDouble } from './setting.ts'
import { SIGNER } from './setting.ts'

const Call = z.object({ id: z.number(), method: z.string(), params: z.array(z.unknown()).optional() })
const Calls = z.union([Call.transform((call) => [call]), z.array(Call)])
const CallTarget = z.object({ data: z.string() })
const ABI = new Interface([...ROUTING_LEDGER_ABI, ...POLICY_REGISTRY_ABI])
const NO_POLICY = [0n, [], [], []]

export interface RpcDouble {
  readonly url: string
  close(): void
}

export async function serveRpc(chain: ChainDouble): Promise<RpcDouble> {
  const server = createServer(async (request, response) => {
    const body = await json(request)
    const answers = await Promise.all(
      Calls.parse(body).map(async (call) => ({ jsonrpc: '2.0', id: call.id, result: await answer(chain, call) })),
    )
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(Array.isArray(body) ? answers : answers[0]))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server's address is never a text.
  const { port } = server.address() as { port: number }
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

async function answer(chain: ChainDouble, { method, params = [] }: z.infer<typeof Call>): Promise<unknown> {
  if (method === 'eth_chainId') return `0x${chain.config.chainId.toString(16)}`
  if (method === 'eth_getCode') return '0x01'
  if (method === 'eth_blockNumber') return '0x1'
  if (method === 'eth_call') return view(chain, CallTarget.parse(params[0]).data)
  return []
}

async function view(chain: ChainDouble, data: BytesLike): Promise<string> {
  const call = ABI.parseTransaction({ data: String(data) })
  if (!call) throw new Error('an unknown view')
  const [index = 0n] = call.args
  const results: Record<string, unknown> = {
    shards: 4n,
    latestEpoch: await chain.latestEpoch(),
    recordOf: (await chain.record(index)) ?? ZeroHash,
    epochOf: [
      0n,
      0n,
      0n,
      0n,
      SIGNER,
      ZeroHash,
      0n,
      [],
      [],
      2n ** 64n - 1n,
      false,
      false,
      false,
      [256n, 256n, 256n, 256n],
    ],
    policy: NO_POLICY,
    registry: ZeroAddress,
    reputation: ZeroAddress,
    verifierFactory: ZeroAddress,
  }
  return ABI.encodeFunctionResult(call.fragment, [results[call.name] ?? 0n])
}
