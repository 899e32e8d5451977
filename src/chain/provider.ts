import { JsonRpcProvider, Network } from 'ethers'
import { z } from 'zod'
import { ChainError } from './error.ts'

const POLLING_MS = 250
const ANSWER_LIMIT_MS = 10_000

const ChainIdAnswer = z.looseObject({ result: z.string().regex(/^0x[0-9a-f]{1,16}$/) })

/**
 * Connects to a JSON-RPC endpoint; works in browsers and Node.
 *
 * The chain id is asked for first, as ethers would otherwise retry an endpoint that is not there for ever.
 * @throws ChainError `CHAIN_UNREACHABLE` when nothing answers, or something that is no Ethereum node.
 */
export async function connectProvider(rpcUrl: string): Promise<{ provider: JsonRpcProvider; chainId: bigint }> {
  const chainId = await askChainId(rpcUrl)
  const network = Network.from(chainId)
  // No cache: a head that is a quarter of a second old makes a fresh batch look missing.
  const provider = new JsonRpcProvider(rpcUrl, network, { staticNetwork: network, cacheTimeout: -1 })
  provider.pollingInterval = POLLING_MS
  return { provider, chainId }
}

/** Runs with a connection to an endpoint, and lets it go. @throws ChainError `CHAIN_UNREACHABLE`. */
export async function withProvider<T>(
  rpcUrl: string,
  use: (provider: JsonRpcProvider, chainId: bigint) => Promise<T>,
): Promise<T> {
  const { provider, chainId } = await connectProvider(rpcUrl)
  try {
    return await use(provider, chainId)
  } finally {
    provider.destroy()
  }
}

async function askChainId(rpcUrl: string): Promise<bigint> {
  try {
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    })
    return BigInt(ChainIdAnswer.parse(await answer.json()).result)
  } catch (cause) {
    throw new ChainError('CHAIN_UNREACHABLE', `no chain answers at ${rpcUrl}`, { cause, details: { rpcUrl } })
  }
}
