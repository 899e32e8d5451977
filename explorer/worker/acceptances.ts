import type { LedgerReader } from '../../src/chain/reader.ts'
import type { Acceptance, ChainBatch } from '../../src/chain/records.ts'

/** Batches that are read at a time: four calls each, a hundred of which ethers puts into one request. */
const AT_A_TIME = 25

/** The batches that a ledger accepted, by index. Batches have no gaps, so that the index is the place in the list. */
export class Acceptances {
  readonly #reader: LedgerReader
  readonly #list: Acceptance[] = []
  /** What was read in full. */
  readonly #batches = new Map<string, Promise<ChainBatch>>()
  #nextBlock: number
  #looking: Promise<readonly Acceptance[]> | undefined

  constructor(reader: LedgerReader, fromBlock: number) {
    this.#reader = reader
    this.#nextBlock = fromBlock
  }

  /** All of them, oldest first, with what is new since the last call. */
  latest(): Promise<readonly Acceptance[]> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** One in full: its calldata and what the ledger keeps of it. */
  read(acceptance: Acceptance): Promise<ChainBatch> {
    const key = `${acceptance.index} ${acceptance.transaction}`
    const known = this.#batches.get(key)
    if (known) return known
    const read = this.#reader.acceptedBatch(acceptance).catch((error: unknown) => {
      this.#batches.delete(key)
      throw error
    })
    this.#batches.set(key, read)
    return read
  }

  /** Many in full, in their order; a few at a time, as endpoints count calls. @param onRead is told how many are there. */
  async readAll(list: readonly Acceptance[], onRead: (count: number) => void = () => {}): Promise<ChainBatch[]> {
    const batches: ChainBatch[] = []
    for (let at = 0; at < list.length; at += AT_A_TIME) {
      const some = list.slice(at, at + AT_A_TIME).map((acceptance) => this.read(acceptance))
      batches.push(...(await Promise.all(some)))
      onRead(batches.length)
    }
    return batches
  }

  async #look(): Promise<readonly Acceptance[]> {
    const toBlock = await this.#reader.blockNumber()
    for await (const acceptance of this.#reader.acceptances({ fromBlock: this.#nextBlock, toBlock })) {
      // A reorganization may tell of an index again.
      this.#list[Number(acceptance.index)] = acceptance
    }
    // The last blocks are looked at again, as they may be replaced.
    this.#nextBlock = Math.max(this.#nextBlock, toBlock - this.#reader.config.finalityDepth)
    return this.#list.filter((acceptance) => acceptance !== undefined)
  }
}
