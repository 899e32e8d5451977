import { Contract, type JsonRpcProvider, Result } from 'ethers'
import { z } from 'zod'
import { Address } from '../base/schema.ts'
import { ROUTING_LEDGER_ABI } from './abi.ts'
import { naming } from './contract-error.ts'
import { ChainError } from './error.ts'
import { SmallUint } from './reader-schema.ts'
import type { LedgerConfig } from './records.ts'

/** What the ledger at an address was deployed with. @throws ChainError `CHAIN_MISMATCH` when it is none. */
export async function readConfig(provider: JsonRpcProvider, chainId: bigint, ledger: string): Promise<LedgerConfig> {
  if ((await naming(() => provider.getCode(ledger))) === '0x')
    throw new ChainError('CHAIN_MISMATCH', `no contract at ${ledger} on chain ${chainId}`, {
      details: { ledger, chainId },
    })
  const contract = new Contract(ledger, ROUTING_LEDGER_ABI, provider)
  const read = <T>(method: string, schema: z.ZodType<T>) => ask(contract, method, [], schema)
  try {
    return {
      chainId,
      ledger,
      registry: await read('registry', Address),
      verifierFactory: await read('verifierFactory', Address),
      shards: await read('shards', SmallUint),
      genesisState: await read('genesisState', z.bigint()),
      resetState: await read('resetState', z.bigint()),
      deadlineS: await read('deadline', SmallUint),
      finalityDepth: await read('finalityDepth', SmallUint),
      minInterval: await read('minInterval', z.bigint()),
      seedDelay: await read('seedDelay', SmallUint),
    }
  } catch (cause) {
    if (cause instanceof ChainError && cause.code === 'CHAIN_UNREACHABLE') throw cause
    throw new ChainError('CHAIN_MISMATCH', `the contract at ${ledger} is not a ledger`, {
      cause,
      details: { ledger, chainId },
    })
  }
}

/** Calls a view and parses its answer. @throws ChainError. */
export async function ask<T>(contract: Contract, method: string, args: unknown[], schema: z.ZodType<T>): Promise<T> {
  const answer: unknown = await naming(() => contract.getFunction(method)(...args))
  return parse(schema, answer instanceof Result ? answer.toArray(true) : answer)
}

/** Parses what an endpoint said. @throws ChainError `CHAIN_RECORD_INVALID`. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ChainError('CHAIN_RECORD_INVALID', 'the chain holds something of another form', { cause: parsed.error })
}
