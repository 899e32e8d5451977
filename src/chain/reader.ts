import {
  Contract,
  type EventLog,
  getAddress,
  type JsonRpcProvider,
  Transaction,
  type TransactionResponse,
} from 'ethers'
import { z } from 'zod'
import { at } from '../base/at.ts'
import type { Hex32 } from '../base/keccak.ts'
import { unpackItems } from '../base/pack.ts'
import { Bytes32 } from '../base/schema.ts'
import { headHash, orderRoot } from '../statement/record.ts'
import type { SubmissionWords } from '../statement/submission.ts'
import { type AroundLedger, findAround, type NamedChallenges, partsAround } from './around-ledger.ts'
import { ask, parse, readConfig } from './ask.ts'
import { decodeEvent } from './canonical.ts'
import { type ChallengeHistory, readChallenges } from './challenge-history.ts'
import { naming } from './contract-error.ts'
import { ChainError } from './error.ts'
import { type ForcedHistory, isForcedLate, readForced } from './forced.ts'
import { LEDGER, REGISTRY, REPUTATION, VERIFIER } from './interfaces.ts'
import { logsOf } from './logs.ts'
import { connectProvider } from './provider.ts'
import {
  AcceptedEvent,
  EpochFields,
  KeyWords,
  OpenedEvent,
  PolicyFields,
  type PolicyWords,
  type Proposal,
  ProposalFields,
  SmallUint,
} from './reader-schema.ts'
import type {
  Acceptance,
  ChainBatch,
  ChainEpoch,
  ChainRecords,
  EpochEnd,
  EpochVerifier,
  LedgerConfig,
  RegistryHistory,
} from './records.ts'
import { readRegistry } from './registry.ts'
import { type KeptSeal, sealIn, sealOf } from './seals.ts'
import { decodeSubmissions } from './submission.ts'
import { SystemReader } from './system-reader.ts'

/** Where a ledger can be read. */
export interface LedgerSource {
  readonly rpcUrl: string
  readonly ledger: string
  readonly fromBlock?: number
}

/** Which batches to read: numbers of blocks, indices of batches, all of them inclusive. */
export interface BatchRange {
  readonly fromBlock?: number | undefined
  readonly toBlock?: number | undefined
  readonly first?: bigint | undefined
  readonly last?: bigint | undefined
}

/** Reads a ledger from an RPC endpoint; holds no key and trusts no answer's shape. Every method throws ChainError. */
export class LedgerReader {
  readonly config: LedgerConfig
  readonly #provider: JsonRpcProvider
  readonly #ledger: Contract
  readonly #registry: Contract
  readonly #since: number

  private constructor(provider: JsonRpcProvider, config: LedgerConfig, since: number) {
    this.config = config
    this.#since = since
    this.#provider = provider
    this.#ledger = new Contract(config.ledger, LEDGER, provider)
    this.#registry = new Contract(config.registry, REGISTRY, provider)
  }

  /**
   * @param fromBlock block from which to look for events: the ledger's deployment, if known.
   * @throws ChainError `CHAIN_UNREACHABLE`; `CHAIN_MISMATCH` when there is no ledger at that address.
   */
  static async connect({ rpcUrl, ledger, fromBlock = 0 }: LedgerSource): Promise<LedgerReader> {
    const { provider, chainId } = await connectProvider(rpcUrl)
    try {
      return new LedgerReader(provider, await readConfig(provider, chainId, getAddress(ledger)), fromBlock)
    } catch (error) {
      provider.destroy()
      throw error
    }
  }

  /** Lets the connection go. */
  close(): void {
    this.#provider.destroy()
  }

  /** Block from which it looks for events. */
  get fromBlock(): number {
    return this.#since
  }

