/** A client, the HTTP API over a service in memory, and a chain double that knows what that service's batches recorded. */
import { computeAddress, SigningKey } from 'ethers'
import { hex32 } from '../../src/base/keccak.ts'
import { packItems } from '../../src/base/pack.ts'
import type { ChainView, ClientOptions, FairleadClient, PreparedOrder } from '../../src/client/client.ts'
import { createClient } from '../../src/client/client.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { type Receipt, receiptDigest } from '../../src/order/receipt.ts'
import { feeWords, openMask } from '../../src/statement/statement.ts'
import { element } from '../helpers/fixtures.ts'
import type { MemoryService } from '../http/memory-service.ts'
import type { World } from '../http/world.ts'

/** What the service in memory signs with, and for. */
export const SIGNER_KEY = new SigningKey(hex32(element(50)))
export const SIGNER = computeAddress(SIGNER_KEY)
export const DOMAIN = { chainId: 31_337n, ledger: '0x1111111111111111111111111111111111111111' }

/** A receipt that the service's own signer signed, whatever it says. */
export const signed = (receipt: Receipt) => {
  const { epoch, batch, slot, commitment, assignment, time } = receipt
  const digest = receiptDigest(domainSeparator(DOMAIN), { epoch, batch, slot, commitment, assignment, time })
  return { ...receipt, signature: SIGNER_KEY.sign(digest).serialized }
}

/** The ledger's view of a service in memory: a batch is on chain once the service's state says so. */
export class ChainDouble implements ChainView {
  readonly config = DOMAIN
  /** First batches of epochs 1, 2, …; all have the same signer. */
  firstBatches = [0n]
  /** Records in place of those of the service. */
  readonly forged = new Map<bigint, string | undefined>()
  readonly #service: MemoryService

  constructor(service: MemoryService) {
    this.#service = service
  }

  latestEpoch = async (): Promise<bigint> => BigInt(this.firstBatches.length)
  epoch = async (epoch: bigint) => ({ firstBatch: this.firstBatches[Number(epoch) - 1] ?? 0n, signer: SIGNER })
  record = async (index: bigint): Promise<string | undefined> =>
    this.forged.has(index) ? this.forged.get(index) : (await this.#service.batch(index))?.record

  async batch(index: bigint) {
    const found = await this.#service.batch(index)
    if (!found?.statement || !found.orderRoot || !found.statementHash || !found.head || !found.proof) return undefined
    const { statement, orderRoot, statementHash, head, proof } = found
    const { beneficiary } = proof
    const { time, fees, open, commitments, assignments } = statement
    const words = { fees: feeWords(fees), assignments: packItems(assignments.map(BigInt), 8, 31) }
    const submission = { time, openMask: openMask(open), beneficiary, commitments, ...words }
    return { orderRoot, statementHash, head, submission }
  }
}

/** Retries that take no time to speak of. */
export const QUICK = { retries: 3, baseMs: 1, capMs: 2 }

export const clientOf = (world: World, change: Partial<ClientOptions> = {}): FairleadClient =>
  createClient({
    url: world.listening.url,
    key: world.retail,
    trust: { from: 'chain', reader: new ChainDouble(world.service) },
    retries: QUICK,
    ...change,
  })

/** An order that nobody sent before. */
export const fresh = (client: FairleadClient, size = 1): Promise<PreparedOrder> => {
  made += 1
  return client.makeOrder({ size, side: 'buy', details: element(71, made) })
}
let made = 0

type Fetch = typeof globalThis.fetch

/** Parsed JSON that a test bends freely. */
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Json = any

/** A fetch whose answers to some paths are bent on the way: changed in place, or replaced by what `bend` returns. */
export const bending =
  (path: RegExp, bend: (json: Json) => unknown): Fetch =>
  async (input, init) => {
    const response = await fetch(input, init)
    if (!path.test(new URL(String(input)).pathname)) return response
    const json = await response.json()
    return Response.json(bend(json) ?? json, { status: response.status })
  }

/** Moves the newest batch on to `accepted`. */
export async function accept({ service }: Pick<World, 'service'>): Promise<bigint> {
  service.close()
  const [newest] = await service.batches({ limit: 1 })
  const index = newest?.index ?? 0n
  service.move(index, 'accepted')
  return index
}
