import {
  Contract,
  isError,
  type JsonRpcProvider,
  type LogDescription,
  Signature,
  Transaction,
  type TransactionRequest,
  Wallet,
} from 'ethers'
import { max } from '../base/integers.ts'
import type { Hex32 } from '../base/keccak.ts'
import type { SubmissionWords } from '../statement/submission.ts'
import { chainError, naming } from './contract-error.ts'
import { ChainError } from './error.ts'
import { LEDGER, REGISTRY } from './interfaces.ts'
import { connectProvider } from './provider.ts'
import type { PolicyWords } from './reader-schema.ts'
import { encodeSubmissions } from './submission.ts'

/** Gas on top of an estimate, in percent: what a batch costs depends a little on the state that it meets. */
const GAS_MARGIN = 15n

/** Where to write, and with whose key. */
export interface WriterSource {
  readonly rpcUrl: string
  readonly ledger: string
  /** 0x-prefixed hex; never logged, never in an error. */
  readonly privateKey: string
}

/** What an epoch is announced with; see contracts/interfaces/IEpochBook.sol. */
export interface Announcement {
  readonly firstBatch: bigint
  readonly keyCommit: bigint
  readonly signer: string
  readonly policyHash: Hex32
  readonly verifiers: readonly string[]
  /** Start from the public reset state; only after an abandonment. Default: false. */
  readonly fromReset?: boolean
  /** Seal batches before their seed is known. Default: false. */
  readonly sealedMode?: boolean
}

/** A signed transaction, to be stored before it is sent: the same bytes may be sent any number of times. */
export interface PreparedTransaction {
  readonly raw: string
  readonly hash: Hex32
  readonly nonce: number
}

/** How to sign a batch's transaction without asking the node. */
export interface TransactionTerms {
  /** Default: the account's next nonce, pending transactions counted. */
  readonly nonce?: number
  /** Default: estimated, which also shows a refusal before anything is sent. */
  readonly gasLimit?: bigint
}

/** Writes to a ledger and its registry with one account. Every method throws ChainError. */
export class LedgerWriter {
  readonly address: string
  readonly #provider: JsonRpcProvider
  readonly #wallet: Wallet
  readonly #chainId: bigint
  readonly #ledger: Contract
  readonly #registry: Contract

  private constructor(provider: JsonRpcProvider, chainId: bigint, wallet: Wallet, ledger: string, registry: string) {
    this.address = wallet.address
    this.#provider = provider
    this.#chainId = chainId
    this.#wallet = wallet
    this.#ledger = new Contract(ledger, LEDGER, wallet)
    this.#registry = new Contract(registry, REGISTRY, wallet)
  }

  /** @throws ChainError `CHAIN_UNREACHABLE`, `CHAIN_RECORD_INVALID` when there is no ledger at that address. */
  static async connect({ rpcUrl, ledger, privateKey }: WriterSource): Promise<LedgerWriter> {
    const { provider, chainId } = await connectProvider(rpcUrl)
    try {
      const registry: string = await naming(() => new Contract(ledger, LEDGER, provider).getFunction('registry')())
      return new LedgerWriter(provider, chainId, new Wallet(privateKey, provider), ledger, registry)
    } catch (error) {
      provider.destroy()
      throw error
    }
  }

  /** Lets the connection go. */
  close(): void {
    this.#provider.destroy()
  }

  /** Queues a policy. @returns its id, its hash, and from when it may be activated (seconds since the Unix epoch). */
  async proposePolicy(policy: PolicyWords): Promise<{ id: bigint; policyHash: Hex32; etaS: number }> {
    const { args } = await this.#call(this.#registry, 'propose', [policy], 'PolicyProposed')
    return { id: args.id, policyHash: args.policyHash, etaS: Number(args.eta) }
  }

  /** Makes a ripe proposal the active policy. */
  async activatePolicy(id: bigint): Promise<void> {
    await this.#call(this.#registry, 'activate', [id], 'PolicyActivated')
  }

  /** Announces the next epoch. @returns its number and the block that its seed will come from. */
  async announceEpoch(announcement: Announcement): Promise<{ epoch: bigint; seedBlock: bigint }> {
    const { args } = await this.#call(this.#ledger, 'announceEpoch', [wordsOf(announcement)], 'EpochAnnounced')
    return { epoch: args.epoch, seedBlock: args.seedBlock }
  }

