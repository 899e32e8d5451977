import { Contract, Interface, type JsonRpcProvider } from 'ethers'
import { z } from 'zod'
import { keccakWords } from '../base/keccak.ts'
import { Address } from '../base/schema.ts'
import type { ServedReport } from '../order/served.ts'
import { BOND_ABI, FORCED_INBOX_ABI, RECEIPT_CHALLENGES_ABI, REPORT_CHALLENGES_ABI } from './abi.ts'
import type { AroundLedger } from './around-ledger.ts'
import { ask, parse } from './ask.ts'
import { type BondState, bondAt } from './bond-state.ts'
import { decodeEvent } from './canonical.ts'
import { naming } from './contract-error.ts'
import { logsOf, timeOf } from './logs.ts'
import { FAULTS } from './system-config.ts'
import {
  DemandEvent,
  DueFields,
  ForcedEvent,
  type ForcedOrder,
  OverdueEvent,
  type OverdueNotice,
  PostCall,
  type PostedReport,
  PostedReportEvent,
  type ReportDemand,
} from './system-schema.ts'

/** Forced orders that are due together. */
export interface DueGroup {
  readonly from: bigint
  readonly to: bigint
  /** Of them, not discharged. */
  readonly left: bigint
  /** The ledger's uptime, seconds, by which they have to be discharged; 0n when none are left. */
  readonly dueAt: bigint
}

/** A forced order, and when it was posted. */
export interface PostedOrder extends ForcedOrder {
  /** Time of the block, s since the Unix epoch. */
  readonly postedAtS: number
}

/** A range of blocks, both ends included. */
export interface BlockRange {
  readonly fromBlock: number
  readonly toBlock: number
}

/** Reads what stands around a ledger: stake, what is asked of the operator, what is due. Holds no key, trusts no answer's shape. Every method throws ChainError. */
export class SystemReader {
  readonly #provider: JsonRpcProvider
  readonly #bond: Contract
  readonly #inbox: Contract
  readonly #receipts: Contract
  readonly #reports: Contract

  constructor(provider: JsonRpcProvider, contracts: AroundLedger) {
    this.#provider = provider
    this.#bond = new Contract(contracts.bond, BOND_ABI, provider)
    this.#inbox = new Contract(contracts.inbox, FORCED_INBOX_ABI, provider)
    this.#receipts = new Contract(contracts.receiptChallenges, RECEIPT_CHALLENGES_ABI, provider)
    this.#reports = new Contract(contracts.reportChallenges, REPORT_CHALLENGES_ABI, provider)
  }

  bond(): Promise<BondState> {
    return bondAt(this.#provider, String(this.#bond.target))
  }

  /** Wei that an account can collect from the bond. */
  credit(account: string): Promise<bigint> {
    return ask(this.#bond, 'creditOf', [parse(Address, account)], z.bigint())
  }

  due(): Promise<DueGroup> {
    return ask(this.#inbox, 'due', [], DueFields)
  }

  /** Orders posted, in the queue's order. */
  forcedOrders(range: BlockRange): Promise<ForcedOrder[]> {
    return events(this.#inbox, 'OrderForced', range, ForcedEvent)
  }

  /** The same with the times of their blocks. */
  async postedOrders({ fromBlock, toBlock }: BlockRange): Promise<PostedOrder[]> {
    const emitter = await this.#inbox.getAddress()
    const found: PostedOrder[] = []
    for await (const log of logsOf(this.#inbox, 'OrderForced', fromBlock, toBlock)) {
      const order = parse(ForcedEvent, decodeEvent(log, emitter).toArray())
      found.push({ ...order, postedAtS: Number(await timeOf(log)) })
    }
    return found
  }

  /** Whether a commitment waits in the inbox. */
  async waits(commitment: bigint): Promise<boolean> {
    const [waits] = await ask(this.#inbox, 'numberOf', [commitment], z.tuple([z.boolean(), z.bigint()]))
    return waits
  }

  /** Questions for reports; each is open until it is answered or concluded. */
  demands(range: BlockRange): Promise<ReportDemand[]> {
    return events(this.#reports, 'ReportDemanded', range, DemandEvent)
  }

  /** What became of a demand for a shard's report behind a batch. */
  async answerTo(index: bigint, shard: number, range: BlockRange): Promise<'unasked' | 'asked' | 'shown' | 'missing'> {
    const { fault, id } = unreportedFault(index, shard)
    if (await ask(this.#bond, 'isSlashed', [fault, id], z.boolean())) return 'missing'
    const told = async (name: string) => {
      for await (const _ of logsOf(
        this.#reports,
        this.#reports.filters[name]?.(index, shard),
        range.fromBlock,
        range.toBlock,
      ))
        return true
      return false
    }
    if (await told('ReportShown')) return 'shown'
    return (await told('ReportDemanded')) ? 'asked' : 'unasked'
  }

  /** Reports that batches opened after their due time have to apply. */
  postedReports(range: BlockRange): Promise<PostedReport[]> {
    return events(this.#reports, 'ReportPosted', range, PostedReportEvent)
  }

  /** The same with what the shards signed, as far as a transaction carries the call in so many words. */
  async signedReports(range: BlockRange): Promise<{ report: ServedReport; signature: string }[]> {
    const emitter = await this.#reports.getAddress()
    const found: { report: ServedReport; signature: string }[] = []
    for await (const log of logsOf(this.#reports, 'ReportPosted', range.fromBlock, range.toBlock)) {
      const { epoch, shard, counter } = parse(PostedReportEvent, decodeEvent(log, emitter).toArray())
      const { data } = await naming(() => log.getTransaction())
      for (const { report, signature } of reportsIn(data))
        if (report.epoch === epoch && report.shard === shard && report.counter === counter)
          found.push({ report, signature })
    }
    return found
  }

  /** Batches that somebody noticed to be overdue. */
  overdueNotices(range: BlockRange): Promise<OverdueNotice[]> {
    return events(this.#receipts, 'OverdueNoticed', range, OverdueEvent)
  }
}

/** How the bond names work without a report: its class, and batch and shard. */
const unreportedFault = (index: bigint, shard: number) => ({
  fault: FAULTS.indexOf('unreported'),
  id: keccakWords([index, BigInt(shard)]),
})
const REPORTS = new Interface(REPORT_CHALLENGES_ABI)
const POST = REPORTS.getFunction('postReport')?.selector.slice(2) ?? ''

/** Calls of `postReport` in calldata, also inside another call. */
function* reportsIn(data: string): Generator<z.infer<typeof PostCall>> {
  for (let from = data.indexOf(POST); from >= 0; from = data.indexOf(POST, from + 1)) {
    const call = `0x${data.slice(from)}`
    try {
      yield PostCall.parse(REPORTS.decodeFunctionData('postReport', call).toArray(true))
    } catch {
      // The four bytes were there by chance.
    }
  }
}

async function events<T>(
  contract: Contract,
  name: string,
  { fromBlock, toBlock }: BlockRange,
  schema: z.ZodType<T>,
): Promise<T[]> {
  const emitter = await contract.getAddress()
  const found: T[] = []
  for await (const log of logsOf(contract, name, fromBlock, toBlock))
    found.push(parse(schema, decodeEvent(log, emitter).toArray()))
  return found
}
