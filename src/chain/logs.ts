import type { Contract, EventLog } from 'ethers'
import { naming } from './contract-error.ts'
import { ChainError } from './error.ts'

/** Blocks asked for in one query of events: what public endpoints commonly allow. */
const LOG_SPAN = 10_000

/** Events of a contract that its interface knows, in the chain's order. @param last may be asked for while the first query runs. */
export async function* logsOf(
  contract: Contract,
  filter: Parameters<Contract['queryFilter']>[0] | undefined,
  fromBlock: number,
  last: number | Promise<number>,
): AsyncGenerator<EventLog> {
  if (filter === undefined) return
  const toBlock = await last
  for (let from = fromBlock; from <= toBlock; from += LOG_SPAN) {
    const logs = await naming(() => contract.queryFilter(filter, from, Math.min(toBlock, from + LOG_SPAN - 1)))
    for (const log of logs) if ('args' in log) yield log
  }
}

/** Of the block that an event lies in, seconds since the Unix epoch. @throws ChainError CHAIN_RECORD_INVALID when that block is another now. */
export async function timeOf(log: EventLog): Promise<bigint> {
  const block = await naming(() => log.provider.getBlock(log.blockNumber))
  if (block?.hash === log.blockHash) return BigInt(block.timestamp)
  throw new ChainError('CHAIN_RECORD_INVALID', `block ${log.blockNumber} is not the one that an event names`)
}
