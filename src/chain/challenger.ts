import type { JsonRpcProvider, Log } from 'ethers'
import { z } from 'zod'
import type { Hex32 } from '../base/keccak.ts'
import { type AroundLedger, belongs } from './around-ledger.ts'
import { parse } from './ask.ts'
import { type ContractCall, ContractCaller, type MinedCall, type Refusal } from './contract-caller.ts'
import { ChainError } from './error.ts'
import { connectProvider } from './provider.ts'
import { FAULTS, type FaultClass } from './system-config.ts'

/** Contracts that a challenger calls. */
export type Challenged = 'receiptChallenges' | 'reportChallenges' | 'bond'

/** One call of a challenge. */
export type ChallengeCall = ContractCall<Challenged>

/** What the operator lost by a call. Wei. */
export interface Slash {
  readonly fault: FaultClass
  /** Who can collect the reward. */
  readonly challenger: string
  readonly burned: bigint
  readonly reward: bigint
}

/** A call that was sent, and mined. */
export type SentCall = MinedCall<Challenged> & { readonly slash?: Slash }

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
  readonly #provider: JsonRpcProvider
  readonly #caller: ContractCaller<Challenged>

  private constructor(provider: JsonRpcProvider, caller: ContractCaller<Challenged>) {
    this.#provider = provider
    this.#caller = caller
  }

  /** @throws ChainError `CHAIN_UNREACHABLE`; `CHAIN_MISMATCH` when the contracts are not those of the ledger: nothing is sent to strangers. */
  static async connect({ rpcUrl, ledger, around, privateKey }: ChallengerSource): Promise<Challenger> {
    const { provider } = await connectProvider(rpcUrl)
    try {
      if (!(await belongs(provider, ledger, around)))
        throw new ChainError('CHAIN_MISMATCH', `the challenge contracts are not those of ledger ${ledger}`, {
          details: { ledger, ...around },
        })
      const { bond, receiptChallenges, reportChallenges } = around
      const addresses = { bond, receiptChallenges, reportChallenges }
      return new Challenger(provider, new ContractCaller(provider, addresses, privateKey))
    } catch (error) {
      provider.destroy()
      throw error
    }
  }

  /** Lets the connection go. */
  close(): void {
    this.#provider.destroy()
  }

  get address(): string {
    return this.#caller.address
  }

  /** Block from which a record counts as evidence; 0n when nobody had it sighted. */
  finalAt(contract: 'receiptChallenges' | 'reportChallenges', record: Hex32): Promise<bigint> {
    return this.#caller.ask(contract, 'finalAt', [record], z.bigint())
  }

  /** Wei that a demand puts up. */
  challengeBond(): Promise<bigint> {
    return this.#caller.ask('reportChallenges', 'challengeBond', [], z.bigint())
  }

  /** Wei that the account can collect from the bond. */
  credit(): Promise<bigint> {
    return this.#caller.ask('bond', 'creditOf', [this.address], z.bigint())
  }

  /** Takes what the account can collect: rewards, and what it put up for demands. */
  async collect(): Promise<SentCall[]> {
    const sent: SentCall[] = []
    for (const contract of ['bond', 'reportChallenges'] as const) {
      const collected = await this.#caller.collect(contract)
      if (collected) sent.push(collected.mined)
    }
    return sent
  }

  /** Whether the contract would take a call now; nothing is sent. @returns why it would refuse, `undefined` when it would not. */
  refusal(call: ChallengeCall): Promise<Refusal | undefined> {
    return this.#caller.refusal(call)
  }

  /** Sends a call and waits until it is mined. @throws ChainError `TRANSACTION_REVERTED`, `TRANSACTION_REFUSED`. */
  async send(call: ChallengeCall): Promise<SentCall> {
    const { mined, logs } = await this.#caller.send(call)
    const slash = this.#slashIn(logs)
    return { ...mined, ...(slash && { slash }) }
  }

  #slashIn(logs: readonly Log[]): Slash | undefined {
    const found = this.#caller.eventIn('bond', 'Slashed', logs)
    if (!found) return undefined
    const { fault, ...rest } = parse(SlashedEvent, found.args.toObject())
    const name = FAULTS[fault]
    return name && { fault: name, ...rest }
  }
}
