import { Contract, type JsonRpcProvider } from 'ethers'
import { z } from 'zod'
import { Address } from '../base/schema.ts'
import { decodeAnswer } from './canonical.ts'
import { naming } from './contract-error.ts'
import { ChainError } from './error.ts'
import { LEDGER } from './interfaces.ts'
import { Shards, SmallUint } from './reader-schema.ts'
import type { LedgerConfig } from './records.ts'

/** What the ledger at an address was deployed with. @throws ChainError `CHAIN_MISMATCH` when it is none. */
export async function readConfig(provider: JsonRpcProvider, chainId: bigint, ledger: string): Promise<LedgerConfig> {
  if ((await naming(() => provider.getCode(ledger))) === '0x')
    throw new ChainError('CHAIN_MISMATCH', `no contract at ${ledger} on chain ${chainId}`, {
      details: { ledger, chainId },
    })
  const contract = new Contract(ledger, LEDGER, provider)
  const read = <T>(method: string, schema: z.ZodType<T>) => ask(contract, method, [], schema)
  try {
    // Asked all at once, which endpoints answer in one go.
    const asked = {
      registry: read('registry', Address),
      verifierFactory: read('verifierFactory', Address),
      reputation: read('reputation', Address),
      shards: read('shards', Shards),
      genesisState: read('genesisState', z.bigint()),
      resetState: read('resetState', z.bigint()),
      deadlineS: read('deadline', SmallUint),
      finalityDepth: read('finalityDepth', SmallUint),
      minInterval: read('minInterval', z.bigint()),
      seedDelay: read('seedDelay', SmallUint),
    }
    await Promise.all(Object.values(asked))
    return {
      chainId,
      ledger,
      registry: await asked.registry,
      verifierFactory: await asked.verifierFactory,
      reputation: BigInt(await asked.reputation) === 0n ? undefined : await asked.reputation,
      shards: await asked.shards,
      genesisState: await asked.genesisState,
      resetState: await asked.resetState,
      deadlineS: await asked.deadlineS,
      finalityDepth: await asked.finalityDepth,
      minInterval: await asked.minInterval,
      seedDelay: await asked.seedDelay,
    }
  } catch (cause) {
    if (cause instanceof ChainError && cause.code === 'CHAIN_UNREACHABLE') throw cause
    throw new ChainError('CHAIN_MISMATCH', `the contract at ${ledger} is not a ledger`, {
      cause,
      details: { ledger, chainId },
    })
  }
}

/** Calls a view and parses its answer; one output stands for itself, several make a list. @throws ChainError. */
export async function ask<T>(contract: Contract, method: string, args: unknown[], schema: z.ZodType<T>): Promise<T> {
  const { runner, interface: abi } = contract
  const answer = await naming(async () => {
    const call = await contract.getFunction(method).populateTransaction(...args)
    if (!runner?.call) throw new ChainError('CHAIN_UNREACHABLE', 'the contract is not connected to a chain')
    return runner.call(call)
  })
  const fields: unknown[] = decodeAnswer(abi, method, answer).toArray(true)
  return parse(schema, fields.length === 1 ? fields[0] : fields)
}

/** Parses what an endpoint said. @throws ChainError `CHAIN_RECORD_INVALID`. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ChainError('CHAIN_RECORD_INVALID', 'the chain holds something of another form', { cause: parsed.error })
}
