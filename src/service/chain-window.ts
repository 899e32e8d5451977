import { z } from 'zod'
import type { ChainAnswer, ChainCall, ChainPlace } from './api.ts'
import { ServiceError } from './errors.ts'

const ANSWER_LIMIT_MS = 10_000

const Failure = z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() })
const Answer = z.union([
  z.object({ id: z.number(), error: Failure }),
  z.object({ id: z.number(), result: z.unknown().refine((result) => result !== undefined) }),
])

/** A look at the chain through the service's own RPC endpoint, whose address, and whatever key is in it, stays here. */
export class ChainWindow {
  readonly place: ChainPlace
  readonly #rpcUrl: string

  /** @param place may know more than is told. */
  constructor(rpcUrl: string, { chainId, ledger, registry }: ChainPlace) {
    this.place = { chainId, ledger, registry }
    this.#rpcUrl = rpcUrl
  }

  /** Asks all calls in one request. @throws ServiceError CHAIN_UNREACHABLE, also when not every call is answered. */
  async ask(calls: readonly ChainCall[]): Promise<ChainAnswer[]> {
    const answers = await this.#post(calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })))
    const byId = new Map(answers.map(({ id, ...answer }) => [id, answer]))
    return calls.map((_, id) => {
      const answer = byId.get(id)
      if (!answer) throw new ServiceError('CHAIN_UNREACHABLE', 'the RPC endpoint left out an answer')
      return answer
    })
  }

  async #post(body: readonly object[]): Promise<z.infer<typeof Answer>[]> {
    try {
      const response = await fetch(this.#rpcUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      })
      return z.array(Answer).parse(await response.json())
    } catch (cause) {
      throw new ServiceError('CHAIN_UNREACHABLE', 'the RPC endpoint does not answer', { cause })
    }
  }
}