  /** Contracts around the ledger, where they can be derived from it alone. */
  around(): Promise<AroundLedger | undefined> {
    return findAround(this.#provider, this.config.ledger)
  }

  /** What bond, challenges and inbox told, as far as they are there. @param named challenges that cannot be derived from the ledger. */
  async challenges(named?: NamedChallenges): Promise<ChallengeHistory> {
    const range = { fromBlock: this.#since, toBlock: await this.blockNumber() }
    return readChallenges(
      this.#provider,
      this.#ledger,
      await partsAround(this.#provider, this.config.ledger, named),
      range,
    )
  }

  /** A reader of the contracts around the ledger, over the same connection. */
  system(around: AroundLedger): SystemReader {
    return new SystemReader(this.#provider, around)
  }

  /** Number of the chain's latest block. */
  blockNumber(): Promise<number> {
    return naming(() => this.#provider.getBlockNumber())
  }

  /** Hash and time (seconds since the Unix epoch) of a block, or `undefined` while there is none. */
  async block(number: number): Promise<{ hash: Hex32; timeS: number } | undefined> {
    const block = await naming(() => this.#provider.getBlock(number))
    return block?.hash ? { hash: block.hash, timeS: block.timestamp } : undefined
  }

  /** The ledger's head. @param atBlock at whose end to look; the latest by default. */
  head(atBlock?: number): Promise<Hex32> {
    return ask(this.#ledger, 'head', atBlock === undefined ? [] : [{ blockTag: atBlock }], Bytes32)
  }

  /**
   * `record[index]`, or `undefined` while no batch is accepted there.
   * @param atBlock number of the block at whose end to look; the latest by default. Endpoints commonly forget states older than 128 blocks.
   */
  async record(index: bigint, atBlock?: number): Promise<Hex32 | undefined> {
    const at = atBlock === undefined ? [] : [{ blockTag: atBlock }]
    const record = await ask(this.#ledger, 'recordOf', [index, ...at], Bytes32)
    return BigInt(record) === 0n ? undefined : record
  }

  /** Number of the latest announced epoch; 0n before the first. */
  latestEpoch(): Promise<bigint> {
    return ask(this.#ledger, 'latestEpoch', [], z.bigint())
  }

  /** How a batch of an epoch in sealed mode was sealed, or `undefined` while it is not. */
  seal(epoch: bigint, index: bigint): Promise<KeptSeal | undefined> {
    return sealOf(this.#ledger, epoch, index)
  }

  /** An announced epoch in full. */
  async epoch(epoch: bigint): Promise<ChainEpoch> {
    const { verifiers, ...found } = await ask(this.#ledger, 'epochOf', [epoch], EpochFields)
    const [policy, opened] = await Promise.all([this.policy(found.policyHash), this.#opened(epoch)])
    // An epoch is opened once its seed's block is there.
    if (opened && !(opened.epoch === epoch && opened.seed === found.seed && found.seedBlock < opened.blockNumber)) {
      throw new ChainError('CHAIN_RECORD_INVALID', `event and storage of epoch ${epoch} differ`, { details: { epoch } })
    }
    return {
      epoch,
      ...found,
      policy,
      seedBlockHash: opened?.blockHash,
      verifiers: await Promise.all(verifiers.map((v) => this.#verifier(v))),
    }
  }

  /** Where an epoch ends, as far as that is known by now, and whether the ledger is frozen, so that only an abandonment helps. */
  async epochEnd(epoch: bigint): Promise<EpochEnd> {
    const [[, end], frozen] = await Promise.all([
      ask(this.#ledger, 'rangeOf', [epoch], z.tuple([z.bigint(), z.bigint()])),
      ask(this.#ledger, 'frozen', [], z.boolean()),
    ])
    return { end, frozen, abandoned: await ask(this.#ledger, 'isVoid', [epoch, end], z.boolean()) }
  }

  /** All epochs, in order. */
  async epochs(): Promise<ChainEpoch[]> {
    const epochs: ChainEpoch[] = []
    for (let epoch = 1n, latest = await this.latestEpoch(); epoch <= latest; epoch++)
      epochs.push(await this.epoch(epoch))
    return epochs
  }

  /** A policy that was ever proposed. */
  policy(policyHash: Hex32): Promise<PolicyWords> {
    return ask(this.#registry, 'policy', [policyHash], PolicyFields)
  }

  /** The registry's queue, first proposal first; ids count from 1. */
  async proposals(): Promise<Proposal[]> {
    const count = await ask(this.#registry, 'proposals', [], SmallUint)
    const ids = Array.from({ length: count }, (_, i) => i + 1)
    return Promise.all(ids.map((id) => ask(this.#registry, 'proposal', [id], ProposalFields)))
  }

  /** Every event of the registry, every announcement of an epoch and every conclusion of reputation, in the chain's order. @param toBlock the latest block by default. */
  async registry(toBlock?: number): Promise<RegistryHistory> {
    const last = toBlock ?? (await this.blockNumber())
    const { reputation } = this.config
    const concluding = reputation === undefined ? undefined : new Contract(reputation, REPUTATION, this.#provider)
    return readRegistry(this.#registry, this.#ledger, concluding, { fromBlock: this.#since, toBlock: last })
  }

  /** Everything of the forced orders, up to a block; `undefined` for a ledger without an inbox. @param toBlock the latest block by default. */
  async forced(toBlock?: number): Promise<ForcedHistory | undefined> {
    const last = toBlock ?? (await this.blockNumber())
    return readForced({ provider: this.#provider, ledger: this.#ledger, toBlock: last }, this.#since)
  }

  /** Whether forced orders are past their deadline at a block, or the ledger is frozen for some: cheap to ask again and again. */
  forcedLate(toBlock: number): Promise<boolean> {
    return isForcedLate({ provider: this.#provider, ledger: this.#ledger, toBlock })
  }

  /** Accepted batches of a range of blocks and of indices, in order; those outside cost no further question. */
  async *batches(range: BatchRange = {}): AsyncGenerator<ChainBatch> {
    for await (const acceptance of this.acceptances(range)) yield await this.acceptedBatch(acceptance)
  }

  /** Acceptances of a range of blocks and of indices, in order: what the events alone tell. */
  async *acceptances({ fromBlock = this.#since, toBlock, first, last }: BatchRange = {}): AsyncGenerator<Acceptance> {
    for await (const log of this.#logs(this.#ledger.filters.BatchAccepted?.(), fromBlock, toBlock)) {
      const acceptance = this.#acceptance(log)
      const { index } = acceptance
      if ((first === undefined || index >= first) && (last === undefined || index <= last)) yield acceptance
    }
  }

  /** The batch that an event tells of, with its calldata and what the ledger keeps of it. */
  async acceptedBatch(acceptance: Acceptance): Promise<ChainBatch> {
    const { index, transaction: hash, blockHash, blockNumber } = acceptance
    const [transaction, receipt, block, record] = await naming(() =>
      Promise.all([
        this.#provider.getTransaction(hash),
        this.#provider.getTransactionReceipt(hash),
        this.#provider.getBlock(blockNumber),
        this.record(index),
      ]),
    )
    const details = { index, transaction: hash }
    if (!transaction || !receipt || !block || !record) {
      throw new ChainError('CHAIN_RECORD_INVALID', `the chain lost the transaction of batch ${index}`, { details })
    }
    // Whoever serves the RPC may bend what it serves: the hash that the log names binds every bit of the transaction.
    if (hashOf(transaction) !== hash || block.hash !== blockHash) {
      const message = `the transaction or block of batch ${index} is not the one that its hash names`
      throw new ChainError('CHAIN_RECORD_INVALID', message, { details })
    }
    // The ledger takes batches from codeless accounts alone, so the transaction's calldata is the submission's.
    const submissions = decodeSubmissions(transaction.data, acceptance.epoch)
    // When none fits, the event or the calldata lies: whoever checks them finds out which.
    const submission = submissions.find(({ previous }) => previous.nextIndex === index) ?? at(submissions, 0)
    const seal = await sealIn(this.#ledger, receipt, acceptance, (number) => this.block(number))
    const paid = { blockTime: BigInt(block.timestamp), gasUsed: receipt.gasUsed, ...(seal && { seal }) }
    return { ...acceptance, ...batchOf(submission, acceptance.epoch, this.config.shards), ...paid, record, submission }
  }

  /** The accepted batch of an index, or `undefined`. */
  async batch(index: bigint): Promise<ChainBatch | undefined> {
    const acceptance = await this.acceptance(index)
    return acceptance && this.acceptedBatch(acceptance)
  }

  /** That the batch of an index was accepted, or `undefined`. */
  async acceptance(index: bigint): Promise<Acceptance | undefined> {
    for await (const log of this.#logs(this.#ledger.filters.BatchAccepted?.(index), this.#since))
      return this.#acceptance(log)
    return undefined
  }

  /** The fate of a transaction: `undefined` while it is in no block. */
  async transaction(hash: Hex32) {
    const receipt = await naming(() => this.#provider.getTransactionReceipt(hash))
    if (!receipt) return undefined
    const { blockNumber, blockHash, gasUsed } = receipt
    return { blockNumber, blockHash, gasUsed, succeeded: receipt.status === 1 }
  }

  /** Everything for an audit. Batches are read while they are gone through, up to the block at which this was called. */
  async records(): Promise<ChainRecords> {
    const toBlock = await this.blockNumber()
    const [epochs, head, registry, forced] = await Promise.all([
      this.epochs(),
      this.head(toBlock),
      this.registry(toBlock),
      this.forced(toBlock),
    ])
    return { config: this.config, epochs, head, registry, forced, toBlock, batches: this.batches({ toBlock }) }
  }

  async #verifier({
    address,
    slots,
    verifierId,
  }: {
    address: string
    slots: number
    verifierId: Hex32
  }): Promise<EpochVerifier> {
    const contract = new Contract(address, VERIFIER, this.#provider)
    const [kind, shards, keyWords] = await Promise.all([
      ask(contract, 'kind', [], SmallUint),
      ask(contract, 'shards', [], SmallUint),
      ask(contract, 'keyWords', [], KeyWords).catch((error: unknown) => {
        if (error instanceof ChainError && error.code !== 'CHAIN_UNREACHABLE') return undefined
        throw error
      }),
    ])
    return { address, slots, verifierId, kind, shards, keyWords }
  }

  async #opened(epoch: bigint) {
    for await (const log of this.#logs(this.#ledger.filters.EpochOpened?.(epoch), this.#since)) {
      const event = parse(OpenedEvent, decodeEvent(log, this.config.ledger).toArray())
      return { ...event, blockNumber: log.blockNumber }
    }
    return undefined
  }

  #acceptance(log: EventLog): Acceptance {
    const { blockNumber, blockHash, transactionHash: transaction } = log
    const event = parse(AcceptedEvent, decodeEvent(log, this.config.ledger).toArray())
    return { ...event, blockNumber, blockHash, transaction }
  }

  #logs(
    filter: Parameters<Contract['queryFilter']>[0] | undefined,
    fromBlock: number,
    toBlock?: number,
  ): AsyncGenerator<EventLog> {
    return logsOf(this.#ledger, filter, fromBlock, toBlock ?? this.blockNumber())
  }
}

/** What calldata says of the batch besides V: its size, its order tree, and the head after it. */
function batchOf(submission: SubmissionWords, epoch: bigint, shards: number) {
  const { previous, commitments, counters } = submission
  const count = commitments.length
  try {
    const slots = { commitments, assignments: unpackItems(submission.assignments, 8, 31, count).map(Number) }
    const head = headHash({
      epoch,
      nextIndex: previous.nextIndex + 1n,
      state: submission.stateAfter,
      time: submission.time,
      orderCounter: previous.orderCounter + BigInt(count),
      counters: unpackItems(counters, 64, 4, shards),
    })
    return { count, orderRoot: orderRoot(slots), head }
  } catch (cause) {
    throw new ChainError(
      'CHAIN_RECORD_INVALID',
      `calldata of batch ${previous.nextIndex} is not one that the ledger takes`,
      {
        cause,
      },
    )
  }
}

/** The hash of what a transaction says; `undefined` for one that its sender cannot have signed. */
function hashOf(transaction: TransactionResponse): Hex32 | undefined {
  try {
    return Transaction.from(transaction).hash ?? undefined
  } catch {
    return undefined
  }
}
