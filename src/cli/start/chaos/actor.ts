import { Contract, type JsonRpcProvider, type TransactionReceipt, Wallet } from 'ethers'
import {
  BOND_ABI,
  FORCED_INBOX_ABI,
  RECEIPT_CHALLENGES_ABI,
  REDEMPTION_ABI,
  ROUTING_LEDGER_ABI,
} from '../../../chain/abi.ts'
import { naming } from '../../../chain/contract-error.ts'
import type { SystemAddresses } from '../../../chain/system-contracts.ts'

const ABIS = {
  bond: BOND_ABI,
  inbox: FORCED_INBOX_ABI,
  receiptChallenges: RECEIPT_CHALLENGES_ABI,
  redemption: REDEMPTION_ABI,
  ledger: ROUTING_LEDGER_ABI,
} as const
type Known = keyof typeof ABIS

const FUNDS = `0x${(10n ** 20n).toString(16)}`

/** Somebody with an account of their own, who talks to the contracts and to nobody else. */
export class Actor {
  readonly #wallet: Wallet
  readonly #contracts: SystemAddresses

  private constructor(wallet: Wallet, contracts: SystemAddresses) {
    this.#wallet = wallet
    this.#contracts = contracts
  }

  /** A new account with 100 ether of a development chain. */
  static async arrive(provider: JsonRpcProvider, contracts: SystemAddresses): Promise<Actor> {
    const wallet = new Wallet(Wallet.createRandom().privateKey, provider)
    await provider.send('anvil_setBalance', [wallet.address, FUNDS])
    return new Actor(wallet, contracts)
  }

  get address(): string {
    return this.#wallet.address
  }

  /** Calls and waits. @throws ChainError. */
  async send(key: Known, method: string, args: readonly unknown[], value = 0n): Promise<TransactionReceipt | null> {
    return naming(async () => (await this.#at(key).getFunction(method)(...args, { value })).wait())
  }

  /** A view's answer, of a type that the caller knows. @throws ChainError. */
  ask(key: Known, method: string, ...args: unknown[]): Promise<unknown> {
    return naming(() => this.#at(key).getFunction(method)(...args))
  }

  /** Takes what a contract owes. @returns wei. */
  async collect(key: 'bond' | 'redemption'): Promise<bigint> {
    const owed = BigInt(String(await this.ask(key, 'creditOf', this.address)))
    if (owed > 0n) await this.send(key, 'collect', [this.address])
    return owed
  }

  #at(key: Known): Contract {
    return new Contract(this.#contracts[key], ABIS[key], this.#wallet)
  }
}
