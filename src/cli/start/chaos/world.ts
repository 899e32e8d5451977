import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { hexlify, type JsonRpcProvider } from 'ethers'
import { ChainError } from '../../../chain/error.ts'
import { connectProvider } from '../../../chain/provider.ts'
import { LedgerReader } from '../../../chain/reader.ts'
import type { SystemAddresses } from '../../../chain/system-contracts.ts'
import { SystemReader } from '../../../chain/system-reader.ts'
import { type PreparedOrder, prepareOrder } from '../../../client/prepare.ts'
import type { SignedReceipt } from '../../../service/api.ts'
import type { LocalFairlead } from '../../../service/bootstrap.ts'
import { type Clock, systemClock } from '../../../service/clock.ts'
import type { StopCause } from '../../../service/gate.ts'
import type { ChainWrites } from '../../../service/ports.ts'
import type { FairleadService } from '../../../service/service.ts'
import { CliError } from '../../shared/exit.ts'
import { type Actor, arrive } from './actor.ts'

/** Longest that one step of the story may wait for something, ms. */
const PATIENCE_MS = 60_000
const LOOK_MS = 50

/** The operator's clock, which goes with the chain's when that is moved on, and its way to the chain, which can be cut. */
export class Levers {
  #ahead = 0n
  /** Whether batches are held back. */
  withholding = false

  readonly clock: Clock = () => systemClock() + this.#ahead

  /** @param timeS of the chain, s since the Unix epoch. */
  follow(timeS: number): void {
    const ahead = BigInt(timeS) * 1_000_000n - systemClock()
    if (ahead > this.#ahead) this.#ahead = ahead
  }

  readonly between = (writer: ChainWrites): ChainWrites => ({
    nextNonce: () => writer.nextNonce(),
    reprice: (transaction) => writer.reprice(transaction),
    broadcast: (transaction) => writer.broadcast(transaction),
    prepareBatches: async (...args) => {
      if (this.withholding) throw new ChainError('CHAIN_UNREACHABLE', 'batches are withheld')
      return writer.prepareBatches(...args)
    },
  })
}

/** Everything that the steps of a chaos run play with. */
export class ChaosWorld {
  readonly levers: Levers
  readonly reader: LedgerReader
  readonly system: SystemReader
  readonly contracts: SystemAddresses
  /** Receipts that the service gave, in order; those that became void are known by their signatures. */
  readonly receipts: SignedReceipt[] = []
  readonly voided = new Set<string>()
  readonly #local: LocalFairlead
  readonly #provider: JsonRpcProvider
  #nonce = 0n

  private constructor(
    local: LocalFairlead,
    levers: Levers,
    parts: { reader: LedgerReader; provider: JsonRpcProvider },
  ) {
    const { contracts } = local.deployment
    if (!contracts) throw new CliError('USAGE', 'the ledger has no contracts around it')
    this.contracts = contracts
    this.levers = levers
    this.reader = parts.reader
    this.system = new SystemReader(parts.provider, contracts)
    this.#local = local
    this.#provider = parts.provider
  }

  static async open(local: LocalFairlead, levers: Levers): Promise<ChaosWorld> {
    const { ledger, fromBlock } = local.deployment
    const { provider } = await connectProvider(local.chain.url)
    provider.pollingInterval = LOOK_MS
    const reader = await LedgerReader.connect({ rpcUrl: local.chain.url, ledger, fromBlock })
    return new ChaosWorld(local, levers, { reader, provider })
  }

  close(): void {
    this.reader.close()
    this.#provider.destroy()
  }

  get local(): LocalFairlead {
    return this.#local
  }
  /** The one that runs now. */
  get service(): FairleadService {
    return this.#local.service
  }
  async reopen(): Promise<void> {
    await this.#local.reopen()
  }

  arrive = (): Promise<Actor> => arrive(this.#provider, this.contracts)

  /** An order as the client makes it, with details that only its trader can open. */
  orderBy({ address: account }: Actor, size = 5): PreparedOrder {
    const nonce = ++this.#nonce
    const market = hexlify(randomBytes(32))
    const terms = { account, market, price: 5n, expiry: 2n ** 40n, nonce, timeInForce: 0, maxFee: 30_000n }
    return prepareOrder({ size, side: nonce % 2n === 0n ? 'buy' : 'sell', terms }, 'retail', this.reader.config)
  }

  /** Sends orders to the service. @returns their receipts. */
  async place(orders: readonly PreparedOrder[]): Promise<SignedReceipt[]> {
    const caller = { keyId: 'chaos', segment: 'retail' } as const
    const outcomes = await this.service.submitOrders(
      orders.map(({ size, side, segment, details }) => ({ size, side, segment, details })),
      caller,
    )
    const receipts = outcomes.map((outcome) => {
      if (outcome.status === 'refused') throw new CliError('SERVICE_REFUSED', `no receipt: ${outcome.refusal.code}`)
      return outcome.receipt
    })
    this.receipts.push(...receipts)
    return receipts
  }

  /** Resolves when the service stops receipts for a cause. */
  stopped = (cause: StopCause): Promise<void> =>
    this.until(`receipts stopped: ${cause}`, async () =>
      (await this.service.readiness()).some(({ name, ok }) => name === cause && !ok),
    )

  /** The state of a receipt's batch, as the service tells it. */
  async stateOf({ commitment, epoch, batch }: SignedReceipt): Promise<string | undefined> {
    const status = await this.service.orderStatus(commitment)
    return status?.entries.find(({ receipt }) => receipt.epoch === epoch && receipt.batch === batch)?.batchState
  }

  /** Resolves when the batches of these receipts are in one of the states. */
  async reach(receipts: readonly SignedReceipt[], ...states: readonly string[]): Promise<void> {
    for (const receipt of receipts)
      await this.until(`${states[0]} batch ${receipt.batch}`, async () =>
        states.includes((await this.stateOf(receipt)) ?? ''),
      )
  }

  /** Takes blocks out of the chain, back to one. */
  async reorgFrom(block: number): Promise<number> {
    const depth = (await this.reader.blockNumber()) - block + 1
    await this.#provider.send('anvil_reorg', [depth, []])
    return depth
  }

  /** Lets time pass on the chain, and blocks; the operator's clock goes along. */
  async pass(seconds: number, blocks = 1): Promise<void> {
    await this.#provider.send('evm_increaseTime', [seconds])
    await this.#provider.send('anvil_mine', [`0x${blocks.toString(16)}`])
    const block = await this.reader.block(await this.reader.blockNumber())
    this.levers.follow(block?.timeS ?? 0)
  }

  /** Looks until it is so. @throws CliError SERVICE_REFUSED when it does not come about. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const giveUp = performance.now() + PATIENCE_MS; !(await holds()); await delay(LOOK_MS))
      if (performance.now() > giveUp) throw new CliError('SERVICE_REFUSED', `it did not come about: ${what}`)
  }
}
