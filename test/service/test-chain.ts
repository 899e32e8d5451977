/** A chain of the tests' own, which mines each transaction in a block of its own. */
import { keccakWords } from '../../src/base/keccak.ts'
import { ChainError } from '../../src/chain/error.ts'
import type { Acceptance, ChainEpoch, EpochEnd } from '../../src/chain/records.ts'
import type { Announcement, PreparedTransaction } from '../../src/chain/writer.ts'
import type { ChainReads, ChainWrites, EpochWrites, SealWrites } from '../../src/service/ports.ts'

const LEDGER = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const ZERO = `0x${'0'.repeat(64)}`

export const OPEN_END: EpochEnd = { end: 2n ** 64n - 1n, abandoned: false, frozen: false }

type Seal = { sealHash: string; seedBlock: number; sealedAtS: number; blockNumber: number }
type Mined = { blockNumber: number; blockHash: string; gasUsed: bigint; succeeded: boolean }

/** A chain that mines each transaction in a block of its own. */
export class TestChain implements ChainReads, ChainWrites, EpochWrites, SealWrites {
  block = 1
  headHash = `0x${'0'.repeat(64)}`
  unreachable = false
  /** Transactions of coming broadcasts are not mined until {@link mine}. */
  holding = false
  reverting = false
  /** Prices have risen: what waits has to offer more. */
  dear = false
  /** Another transaction of the account was mined in the place of what is sent. */
  overtaken = false
  /** Ends of epochs; others run. */
  readonly ends = new Map<bigint, EpochEnd>()
  /** Batches that the ledger would refuse. */
  readonly refusing = new Set<bigint>()
  /** First batch of the epoch. */
  firstSealed = 0n
  /** The epoch that runs; those that are announced follow it. */
  running = 1n
  /** What announces and opens epochs is taken, and lost. */
  losing = false
  /** What the ledger says of an announcement, where it refuses it. */
  refusal: string | undefined
  /** Epochs that were announced, and the seed's block of each; those before have no more to tell than their number. */
  readonly announced: { announcement: Announcement; seedBlock: number; opened: boolean }[] = []
  /** Batches that somebody else sent. */
  readonly foreign = new Map<bigint, Acceptance>()
  readonly broadcasts: string[] = []
  /** Transactions that announced and opened epochs, in the order of their sending. */
  readonly offered: string[] = []
  /** Seals by index, and every transaction that carried one, in the order of its sending. */
  readonly seals = new Map<bigint, Seal>()
  readonly sealings: string[] = []
  /** How often somebody asked for a seal. */
  sealLooks = 0
  readonly #mined = new Map<string, Mined>()
  readonly #pool: string[] = []
  #fork = 0n
  #prepared = 0
  readonly #sealing = new Map<string, { index: bigint; sealHash: string }>()
  readonly #changes = new Map<string, Announcement | 'opening'>()
  readonly #hashes = new Map<number, string>()

