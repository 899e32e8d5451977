import { Contract, getAddress, type JsonRpcProvider } from 'ethers'
import { z } from 'zod'
import { Address } from '../base/schema.ts'
import { FORCED_INBOX_ABI } from './abi.ts'
import { ask, parse } from './ask.ts'
import { decodeEvent } from './canonical.ts'
import { naming } from './contract-error.ts'
import { logsOf, timeOf } from './logs.ts'
import { DueFields, ForcedEvent } from './system-schema.ts'

/** What an inbox of forced orders told; `time` is the block's, seconds since the Unix epoch. Numbers are places in the queue. */
export type ForcedTold = { readonly time: bigint } & (
  | { readonly kind: 'posted'; readonly number: bigint; readonly commitment: bigint }
  /** Orders `from` up to, not including, `to` have to be taken by that uptime of the ledger, seconds. */
  | { readonly kind: 'due'; readonly from: bigint; readonly to: bigint; readonly dueAt: bigint }
  | { readonly kind: 'discharged'; readonly number: bigint; readonly index: bigint; readonly slot: number }
  | { readonly kind: 'frozen'; readonly from: bigint; readonly left: bigint }
)

/** An inbox's whole history, what is due, and the ledger's clock: seconds in which it could have taken batches. */
export interface ForcedHistory {
  readonly events: readonly ForcedTold[]
  readonly due: { readonly from: bigint; readonly to: bigint; readonly left: bigint; readonly dueAt: bigint }
  readonly uptime: bigint
}

type Untimed = ForcedTold extends infer Event ? (Event extends ForcedTold ? Omit<Event, 'time'> : never) : never

const uint16 = z.bigint().transform(Number)
/** Events by name, as contracts/interfaces/IForcedInbox.sol declares their parameters. Others are about money. */
const EVENTS: Readonly<Record<string, z.ZodType<Untimed>>> = {
  OrderForced: ForcedEvent.transform(({ number, commitment }) => ({ kind: 'posted' as const, number, commitment })),
  GroupDue: z
    .tuple([z.bigint(), z.bigint(), z.bigint()])
    .transform(([from, to, dueAt]) => ({ kind: 'due' as const, from, to, dueAt })),
  OrderDischarged: z
    .tuple([z.bigint(), z.bigint(), uint16])
    .transform(([number, index, slot]) => ({ kind: 'discharged' as const, number, index, slot })),
  Frozen: z.tuple([z.bigint(), z.bigint()]).transform(([from, left]) => ({ kind: 'frozen' as const, from, left })),
}

/** Where to look, and up to which block. */
interface ForcedSource {
  readonly provider: JsonRpcProvider
  readonly ledger: Contract
  readonly toBlock: number
}

/** Reads the inbox that a ledger names, up to a block. @returns `undefined` for a ledger without one. @throws ChainError. */
export async function readForced(source: ForcedSource, fromBlock: number): Promise<ForcedHistory | undefined> {
  const inbox = await inboxOf(source)
  if (!inbox) return undefined
  const clock = await clockOf(source, inbox)
  const address = getAddress(String(inbox.target))
  const times = new Map<number, bigint>()
  const events: ForcedTold[] = []
  for await (const log of logsOf(inbox, '*', fromBlock, source.toBlock)) {
    const form = EVENTS[log.eventName]
    if (!form) continue
    const time = times.get(log.blockNumber) ?? (await timeOf(log))
    times.set(log.blockNumber, time)
    events.push({ ...parse(form, decodeEvent(log, address).toArray()), time })
  }
  return { events, ...clock }
}

/** Whether orders are past their deadline, or the ledger is frozen for some, by three views alone: a reason to read the history. @throws ChainError. */
export async function isForcedLate(source: ForcedSource): Promise<boolean> {
  const inbox = await inboxOf(source)
  if (!inbox) return false
  const { due, uptime } = await clockOf(source, inbox)
  if (due.left > 0n && uptime > due.dueAt) return true
  return ask(source.ledger, 'frozen', [{ blockTag: source.toBlock }], z.boolean())
}

async function inboxOf({ provider, ledger }: ForcedSource): Promise<Contract | undefined> {
  const address = await ask(ledger, 'inbox', [], Address)
  // An account without code may be named where there is no inbox yet.
  if (BigInt(address) === 0n || (await naming(() => provider.getCode(address))) === '0x') return undefined
  return new Contract(address, FORCED_INBOX_ABI, provider)
}

async function clockOf(
  { ledger, toBlock }: ForcedSource,
  inbox: Contract,
): Promise<Pick<ForcedHistory, 'due' | 'uptime'>> {
  const at = { blockTag: toBlock }
  const [due, uptime] = await Promise.all([ask(inbox, 'due', [at], DueFields), ask(ledger, 'uptime', [at], z.bigint())])
  return { due, uptime }
}