  /** Asks the ledger whether it would take an announcement now; sends nothing. @throws ChainError `TRANSACTION_REVERTED` when it would not. */
  async tryAnnouncement(announcement: Announcement): Promise<void> {
    await naming(() => this.#ledger.getFunction('announceEpoch').staticCall(wordsOf(announcement)))
  }

  /** Signs the transaction that announces the next epoch, without sending it. @throws ChainError as `prepareBatch` does. */
  prepareAnnouncement(announcement: Announcement): Promise<PreparedTransaction> {
    return this.#prepare(LEDGER.encodeFunctionData('announceEpoch', [wordsOf(announcement)]), {})
  }

  /** Signs the transaction that opens the announced epoch, without sending it. @throws ChainError as `prepareBatch` does. */
  prepareOpening(): Promise<PreparedTransaction> {
    return this.#prepare(LEDGER.encodeFunctionData('openEpoch', []), {})
  }

  /** Opens the announced epoch, whose seed block must be past. @returns its seed. */
  async openEpoch(): Promise<{ epoch: bigint; seed: bigint }> {
    const { args } = await this.#call(this.#ledger, 'openEpoch', [], 'EpochOpened')
    return { epoch: args.epoch, seed: args.seed }
  }

  /** Ends the running epoch and a waiting one at the next batch's index; costs a penalty. Operator only. */
  async abandonEpoch(nextIndex: bigint): Promise<{ epoch: bigint }> {
    const { args } = await this.#call(this.#ledger, 'abandonEpoch', [nextIndex], 'EpochEnded')
    return { epoch: args.epoch }
  }

  /** Fixes another seed block for an announced epoch that nobody opened in time; the operator pays a penalty. @returns the new block. */
  async renewSeedBlock(): Promise<{ epoch: bigint; seedBlock: bigint }> {
    const { args } = await this.#call(this.#ledger, 'renewSeedBlock', [], 'SeedBlockRenewed')
    return { epoch: args.epoch, seedBlock: args.seedBlock }
  }

  /** Seals a batch of an epoch in sealed mode. @param signature the epoch signer's over the seal (`sealDigest`). @returns the block of its seed. */
  async sealBatch(index: bigint, sealHash: Hex32, signature: string): Promise<{ epoch: bigint; seedBlock: bigint }> {
    const { r, yParityAndS } = Signature.from(signature)
    const { args } = await this.#call(this.#ledger, 'sealBatch', [index, sealHash, r, yParityAndS], 'BatchSealed')
    return { epoch: args.epoch, seedBlock: args.seedBlock }
  }

  /** The account's next nonce; pending transactions count. */
  nextNonce(): Promise<number> {
    return naming(() => this.#provider.getTransactionCount(this.address, 'pending'))
  }

  /**
   * Signs the transaction that submits a batch, without sending it. Signing is deterministic (RFC 6979): the same inputs give the same bytes.
   * @throws ChainError `TRANSACTION_REVERTED` when the ledger would refuse the batch now (unless `gasLimit` is given).
   */
  prepareBatch(submission: SubmissionWords, terms: TransactionTerms = {}): Promise<PreparedTransaction> {
    return this.prepareBatches([submission], terms)
  }

  /**
   * Signs one transaction that submits batches which continue each other, all of one epoch and one verifier; all are accepted or none.
   * @throws ChainError as `prepareBatch` does; `CHAIN_RECORD_INVALID` for no batches.
   */
  async prepareBatches(
    submissions: readonly SubmissionWords[],
    terms: TransactionTerms = {},
  ): Promise<PreparedTransaction> {
    return this.#prepare(encodeSubmissions(submissions), terms)
  }

  /**
   * Signs the transaction that seals a batch, without sending it; the arguments are those of `sealBatch`.
   * @throws ChainError `TRANSACTION_REVERTED` when the ledger would refuse the seal now (unless `gasLimit` is given).
   */
  async prepareSeal(
    index: bigint,
    sealHash: Hex32,
    signature: string,
    terms: TransactionTerms = {},
  ): Promise<PreparedTransaction> {
    const { r, yParityAndS } = Signature.from(signature)
    return this.#prepare(LEDGER.encodeFunctionData('sealBatch', [index, sealHash, r, yParityAndS]), terms)
  }

  async #prepare(data: string, terms: TransactionTerms): Promise<PreparedTransaction> {
    const to = await this.#ledger.getAddress()
    const [nonce, gasLimit, fees] = await naming(() =>
      Promise.all([
        terms.nonce ?? this.nextNonce(),
        terms.gasLimit ?? this.#estimate({ to, data }),
        this.#provider.getFeeData(),
      ]),
    )
    const prices = { maxFeePerGas: fees.maxFeePerGas ?? 0n, maxPriorityFeePerGas: fees.maxPriorityFeePerGas ?? 0n }
    return this.#sign({ type: 2, chainId: this.#chainId, to, data, nonce, gasLimit, ...prices })
  }

  /**
   * The same transaction at the price of the day, for one that waits because prices rose: of the two at most one is mined. Nodes take a replacement
   * that offers a tenth more.
   * @returns `undefined` while what would be offered now is not an eighth above what it offers: then it does not wait for its price.
   */
  async reprice({ raw }: Pick<PreparedTransaction, 'raw'>): Promise<PreparedTransaction | undefined> {
    const old = Transaction.from(raw)
    const fees = await naming(() => this.#provider.getFeeData())
    const [least, leastTip] = [raised(old.maxFeePerGas), raised(old.maxPriorityFeePerGas)]
    const maxFeePerGas = fees.maxFeePerGas ?? 0n
    if (maxFeePerGas < least) return undefined
    const maxPriorityFeePerGas = max(fees.maxPriorityFeePerGas ?? 0n, leastTip)
    const { type, chainId, to, data, nonce, gasLimit } = old
    return this.#sign({ type, chainId, to, data, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas })
  }

  /**
   * Sends a prepared transaction; sending it again is no error, whether it waits or is mined already.
   * @throws ChainError `TRANSACTION_REFUSED` when another transaction took its nonce, `CHAIN_UNREACHABLE`.
   */
  async broadcast({ raw, hash }: Pick<PreparedTransaction, 'raw' | 'hash'>): Promise<void> {
    try {
      await this.#provider.send('eth_sendRawTransaction', [raw])
    } catch (error) {
      if (await naming(() => this.#provider.getTransaction(hash))) return
      throw refusal(error)
    }
  }

  async #sign(transaction: TransactionRequest & { readonly nonce: number }): Promise<PreparedTransaction> {
    const raw = await this.#wallet.signTransaction(transaction)
    const { hash } = Transaction.from(raw)
    if (!hash) throw new ChainError('TRANSACTION_REFUSED', 'the transaction was not signed')
    return { raw, hash, nonce: transaction.nonce }
  }

  async #estimate(request: TransactionRequest): Promise<bigint> {
    const gas = await this.#provider.estimateGas({ ...request, from: this.address })
    return (gas * (100n + GAS_MARGIN)) / 100n
  }

  /** Sends, waits for the receipt and finds the event that says what came of it. */
  async #call(contract: Contract, method: string, args: unknown[], event: string): Promise<LogDescription> {
    return naming(async () => {
      const sent = await contract.getFunction(method)(...args)
      const receipt = await sent.wait()
      for (const log of receipt?.logs ?? []) {
        const found = contract.interface.parseLog(log)
        if (found?.name === event) return found
      }
      throw new ChainError('CHAIN_RECORD_INVALID', `${method} left no ${event}`)
    })
  }
}

const wordsOf = (announcement: Announcement) => ({ fromReset: false, sealedMode: false, ...announcement })

/** A price that replaces another, wei a gas. */
const raised = (price: bigint | null): bigint => (price ?? 0n) + (price ?? 0n) / 8n + 1n

/** A node's words for a transaction that it does not take are its own; only ethers' translation of them is kept. */
function refusal(error: unknown): unknown {
  if (isError(error, 'UNKNOWN_ERROR') || isError(error, 'SERVER_ERROR') || isError(error, 'BAD_DATA'))
    return new ChainError('TRANSACTION_REFUSED', 'the node refused the transaction', { cause: error })
  return chainError(error)
}
