import { Contract, type EventLog, type JsonRpcProvider } from 'ethers'
import { z } from 'zod'
import { Address, Bytes32 } from '../base/schema.ts'
import { BOND_ABI, FORCED_INBOX_ABI, RECEIPT_CHALLENGES_ABI, REPORT_CHALLENGES_ABI } from './abi.ts'
import type { AroundLedger } from './around-ledger.ts'
import { parse } from './ask.ts'
import { type BondState, bondAt } from './bond-state.ts'
import { decodeEvent } from './canonical.ts'
import { logsOf, timeOf } from './logs.ts'
import { FAULTS, type FaultClass } from './system-config.ts'
import type { BlockRange } from './system-reader.ts'
import { DemandEvent, ForcedEvent, OverdueEvent, PostedReportEvent } from './system-schema.ts'

/** Why an epoch was given up, in the order of `ILedgerPenalty.Reason`. */
export const END_REASONS = [
  'OperatorAbandoned',
  'ReceiptOverdue',
  'ForcedOrderOverdue',
  'SeedBlockMissed',
  'SealedBatchUndelivered',
] as const

/** What the contracts around a ledger told of its operator; amounts in wei. */
export type ChallengeTold =
  | {
      readonly kind: 'slashed'
      readonly fault: FaultClass | 'unknown'
      readonly challenger: string
      readonly burned: bigint
      readonly reward: bigint
    }
  | {
      readonly kind: 'noticed'
      readonly epoch: bigint
      readonly batch: bigint
      readonly untilTimeS: bigint
      readonly untilBlock: bigint
    }
  | {
      readonly kind: 'demanded'
      readonly batch: bigint
      readonly shard: number
      readonly counter: bigint
      readonly untilTimeS: bigint
      readonly untilBlock: bigint
    }
  | { readonly kind: 'shown'; readonly batch: bigint; readonly shard: number }
  | {
      readonly kind: 'report-posted'
      readonly epoch: bigint
      readonly shard: number
      readonly counter: bigint
      readonly dueTimeS: bigint
    }
  | { readonly kind: 'forced'; readonly number: bigint; readonly commitment: bigint }
  | { readonly kind: 'discharged'; readonly number: bigint; readonly batch: bigint }
  | { readonly kind: 'frozen'; readonly left: bigint }
  | { readonly kind: 'abandoned'; readonly epoch: bigint; readonly nextIndex: bigint; readonly reason: string }
  | { readonly kind: 'seed-missed'; readonly epoch: bigint }

/** Where and when (of its block, seconds since the Unix epoch) it was told. */
export type ChallengeEvent = ChallengeTold & {
  readonly time: bigint
  readonly block: number
  readonly transaction: string
  /** Of the log, in its block. */
  readonly position: number
}

/** Contracts as far as they are known, the stake, and everything that they told, in the chain's order. */
export interface ChallengeHistory {
  readonly around: Partial<AroundLedger>
  readonly bond: BondState | undefined
  readonly events: readonly ChallengeEvent[]
}

type Forms = Readonly<Record<string, z.ZodType<ChallengeTold>>>
const small = z.bigint().transform(Number)

const LEDGER_FORMS: Forms = {
  EpochEnded: z.tuple([z.bigint(), z.bigint(), small, Address]).transform(([epoch, nextIndex, reason]) => ({
    kind: 'abandoned',
    epoch,
    nextIndex,
    reason: END_REASONS[reason] ?? 'unknown',
  })),
  SeedBlockRenewed: z
    .tuple([z.bigint(), z.bigint(), z.bigint()])
    .transform(([epoch]) => ({ kind: 'seed-missed', epoch })),
}

/** Interfaces and events of the contracts around; other events are about single payments. */
const AROUND = {
  bond: {
    abi: BOND_ABI,
    forms: {
      Slashed: z
        .tuple([small, Bytes32, Address, z.bigint(), z.bigint()])
        .transform(([fault, _id, challenger, burned, reward]) => ({
          kind: 'slashed',
          fault: FAULTS[fault] ?? 'unknown',
          challenger,
          burned,
          reward,
        })),
    },
  },
  receiptChallenges: {
    abi: RECEIPT_CHALLENGES_ABI,
    forms: { OverdueNoticed: OverdueEvent.transform((event) => ({ kind: 'noticed', ...event })) },
  },
  reportChallenges: {
    abi: REPORT_CHALLENGES_ABI,
    forms: {
      ReportDemanded: DemandEvent.transform(({ index, shard, counter, untilTimeS, untilBlock }) => ({
        kind: 'demanded',
        batch: index,
        shard,
        counter,
        untilTimeS,
        untilBlock,
      })),
      ReportShown: z
        .tuple([z.bigint(), small, z.bigint()])
        .transform(([batch, shard]) => ({ kind: 'shown', batch, shard })),
      ReportPosted: PostedReportEvent.transform((event) => ({ kind: 'report-posted', ...event })),
    },
  },
  inbox: {
    abi: FORCED_INBOX_ABI,
    forms: {
      OrderForced: ForcedEvent.transform(({ number, commitment }) => ({ kind: 'forced', number, commitment })),
      OrderDischarged: z
        .tuple([z.bigint(), z.bigint(), small])
        .transform(([number, batch]) => ({ kind: 'discharged', number, batch })),
      Frozen: z.tuple([z.bigint(), z.bigint()]).transform(([, left]) => ({ kind: 'frozen', left })),
    },
  },
} as const satisfies Record<keyof AroundLedger, { abi: readonly string[]; forms: Forms }>
const NAMES = ['bond', 'receiptChallenges', 'reportChallenges', 'inbox'] as const

/** Reads everything that was told of an operator. @param around as far as it is known. @throws ChainError. */
export async function readChallenges(
  provider: JsonRpcProvider,
  ledger: Contract,
  around: Partial<AroundLedger>,
  range: BlockRange,
): Promise<ChallengeHistory> {
  const events: ChallengeEvent[] = []
  const times = new Map<number, bigint>()
  const read = async (contract: Contract, forms: Forms, filter: Parameters<typeof logsOf>[1]): Promise<void> => {
    for await (const log of logsOf(contract, filter, range.fromBlock, range.toBlock)) {
      const form = forms[log.eventName]
      if (form) events.push(await eventOf(log, form, String(contract.target), times))
    }
  }
  for (const name of Object.keys(LEDGER_FORMS)) await read(ledger, LEDGER_FORMS, ledger.filters[name]?.())
  for (const name of NAMES) {
    const { abi, forms } = AROUND[name]
    const address = around[name]
    if (address !== undefined) await read(new Contract(address, abi, provider), forms, '*')
  }
  events.sort((a, b) => a.block - b.block || a.position - b.position)
  return { around, events, bond: around.bond === undefined ? undefined : await bondAt(provider, around.bond) }
}

async function eventOf(
  log: EventLog,
  form: z.ZodType<ChallengeTold>,
  emitter: string,
  times: Map<number, bigint>,
): Promise<ChallengeEvent> {
  const told = parse(form, decodeEvent(log, emitter).toArray())
  const { blockNumber: block, transactionHash: transaction, index: position } = log
  const time = times.get(block) ?? (await timeOf(log))
  times.set(block, time)
  return { ...told, time, block, transaction, position }
}
