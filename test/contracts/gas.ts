import { Contract } from 'ethers'
import { at } from '../../src/base/at.ts'
import { readArtifact } from '../../src/chain/artifact.ts'
import { deployContract } from '../../src/chain/deploy.ts'
import type { Order } from '../../src/order/order.ts'
import { openProver } from '../../src/proof/backend/open-prover.ts'
import { ProverSettings } from '../../src/proof/backend/settings.ts'
import { loadCatalog } from '../../src/proof/catalog.ts'
import type { Artifacts } from '../../src/proof/manifest.ts'
import type { Prover } from '../../src/proof/prover.ts'
import { packageRoot } from '../../src/proof/root.ts'
import type { TestChain } from './chain.ts'
import { inclusionOf } from './inclusion.ts'
import { Stage } from './stage.ts'
import type { StagedBatch } from './staged-batch.ts'

/** Larger than any shard's limit: always deferred. */
const UNPLACEABLE = 2 ** 32 - 1

/** A full batch with both segments and one deferral for certain. */
function fullBatch(stage: Stage): Order[] {
  return stage.orders(stage.shape.slots).map((order, i) => (i === 0 ? { ...order, size: UNPLACEABLE } : order))
}

/**
 * Gas of `submitBatch` as mined, for full batches with real proofs, from the third of an epoch on: then every slot that is written is in use.
 * @param runs batches to measure.
 */
export async function submitBatchGas(
  test: TestChain,
  prover: Prover,
  artifacts: Artifacts,
  runs: number,
): Promise<number[]> {
  const stage = await Stage.withCircuits(test, prover, [artifacts])
  const gas: number[] = []
  for (let i = 0; i < 2 + runs; i++) {
    const batch = await stage.batch(fullBatch(stage))
    const { orders } = batch.witness
    const deferred = batch.statement.assignments.filter((byte) => byte === 0).length
    const segments = new Set(orders.map(({ segment }) => segment))
    if (deferred === 0 || segments.size < 2 || orders.length !== artifacts.manifest.slots)
      throw new Error('not a full batch')
    const { gasUsed } = await stage.submit(batch)
    if (i >= 2) gas.push(Number(gasUsed))
  }
  return gas
}

/**
 * Gas a batch of `submitBatches` as mined, for full batches of one call with real proofs, after two single ones of the same epoch.
 * @param together batches a call.
 */
export async function submitBatchesGas(
  test: TestChain,
  prover: Prover,
  artifacts: Artifacts,
  together: number,
): Promise<number> {
  const stage = await Stage.withCircuits(test, prover, [artifacts])
  const batches: StagedBatch[] = []
  const { head, states, blind } = stage
  for (let i = 0; i < 2 + together; i++) {
    const batch = await stage.batch(fullBatch(stage))
    batches.push(batch)
    stage.follow(batch)
  }
  Object.assign(stage, { head, states, blind })
  for (const batch of batches.slice(0, 2)) await stage.submit(batch)
  const { gasUsed } = await stage.submitAll(batches.slice(2))
  return Number(gasUsed) / together
}

/** The fastest backend that works here, tried. It must be closed. */
export async function fastestProver(artifacts: Artifacts): Promise<Prover> {
  const { prover, ready } = openProver(ProverSettings.parse({}), artifacts)
  await ready
  return prover
}

/** The smaller of the catalog's two-choice circuits for that many shards. @throws Error when it has none. */
export function smallestCircuit(shards: number): string {
  const circuits = Object.entries(loadCatalog().circuits).filter(
    ([, c]) => c.kind === 'two-choice' && c.shards === shards,
  )
  const [first] = circuits.sort(([, a], [, b]) => a.slots - b.slots)
  if (!first) throw new Error(`no circuit for ${shards} shards`)
  return first[0]
}

/** Gas of what happens once an epoch, on a ledger of that shape. */
export async function epochGas(test: TestChain, shards: number): Promise<Record<string, number>> {
  const stage = await Stage.withDoubles(test, { shape: { shards, slots: 8 } })
  await stage.submit(await stage.batch(1))
  const settle = await settleGas(stage)
  const used = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) =>
    Number((await (await sent).wait())?.gasUsed ?? 0n)
  const propose = await used(stage.registry.getFunction('propose')({ ...stage.policyWords(), words: changed(stage) }))
  const activate = await used(stage.registry.getFunction('activate')(2n))
  const { policyHash } = await stage.registry.getFunction('active')()
  const announcement = { ...stage.announcement(stage.head.nextIndex), policyHash }
  const announceEpoch = await used(stage.operatorLedger.getFunction('announceEpoch')(announcement))
  await test.mine(5)
  const openEpoch = await used(stage.ledger.getFunction('openEpoch')())
  return { propose, activate, announceEpoch, openEpoch, settle }
}

/** Gas of spending one assignment of a batch of eight: inclusion and nullifier. */
async function settleGas(stage: Stage): Promise<number> {
  const batch = await stage.submitted(8)
  const slot = batch.statement.assignments.findIndex((byte) => byte > 0)
  const shard = at(batch.statement.assignments, slot) - 1
  const args = [stage.deployment.ledger, shard]
  const consumer = await deployContract(packageRoot(), stage.submitter, 'SettlementConsumer', args)
  const { abi } = readArtifact(packageRoot(), 'SettlementConsumer')
  const sent = await new Contract(consumer, abi, stage.submitter).getFunction('settle')(inclusionOf(batch, slot))
  return Number((await sent.wait()).gasUsed)
}

/** Another policy than the active one, so that proposing it stores it anew. */
function changed(stage: Stage): bigint[] {
  const { words } = stage.policyWords()
  return words.with(0, at(words, 0) + (1n << 24n))
}
