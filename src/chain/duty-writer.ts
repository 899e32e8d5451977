import { Contract, type JsonRpcProvider, type Signer, type TransactionResponse, Wallet } from 'ethers'
import { z } from 'zod'
import type { ServedReport } from '../order/served.ts'
import type { Head, Inclusion } from '../statement/record.ts'
import { BOND_ABI, FORCED_INBOX_ABI, REPORT_CHALLENGES_ABI } from './abi.ts'
import { naming } from './contract-error.ts'
import { headWords, signatureWords } from './evidence.ts'
import { connectProvider } from './provider.ts'
import { SendingTurn } from './sending-turn.ts'
import type { SystemAddresses } from './system-contracts.ts'

/** An order that was taken, and the head after its batch. */
export interface Discharge {
  readonly inclusion: Inclusion
  readonly head: Head
}

/** Answers what the contracts around a ledger ask of its operator. Anybody may: its account has no rights and is not the submitter's, whose transactions must follow each other. Every method throws ChainError. */
export class DutyWriter {
  readonly address: string
  readonly #provider: JsonRpcProvider
  readonly #turn: SendingTurn
  readonly #inbox: Contract
  readonly #reports: Contract

  private constructor(provider: JsonRpcProvider, wallet: Wallet, contracts: SystemAddresses, turn: SendingTurn) {
    this.address = wallet.address
    this.#provider = provider
    this.#turn = turn
    this.#inbox = new Contract(contracts.inbox, FORCED_INBOX_ABI, wallet)
    this.#reports = new Contract(contracts.reportChallenges, REPORT_CHALLENGES_ABI, wallet)
  }

  /**
   * @param privateKey 0x-prefixed hex; never logged, never in an error.
   * @param turn of the account, where others send from it too.
   */
  static async connect(
    rpcUrl: string,
    contracts: SystemAddresses,
    privateKey: string,
    turn = new SendingTurn(),
  ): Promise<DutyWriter> {
    const { provider } = await connectProvider(rpcUrl)
    return new DutyWriter(provider, new Wallet(privateKey, provider), contracts, turn)
  }

  /** Lets the connection go. */
  close(): void {
    this.#provider.destroy()
  }

  /** Shows that forced orders were taken, in the queue's order. */
  async dischargeMany(discharges: readonly Discharge[]): Promise<void> {
    const inclusions = discharges.map(({ inclusion }) => inclusion)
    const heads = discharges.map(({ head }) => headWords(head))
    await send(this.#inbox, 'dischargeMany', [inclusions, heads], this.#turn)
  }

  /** Answers the question for a batch's report. @param signature the shard's, 65 bytes. */
  async showReport(index: bigint, report: ServedReport, signature: string): Promise<void> {
    await send(this.#reports, 'showReport', [index, report.shard, report, signatureWords(signature)], this.#turn)
  }
}

/** Puts ether at stake. @throws ChainError. */
export async function depositStake(signer: Signer, bond: string, amount: bigint): Promise<void> {
  await send(new Contract(bond, BOND_ABI, signer), 'deposit', [{ value: amount }])
}

/** A transaction that is not mined for so long is looked at again later, ms. */
const MINED_LIMIT_MS = 60_000
const Sent = z.custom<TransactionResponse>((value) => typeof value === 'object' && value !== null && 'wait' in value)

async function send(
  contract: Contract,
  method: string,
  args: readonly unknown[],
  turn = new SendingTurn(),
): Promise<void> {
  await naming(async () => {
    const sent = await turn.take(async () => Sent.parse(await contract.getFunction(method)(...args)))
    await sent.wait(1, MINED_LIMIT_MS)
  })
}
