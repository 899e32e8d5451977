import { z } from 'zod'
import { ChainError } from './error.ts'

/** Blocks that the opcode BLOCKHASH reaches back, and two for the block that asks. */
const BLOCKS = 258
const ANSWER_LIMIT_MS = 30_000
/** An error has no result. */
const Mined = z.object({ result: z.null() })

/**
 * Makes a development chain that was started again tell its old blocks' hashes truly: anvil (1.7) answers BLOCKHASH with made-up values for blocks from before its start, while the
 * history contract (EIP-2935) has the true ones, which seed sources ask once the opcode knows nothing. So many blocks are made at once, with the time of the last one.
 * @throws ChainError `CHAIN_UNREACHABLE`.
 */
export async function outrunHashes(rpcUrl: string): Promise<void> {
  const params = [`0x${BLOCKS.toString(16)}`, '0x0']
  try {
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_mine', params }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    })
    Mined.parse(await answer.json())
  } catch (cause) {
    throw new ChainError('CHAIN_UNREACHABLE', 'the development chain made no blocks', { cause })
  }
}
