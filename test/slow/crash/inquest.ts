import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { z } from 'zod'
import { dataPaths } from '../../../src/service/config.ts'
import { readDeployment } from '../../../src/service/deployment-file.ts'
import { type ChainSide, readChain, rpc } from './chain-side.ts'
import { sabotage } from './sabotage.ts'
import { type Ready, type System, within } from './system.ts'
import { HeldReceipt, type Trader } from './trader.ts'
import { type Evidence, judge } from './verdict.ts'

/** Until what waits for proofs is proven, on a machine that has other things to do. */
export const DRAIN_MS = 900_000

const Entries = z.looseObject({
  entries: z.array(z.looseObject({ receipt: HeldReceipt, outcome: z.number().optional() })),
})
const Batches = z.looseObject({ batches: z.array(z.looseObject({ index: z.string(), state: z.string() })) })
const Status = z.object({
  receipts: z.number(),
  accepted: z.number(),
  deferred: z.number(),
  batchesOpenToSent: z.number(),
})

/** What a running service says, to its operator. */
export class Sayings {
  readonly #place: Pick<Ready, 'url' | 'keys'>

  constructor(place: Pick<Ready, 'url' | 'keys'>) {
    this.#place = place
  }

  status = async () => Status.parse(await this.#get('/v1/status'))
  batches = async () => Batches.parse(await this.#get('/v1/batches?limit=100')).batches
  /** Of an order, oldest first; none when it is not known. */
  entries = async (commitment: bigint) =>
    Entries.safeParse(await this.#get(`/v1/orders/${commitment}`)).data?.entries ?? []

  async #get(path: string): Promise<unknown> {
    const { url, keys } = this.#place
    const headers = { authorization: `Bearer ${keys.operator}` }
    // A service that goes over to its next epoch does not answer for a moment.
    for (let tries = 1; ; tries++, await delay(100)) {
      const answer = await fetch(`${url}${path}`, { headers }).catch((error: unknown) => {
        if (tries === 100) throw error
        return undefined
      })
      if (answer) return answer.json()
    }
  }
}

/** What came of a system that was killed over and over. */
export interface Findings {
  readonly side: ChainSide
  /** Kinds of sabotage that the judge saw through. */
  readonly caught: readonly string[]
}

/**
 * Lets a last life bring everything to its end, and holds it to what its trader was promised: nothing lost, doubled or contradicted, every order accounted for, by the service's word and the chain's.
 * @param ready of the last life.
 * @param dir its data folder.
 */
export async function inquest(ready: Ready, dir: string, trader: Trader, system: System): Promise<Findings> {
  const says = new Sayings(ready)
  await within('the last answers', trader.settled(), DRAIN_MS)
  await within('the last batch', allFinal(says, ready.rpc), DRAIN_MS)
  const paths = dataPaths(dir)
  const deployment = await readDeployment(paths.deployment)
  const side = await readChain({ rpcUrl: ready.rpc, ledger: deployment?.ledger ?? '' })
  const known = new Map<bigint, readonly HeldReceipt[]>()
  for (const commitment of trader.orders.keys()) {
    const entries = await says.entries(commitment)
    known.set(
      commitment,
      entries.map(({ receipt }) => receipt),
    )
    // In sealed mode the draw tells what a receipt could not.
    for (const { receipt, outcome = receipt.assignment } of entries)
      expect(outcome).to.equal(side.batches.get(receipt.batch)?.assignments[receipt.slot])
  }
  const sent = new Map([...trader.orders].map(([commitment, { outcome }]) => [commitment, outcome]))
  const evidence: Evidence = { ...side, sent, known, receipts: trader.receipts }
  expect(judge(evidence)).to.deep.equal([])
  expect(side.audit.failures).to.deep.equal([])
  const slots = [...side.batches.values()].flatMap(({ assignments }) => assignments)
  expect(await says.status()).to.deep.equal({
    receipts: slots.length,
    accepted: slots.filter((byte) => byte > 0).length,
    deferred: slots.filter((byte) => byte === 0).length,
    batchesOpenToSent: 0,
  })
  expect(trader.surprises).to.deep.equal([])
  expect(system.accidents).to.deep.equal([])
  expect([...system.unnamed]).to.deep.equal([])
  const { signerKey } = JSON.parse(await readFile(paths.secrets, 'utf8'))
  return { side, caught: sabotage(evidence, signerKey) }
}

/** Resolves when every batch is final; the chain makes the blocks that it takes. */
async function allFinal(says: Sayings, chain: string): Promise<void> {
  for (;;) {
    const batches = await says.batches()
    if (batches.length > 0 && batches.every(({ state }) => state === 'final')) return
    const drawn = batches.every(({ state }) => state !== 'sealed')
    // What is sealed waits for blocks, and what is accepted; proofs do not, and chain time is not to run ahead of them.
    if (!drawn || batches.every(({ state }) => state === 'accepted' || state === 'final'))
      await rpc(chain, 'anvil_mine', '0x8')
    await delay(250)
  }
}
