import { Contract, type JsonRpcProvider, type TransactionReceipt, Wallet } from 'ethers'
import { z } from 'zod'
import type { Hex32 } from '../base/keccak.ts'
import { BOND_ABI, RECEIPT_CHALLENGES_ABI, REPORT_CHALLENGES_ABI } from './abi.ts'
import { type AroundLedger, belongs } from './around-ledger.ts'
import { ask, parse } from './ask.ts'
import { naming } from './contract-error.ts'
import { ChainError } from './error.ts'
import { connectProvider } from './provider.ts'
import { FAULTS, type FaultClass } from './system-config.ts'

/** Contracts that a challenger calls. */
const ABIS = {
  receiptChallenges: RECEIPT_CHALLENGES_ABI,
  reportChallenges: REPORT_CHALLENGES_ABI,
  bond: BOND_ABI,
} as const
export type Challenged = keyof typeof ABIS

/** One call of a challenge. */
export interface ChallengeCall {
  readonly contract: Challenged
  readonly method: string
  readonly args: readonly unknown[]
  /** Wei that go with it. */
  readonly value?: bigint
}

/** What the operator lost by a call. Wei. */
export interface Slash {
  readonly fault: FaultClass
  /** Who can collect the reward. */
  readonly challenger: string
  readonly burned: bigint
  readonly reward: bigint
}

/** A call that was sent, and mined. */
export interface SentCall {
  readonly contract: Challenged
  readonly method: string
  readonly transaction: Hex32
  readonly block: number
  readonly gasUsed: bigint
  readonly slash?: Slash
}

/** Why a contract would refuse a call now: its custom error. */
export interface Refusal {
  readonly error: string
  readonly args: readonly unknown[]
}

/** Where to challenge, and with whose key. */
export interface ChallengerSource {
  readonly rpcUrl: string
  readonly ledger: string
  readonly around: AroundLedger
  /** 0x-prefixed hex; never logged, never in an error. */
  readonly privateKey: string
}

const SlashedEvent = z.object({
  fault: z.bigint().transform(Number),
  challenger: z.string(),
  burned: z.bigint(),
  reward: z.bigint(),
})

/** Calls the challenge contracts with one account. Every method throws ChainError. */
export class Challenger {
  readonly address: string
  readonly #provider: JsonRpcProvider
  readonly #contracts: Readonly<Record<Challenged, Contract>>

  private constructor(provider: JsonRpcProvider, wallet: Wallet, around: AroundLedger) {
    this.#provider = provider
    this.address = wallet.address
    this.#contracts = {
      receiptChallenges: new Contract(around.receiptChallenges, ABIS.receiptChallenges, wallet),
      reportChallenges: new Contract(around.reportChallenges, ABIS.reportChallenges, wallet),
      bond: new Contract(around.bond, ABIS.bond, wallet),
    }
  }

  /** @throws ChainError `CHAIN_UNREACHABLE`; `CHAIN_MISMATCH` when the contracts are not those of the ledger: nothing is sent to strangers. */
  static async connect({ rpcUrl, ledger, around, privateKey }: ChallengerSource): Promise<Challenger> {
    const { provider } = await connectProvider(rpcUrl)
    try {
      if (!(await belongs(provider, ledger, around)))
        throw new ChainError('CHAIN_MISMATCH', `the challenge contracts are not those of ledger ${ledger}`, {
          details: { ledger, ...around },
        })
      return new Challenger(provider, new Wallet(privateKey, provider), around)
    } catch (error) {
      provider.destroy()
      throw error
    }
  }

  /** Lets the connection go. */
  close(): void {
    this.#provider.destroy()
  }

  /** Block from which a record counts as evidence; 0n when nobody had it sighted. */
  finalAt(contract: 'receiptChallenges' | 'reportChallenges', record: Hex32): Promise<bigint> {
    return ask(this.#contracts[contract], 'finalAt', [record], z.bigint())
  }

  /** Wei that a demand puts up. */
  challengeBond(): Promise<bigint> {
    return ask(this.#contracts.reportChallenges, 'challengeBond', [], z.bigint())
  }

  /** Wei that the account can collect from the bond. */
  credit(): Promise<bigint> {
    return ask(this.#contracts.bond, 'creditOf', [this.address], z.bigint())
  }

  /** Takes what the account can collect: rewards, and what it put up for demands. */
  async collect(): Promise<SentCall[]> {
    const sent: SentCall[] = []
    for (const contract of ['bond', 'reportChallenges'] as const) {
      const credit = await ask(this.#contracts[contract], 'creditOf', [this.address], z.bigint())
      if (credit > 0n) sent.push(await this.send({ contract, method: 'collect', args: [this.address] }))
    }
    return sent
  }

  /** Whether the contract would take a call now; nothing is sent. @returns why it would refuse, `undefined` when it would not. */
  async refusal({ contract, method, args, value = 0n }: ChallengeCall): Promise<Refusal | undefined> {
    try {
      await naming(() =>
        this.#contracts[contract].getFunction(method).staticCall(...args, { value, from: this.address }),
      )
      return undefined
    } catch (error) {
      if (!(error instanceof ChainError) || error.code !== 'TRANSACTION_REVERTED') throw error
      const { error: name, args: values } = error.details
      return { error: String(name), args: Array.isArray(values) ? values : [] }
    }
  }

  /** Sends a call and waits until it is mined. @throws ChainError `TRANSACTION_REVERTED`, `TRANSACTION_REFUSED`. */
  async send({ contract, method, args, value = 0n }: ChallengeCall): Promise<SentCall> {
    const receipt = await naming(async () => {
      const sent = await this.#contracts[contract].getFunction(method)(...args, { value })
      return sent.wait()
    })
    const { hash: transaction, blockNumber: block, gasUsed }: TransactionReceipt = receipt
    const slash = this.#slashIn(receipt)
    return { contract, method, transaction, block, gasUsed, ...(slash && { slash }) }
  }

  #slashIn({ logs }: TransactionReceipt): Slash | undefined {
    const { bond } = this.#contracts
    for (const log of logs) {
      if (log.address !== bond.target) continue
      const found = bond.interface.parseLog(log)
      if (found?.name !== 'Slashed') continue
      const { fault, ...rest } = parse(SlashedEvent, found.args.toObject())
      const name = FAULTS[fault]
      if (name) return { fault: name, ...rest }
    }
    return undefined
  }
}
