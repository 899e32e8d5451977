import { Contract, type JsonRpcProvider, type Log, type LogDescription, type TransactionReceipt, Wallet } from 'ethers'
import { z } from 'zod'
import type { Hex32 } from '../base/keccak.ts'
import {
  BOND_ABI,
  FORCED_INBOX_ABI,
  RECEIPT_CHALLENGES_ABI,
  REDEMPTION_ABI,
  REPORT_CHALLENGES_ABI,
  REPUTATION_ABI,
  ROUTING_LEDGER_ABI,
} from './abi.ts'
import { ask } from './ask.ts'
import { naming } from './contract-error.ts'
import { ChainError } from './error.ts'
import { SendingTurn } from './sending-turn.ts'

/** Contracts that somebody without rights calls: traders, challengers, whoever answers. */
const ABIS = {
  ledger: ROUTING_LEDGER_ABI,
  bond: BOND_ABI,
  inbox: FORCED_INBOX_ABI,
  receiptChallenges: RECEIPT_CHALLENGES_ABI,
  reportChallenges: REPORT_CHALLENGES_ABI,
  redemption: REDEMPTION_ABI,
  reputation: REPUTATION_ABI,
} as const
export type Callable = keyof typeof ABIS

/** One call of a contract. */
export interface ContractCall<C extends Callable = Callable> {
  readonly contract: C
  readonly method: string
  readonly args: readonly unknown[]
  /** Wei that go with it. */
  readonly value?: bigint
}

/** A call that was sent, and mined. */
export interface MinedCall<C extends Callable = Callable> {
  readonly contract: C
  readonly method: string
  readonly transaction: Hex32
  readonly block: number
  readonly gasUsed: bigint
}

/** Why a contract would refuse a call now: its custom error. */
export interface Refusal {
  readonly error: string
  readonly args: readonly unknown[]
}

const Mined = z.custom<TransactionReceipt>((value) => typeof value === 'object' && value !== null && 'logs' in value)

/** Calls the contracts around a ledger with one account. Every method throws ChainError. */
export class ContractCaller<C extends Callable> {
  readonly address: string
  readonly #contracts: Readonly<Record<C, Contract>>
  readonly #turn: SendingTurn

  /**
   * @param privateKey 0x-prefixed hex; never logged, never in an error.
   * @param turn of the account, where others send from it too.
   */
  constructor(
    provider: JsonRpcProvider,
    addresses: Readonly<Record<C, string>>,
    privateKey: string,
    turn = new SendingTurn(),
  ) {
    this.#turn = turn
    const wallet = new Wallet(privateKey, provider)
    const given: Readonly<Partial<Record<string, string>>> = addresses
    const contracts = Object.entries(ABIS).flatMap(([name, abi]) => {
      const address = given[name]
      return address === undefined ? [] : [[name, new Contract(address, abi, wallet)]]
    })
    this.address = wallet.address
    // The names are those of the addresses, as far as they are called.
    this.#contracts = Object.fromEntries(contracts) as Record<C, Contract>
  }

  /** A view's answer. */
  ask<T>(contract: C, method: string, args: readonly unknown[], schema: z.ZodType<T>): Promise<T> {
    return ask(this.#contracts[contract], method, [...args], schema)
  }

  /** Whether the contract would take a call now; nothing is sent. @returns why it would refuse, `undefined` when it would not. */
  async refusal({ contract, method, args, value = 0n }: ContractCall<C>): Promise<Refusal | undefined> {
    const overrides = { value, from: this.address }
    try {
      await naming(() => this.#contracts[contract].getFunction(method).staticCall(...args, overrides))
      return undefined
    } catch (error) {
      if (!(error instanceof ChainError) || error.code !== 'TRANSACTION_REVERTED') throw error
      const { error: name, args: values } = error.details
      return { error: String(name), args: Array.isArray(values) ? values : [] }
    }
  }

  /**
   * Sends a call and waits until it is mined.
   * @param minedMs how long it waits; for ever when left out.
   * @returns the call, and what the transaction's logs told.
   * @throws ChainError `TRANSACTION_REVERTED`, `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE` when it is not mined in time.
   */
  async send(
    { contract, method, args, value = 0n }: ContractCall<C>,
    minedMs?: number,
  ): Promise<{ readonly mined: MinedCall<C>; readonly logs: readonly Log[] }> {
    const { hash, blockNumber, gasUsed, logs } = await naming(async () => {
      const call = this.#contracts[contract].getFunction(method)
      const sent = await this.#turn.take(() => call(...args, { value }))
      return Mined.parse(await sent.wait(1, minedMs))
    })
    return { mined: { contract, method, transaction: hash, block: blockNumber, gasUsed }, logs }
  }

  /** The first event of that name that a contract told among logs. */
  eventIn(contract: C, name: string, logs: readonly Log[]): LogDescription | undefined {
    const { target, interface: abi } = this.#contracts[contract]
    for (const log of logs) {
      const found = log.address === target ? abi.parseLog(log) : null
      if (found?.name === name) return found
    }
    return undefined
  }

  /** Takes what a contract owes the account. @returns the call and its wei, `undefined` when it owes nothing. */
  async collect(contract: C): Promise<{ readonly mined: MinedCall<C>; readonly amount: bigint } | undefined> {
    const amount = await this.ask(contract, 'creditOf', [this.address], z.bigint())
    if (amount === 0n) return undefined
    const { mined } = await this.send({ contract, method: 'collect', args: [this.address] })
    return { mined, amount }
  }
}