  async blockNumber(): Promise<number> {
    if (this.unreachable) throw new Error('no chain')
    return this.block
  }
  async head(): Promise<string> {
    return this.headHash
  }
  async transaction(hash: string): Promise<Mined | undefined> {
    return this.#mined.get(hash)
  }
  async nextNonce(): Promise<number> {
    return this.#mined.size
  }
  async prepareBatches(
    submissions: Parameters<ChainWrites['prepareBatches']>[0],
    terms: { nonce?: number } = {},
  ): Promise<PreparedTransaction> {
    const indices = submissions.map(({ previous }) => previous.nextIndex)
    if (indices.some((index) => this.refusing.has(index)))
      throw new ChainError('TRANSACTION_REVERTED', 'refused', { details: { error: 'ProofInvalid' } })
    const raw = `0x${this.#prepared++}:${indices.join('+')}:${terms.nonce}`
    return { raw, hash: keccakWords([...indices, BigInt(this.#prepared)]), nonce: terms.nonce ?? 0 }
  }
  async reprice({ raw }: { raw: string }): Promise<PreparedTransaction | undefined> {
    if (!this.dear) return undefined
    const sealing = [...this.#sealing].find(([, { index }]) => raw.startsWith(`seal:${index}:`))?.[1]
    if (sealing) {
      const hash = keccakWords([2000n, sealing.index, BigInt(this.#prepared++)])
      this.#sealing.set(hash, sealing)
      return { raw: `${raw}:dearer`, hash, nonce: 0 }
    }
    const [, batches, nonce] = raw.split(':')
    const dearer = `0x${this.#prepared++}:${batches}:${nonce}`
    return { raw: dearer, hash: keccakWords([1n, BigInt(this.#prepared)]), nonce: Number(nonce) }
  }
  async epochEnd(epoch: bigint): Promise<EpochEnd> {
    return this.ends.get(epoch) ?? OPEN_END
  }
  async latestEpoch(): Promise<bigint> {
    return this.running + BigInt(this.announced.length)
  }
  async epoch(epoch: bigint): Promise<ChainEpoch> {
    const { end, abandoned } = await this.epochEnd(epoch)
    const later = this.announced[Number(epoch - this.running) - 1]
    const known: Announcement = later?.announcement ?? {
      ...{ firstBatch: 0n, keyCommit: 1n, signer: LEDGER, policyHash: ZERO, verifiers: [LEDGER] },
    }
    return {
      ...{ epoch, end, abandoned, fromReset: false, sealedMode: false, ...known },
      seed: later && !later.opened ? 0n : epoch,
      seedBlock: BigInt(later?.seedBlock ?? 0),
      seedBlockHash: undefined,
      verifiers: known.verifiers.map((address) => ({
        ...{ address, slots: 8, verifierId: ZERO, kind: 0, shards: 4, keyWords: undefined },
      })),
      ...{ policy: { feeWord: 0n, words: [], settlements: [], reportSigners: [] } },
      ...{ feeWord: 0n, policyWords: [], multipliers: [] },
    }
  }
  async proposals() {
    return [{ policyHash: `0x${'5'.repeat(64)}`, etaS: 0, status: 'active' as const }]
  }
  async tryAnnouncement(): Promise<void> {
    if (this.refusal !== undefined)
      throw new ChainError('TRANSACTION_REVERTED', 'refused', { details: { error: this.refusal } })
  }
  async prepareAnnouncement(announcement: Announcement): Promise<PreparedTransaction> {
    await this.tryAnnouncement()
    return this.#prepareChange(announcement)
  }
  async prepareOpening(): Promise<PreparedTransaction> {
    return this.#prepareChange('opening')
  }
  #prepareChange(change: Announcement | 'opening'): PreparedTransaction {
    const hash = keccakWords([3000n, BigInt(this.#prepared++)])
    this.#changes.set(hash, change)
    return { raw: `epoch:${hash}`, hash, nonce: 0 }
  }
  /** As the ledger: an announcement ends the latest epoch, and fixes a block to come. */
  #applyChange(change: Announcement | 'opening'): void {
    const latest = this.announced.at(-1)
    if (change !== 'opening') {
      this.ends.set(this.running + BigInt(this.announced.length), { ...OPEN_END, end: change.firstBatch })
      this.announced.push({ announcement: change, seedBlock: this.block + 2, opened: false })
    } else if (latest) latest.opened = true
  }
  async acceptance(index: bigint): Promise<Acceptance | undefined> {
    return this.foreign.get(index)
  }
  async seal(_epoch: bigint, index: bigint): Promise<Seal | undefined> {
    this.sealLooks++
    return this.seals.get(index)
  }
  async blockAt(number: number): Promise<{ hash: string; timeS: number } | undefined> {
    return number <= this.block ? { hash: this.#hashOf(number), timeS: number } : undefined
  }
  async prepareSeal(
    index: bigint,
    sealHash: string,
    signature: string,
    terms: { gasLimit?: bigint } = {},
  ): Promise<PreparedTransaction> {
    if (terms.gasLimit === undefined && !this.#takes(index))
      throw new ChainError('TRANSACTION_REVERTED', 'refused', { details: { error: 'SealedAlready' } })
    const hash = keccakWords([1000n, index, BigInt(this.#prepared++)])
    this.#sealing.set(hash, { index, sealHash })
    return { raw: `seal:${index}:${sealHash}:${signature}`, hash, nonce: 0 }
  }
  async broadcast({ raw, hash }: { raw: string; hash: string }): Promise<void> {
    if (this.overtaken) throw new ChainError('TRANSACTION_REFUSED', 'the nonce is taken')
    if (!this.#changes.has(hash)) (this.#sealing.has(hash) ? this.sealings : this.broadcasts).push(raw)
    const change = this.#changes.get(hash)
    if (change) this.offered.push(raw)
    if (change && this.losing) return
    if (change) this.#applyChange(change)
    this.#pool.push(hash)
    if (!this.holding) this.mine()
  }
  /** Mines a transaction of somebody else. @returns its hash. */
  mineForeign(): string {
    const hash = keccakWords([99n, BigInt(this.#prepared++)])
    const blockHash = keccakWords([BigInt(++this.block), this.#fork])
    this.#mined.set(hash, { blockNumber: this.block, blockHash, gasUsed: 300_000n, succeeded: true })
    return hash
  }
  mine(): void {
    for (const hash of this.#pool.splice(0)) {
      if (this.#mined.has(hash)) continue
      const blockHash = keccakWords([BigInt(++this.block), this.#fork])
      const sealing = this.#sealing.get(hash)
      const succeeded = sealing ? this.#takes(sealing.index) : !this.reverting
      this.#mined.set(hash, { blockNumber: this.block, blockHash, gasUsed: 300_000n, succeeded })
      if (sealing && succeeded)
        this.seals.set(sealing.index, {
          sealHash: sealing.sealHash,
          seedBlock: this.block + 1,
          sealedAtS: 0,
          blockNumber: this.block,
        })
    }
  }
  /** Takes all transactions from block `from` on out of the chain. */
  reorg(from: number): void {
    this.#fork++
    for (const [hash, { blockNumber }] of this.#mined) if (blockNumber >= from) this.#mined.delete(hash)
    for (const [index, { blockNumber }] of this.seals) if (blockNumber >= from) this.seals.delete(index)
    for (const number of this.#hashes.keys()) if (number >= from) this.#hashes.delete(number)
  }
  /** As the ledger: each index once, after the one before it. */
  #takes(index: bigint): boolean {
    return !this.seals.has(index) && (index === this.firstSealed || this.seals.has(index - 1n))
  }
  #hashOf(number: number): string {
    const hash = this.#hashes.get(number) ?? keccakWords([77n, BigInt(number), this.#fork])
    this.#hashes.set(number, hash)
    return hash
  }
}
