import { type Contract, type EventLog, getAddress } from 'ethers'
import { z } from 'zod'
import { Address, Bytes32 } from '../base/schema.ts'
import { ask, parse } from './ask.ts'
import { decodeEvent } from './canonical.ts'
import { logsOf, timeOf } from './logs.ts'
import type { RegistryEvent, RegistryHistory } from './records.ts'

type Untimed = RegistryEvent extends infer Event ? (Event extends RegistryEvent ? Omit<Event, 'time'> : never) : never

const Words = z.array(z.bigint())

/** Events by name, as contracts/interfaces/IPolicyRegistry.sol, IEpochBook.sol, IWayOut.sol and IReputation.sol declare their parameters. Others change no policy and no epoch. */
const EVENTS: Readonly<Record<string, z.ZodType<Untimed>>> = {
  PolicyPublished: z
    .tuple([Bytes32, z.bigint(), Words, z.array(Address), z.array(Address)])
    .transform(([policyHash, feeWord, words, settlements, reportSigners]) => ({
      kind: 'published' as const,
      policyHash,
      policy: { feeWord, words, settlements, reportSigners },
    })),
  PolicyProposed: z
    .tuple([z.bigint(), Bytes32, z.bigint()])
    .transform(([id, policyHash, eta]) => ({ kind: 'proposed' as const, id, policyHash, eta })),
  PolicyActivated: z
    .tuple([z.bigint(), Bytes32])
    .transform(([id, policyHash]) => ({ kind: 'activated' as const, id, policyHash })),
  PolicyCancelled: z.tuple([z.bigint()]).transform(([id]) => ({ kind: 'cancelled' as const, id })),
  PolicyRetuned: z
    .tuple([z.bigint(), Bytes32])
    .transform(([id, policyHash]) => ({ kind: 'retuned' as const, id, policyHash })),
  EpochAnnounced: z
    .tuple([z.bigint(), z.bigint(), z.bigint(), Bytes32, Address, z.bigint(), z.boolean(), z.boolean(), Words])
    .transform(([epoch, firstBatch, seedBlock, policyHash, signer, keyCommit, fromReset, sealedMode, multipliers]) => ({
      kind: 'announced' as const,
      epoch,
      firstBatch,
      seedBlock,
      policyHash,
      signer,
      keyCommit,
      fromReset,
      sealedMode,
      multipliers,
    })),
  SeedBlockRenewed: z
    .tuple([z.bigint(), z.bigint(), z.bigint()])
    .transform(([epoch, _missed, seedBlock]) => ({ kind: 'renewed' as const, epoch, seedBlock })),
  EpochEnded: z
    .tuple([z.bigint(), z.bigint(), z.bigint(), Address])
    .transform(([epoch, nextIndex]) => ({ kind: 'ended' as const, epoch, nextIndex })),
  Concluded: z
    .tuple([z.bigint(), Words])
    .transform(([epoch, multipliers]) => ({ kind: 'concluded' as const, epoch, multipliers })),
}

const OF_LEDGER: readonly string[] = ['EpochAnnounced', 'SeedBlockRenewed', 'EpochEnded']

/** Reads a registry's rules and history. @param reputation of a ledger that has one. @throws ChainError. */
export async function readRegistry(
  registry: Contract,
  ledger: Contract,
  reputation: Contract | undefined,
  { fromBlock, toBlock }: { fromBlock: number; toBlock: number },
): Promise<RegistryHistory> {
  const logs: EventLog[] = []
  for await (const log of logsOf(registry, '*', fromBlock, toBlock)) logs.push(log)
  for (const name of OF_LEDGER)
    for await (const log of logsOf(ledger, ledger.filters[name]?.(), fromBlock, toBlock)) logs.push(log)
  if (reputation)
    for await (const log of logsOf(reputation, reputation.filters.Concluded?.(), fromBlock, toBlock)) logs.push(log)
  logs.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index)
  const [delay, window, retuneInterval] = await Promise.all(
    ['delay', 'window', 'retuneInterval'].map((view) => ask(registry, view, [], z.bigint())),
  )
  const times = new Map<number, bigint>()
  const events: RegistryEvent[] = []
  for (const log of logs) {
    const form = EVENTS[log.eventName]
    if (!form) continue
    const emitter = OF_LEDGER.includes(log.eventName) ? ledger : log.eventName === 'Concluded' ? reputation : registry
    const event = parse(form, decodeEvent(log, getAddress(String(emitter?.target))).toArray(true))
    const time = times.get(log.blockNumber) ?? (await timeOf(log))
    times.set(log.blockNumber, time)
    events.push({ ...event, time })
  }
  return { delay: delay ?? 0n, window: window ?? 0n, retuneInterval: retuneInterval ?? 0n, events }
}
