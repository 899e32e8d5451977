import { Contract, type JsonRpcProvider, type Signer } from 'ethers'
import type { ServedReport } from '../order/served.ts'
import type { Head, Inclusion } from '../statement/record.ts'
import { BOND_ABI } from './abi.ts'
import { ContractCaller } from './contract-caller.ts'
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

/** A transaction that is not mined for so long is looked at again later, ms. */
const MINED_LIMIT_MS = 60_000

/** Answers what the contracts around a ledger ask of its operator. Anybody may: its account has no rights and is not the submitter's, whose transactions must follow each other. Every method throws ChainError. */
export class DutyWriter {
  readonly #provider: JsonRpcProvider
  readonly #caller: ContractCaller<'inbox' | 'reportChallenges'>

  private constructor(provider: JsonRpcProvider, caller: ContractCaller<'inbox' | 'reportChallenges'>) {
    this.#provider = provider
    this.#caller = caller
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
    const { inbox, reportChallenges } = contracts
    return new DutyWriter(provider, new ContractCaller(provider, { inbox, reportChallenges }, privateKey, turn))
  }

  /** Lets the connection go. */
  close(): void {
    this.#provider.destroy()
  }

  /** Shows that forced orders were taken, in the queue's order. */
  async dischargeMany(discharges: readonly Discharge[]): Promise<void> {
    const inclusions = discharges.map(({ inclusion }) => inclusion)
    const heads = discharges.map(({ head }) => headWords(head))
    const args = [inclusions, heads]
    await this.#caller.send({ contract: 'inbox', method: 'dischargeMany', args }, MINED_LIMIT_MS)
  }

  /** Answers the question for a batch's report. @param signature the shard's, 65 bytes. */
  async showReport(index: bigint, report: ServedReport, signature: string): Promise<void> {
    const args = [index, report.shard, report, signatureWords(signature)]
    await this.#caller.send({ contract: 'reportChallenges', method: 'showReport', args }, MINED_LIMIT_MS)
  }
}

/** Puts ether at stake. @throws ChainError. */
export async function depositStake(signer: Signer, bond: string, amount: bigint): Promise<void> {
  await naming(async () => {
    const sent = await new Contract(bond, BOND_ABI, signer).getFunction('deposit')({ value: amount })
    await sent.wait()
  })
}
