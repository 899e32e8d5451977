/** A whole ledger made by the pure core, as a reader would report it: honest records for tests to bend. */
import { SigningKey } from 'ethers'
import type { ProofCheck } from '../../src/audit/proof-check.ts'
import type { BatchRecord, EpochRecord, LedgerConfig, RegistryRecords, SignedReceipt } from '../../src/audit/records.ts'
import { at } from '../../src/base/at.ts'
import { modField } from '../../src/base/field.ts'
import { type Hex32, hex32, keccakWords } from '../../src/base/keccak.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import type { Order } from '../../src/order/order.ts'
import { type Receipt, receiptDigest } from '../../src/order/receipt.ts'
import { type PublishedPolicy, policyHash, shardPolicyOf } from '../../src/policy/policy.ts'
import { resetStates } from '../../src/route/state.ts'
import { bind, publicSignals } from '../../src/statement/binding.ts'
import { headHash } from '../../src/statement/record.ts'
import { encodeStatement, type Statement } from '../../src/statement/statement.ts'
import { element, orderFixture, policyFixture } from '../helpers/fixtures.ts'
import {
  type Carried,
  type PureOperator,
  policyRecord,
  pureBatch,
  pureConfig,
  pureEpoch,
  pureGenesis,
  pureRecord,
} from '../helpers/pure-ledger.ts'

export const SHAPE = { shards: 4, slots: 8 }
const START = 1_515_053_700_000_000n
const INTERVAL = 500_000n
const SIGNER_KEY = new SigningKey(hex32(7n))

/** BN254's generators and their negatives: points that are valid, and a gamma that is not delta. */
const G1 = [1n, 2n]
const G2 = [
  11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  10857046999023057135944570762232829481370756359578518086990519993285655852781n,
  4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  8495653923123431417604973247489272438418190587263600148770280649306958101930n,
]
const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const MINUS_G2 = [G2[0], G2[1], Q - (G2[2] ?? 0n), Q - (G2[3] ?? 0n)].map((word) => word ?? 0n)
export const KEY_WORDS: readonly bigint[] = [...G1, ...G2, ...G2, ...MINUS_G2, ...G1, ...G1, ...G1, ...G1]

/** Stands in for Groth16: a proof is the hash of key and signals eight times over, so it holds for nothing else. */
export const hashProofOf = (keyWords: readonly bigint[], signals: readonly bigint[]): bigint[] =>
  Array.from({ length: 8 }, (_, i) => modField(BigInt(keccakWords([BigInt(i), ...keyWords, ...signals]))))
export const hashProof: ProofCheck = async (claims) =>
  claims.map(({ keyWords, signals, proof }) => `${proof}` === `${hashProofOf(keyWords, signals)}`)

/** Plain data, so that tests can clone and bend it. */
export interface LedgerFixture {
  blockHashes: Map<bigint, Hex32>
  config: LedgerConfig
  epochs: EpochRecord[]
  batches: BatchRecord[]
  registry: RegistryRecords
  head: string
}

const CONFIG = pureConfig('0x1111111111111111111111111111111111111111', SHAPE.shards, INTERVAL)
const OPERATOR: PureOperator = {
  config: CONFIG,
  shape: SHAPE,
  key: element(1),
  signer: SIGNER_KEY,
  beneficiary: '0x2222222222222222222222222222222222222222',
  keyWords: KEY_WORDS,
}

function publishedPolicy(reporting: boolean, times: bigint): PublishedPolicy {
  const policy = policyFixture(SHAPE.shards)
  const accounts = (label: number) => policy.shards.map((_, j) => `0x${hex32(element(label, j)).slice(26)}`)
  const shards = policy.shards.map((shard, j) => {
    const [retail, institutional] = shard.weights
    const weights: [bigint, bigint] = [retail * times, institutional * times]
    return { ...shard, weights, reporting: reporting && j === 1 }
  })
  return { ...policy, shards, settlements: accounts(20), reportSigners: accounts(21) }
}

const DELAY = 3600n

/** Two proposals that waited their time, each with its epoch, a retune of the first between them, and what reputation concluded from the first epoch, perhaps with the epoch after that. */
function registryOf(
  policies: readonly [PublishedPolicy, PublishedPolicy],
  epochs: readonly EpochRecord[],
  concluded: readonly bigint[],
): RegistryRecords {
  const [first, second] = policies
  const shards = first.shards.map((shard, j) =>
    j === 3 ? { ...shard, weights: [shard.weights[0] + 1n, shard.weights[1]] as [bigint, bigint] } : shard,
  )
  const tuned = { ...first, shards }
  const published = (policy: PublishedPolicy, time: bigint) =>
    ({ kind: 'published', time, policyHash: policyHash(policy), policy: policyRecord(policy) }) as const
  const proposed = (id: bigint, policy: PublishedPolicy, time: bigint) =>
    ({ kind: 'proposed', time, id, policyHash: policyHash(policy), eta: time + DELAY }) as const
  const activated = (id: bigint, policy: PublishedPolicy, time: bigint) =>
    ({ kind: 'activated', time, id, policyHash: policyHash(policy) }) as const
  const announced = (at: number, time: bigint) => {
    const epoch = epochs[at]
    if (!epoch) throw new Error('the fixture has two epochs')
    const { firstBatch, seedBlock, policyHash: hash, signer, keyCommit, fromReset = false, sealedMode = false } = epoch
    const { multipliers = [] } = epoch
    return {
      kind: 'announced',
      time,
      epoch: epoch.epoch,
      firstBatch,
      seedBlock,
      policyHash: hash,
      signer,
      keyCommit,
      fromReset,
      sealedMode,
      multipliers,
    } as const
  }
  const events = [
    published(first, 1000n),
    proposed(1n, first, 1000n),
    activated(1n, first, 4600n),
    announced(0, 4700n),
    published(tuned, 5000n),
    { kind: 'retuned', time: 5000n, id: 1n, policyHash: policyHash(tuned) } as const,
    published(second, 5100n),
    proposed(2n, second, 5100n),
    activated(2n, second, 9000n),
    ...(epochs[0]?.abandoned
      ? [{ kind: 'ended', time: 9050n, epoch: 1n, nextIndex: epochs[0].end ?? 0n } as const]
      : []),
    announced(1, 9100n),
    ...(epochs[2]
      ? [{ kind: 'concluded', time: 9200n, epoch: 1n, multipliers: concluded } as const, announced(2, 9300n)]
      : []),
  ]
  return { delay: DELAY, window: 1_209_600n, retuneInterval: 600n, events }
}

/** The receipt that an honest router gave of a slot. @param change makes it another, signed all the same. */
export function receiptFixture(
  batch: BatchRecord | undefined,
  slot: number,
  change: Partial<Receipt> = {},
): SignedReceipt {
  if (!batch) throw new Error('the fixture has no such batch')
  const { time, commitments, assignments } = batch.submission
  const byte = Number(((assignments[Math.floor(slot / 31)] ?? 0n) >> BigInt(8 * (slot % 31))) & 255n)
  const honest = {
    epoch: batch.epoch,
    batch: batch.index,
    slot,
    commitment: commitments[slot] ?? 0n,
    assignment: byte,
    time,
  }
  const receipt = { ...honest, ...change }
  return { ...receipt, signature: SIGNER_KEY.sign(receiptDigest(domainSeparator(CONFIG), receipt)).serialized }
}

/** What a dishonest router does on the way; the rest of its ledger is made as an honest one would be, hashes and signatures included. */
export interface Hooks {
  /** Orders that it puts into a batch. */
  readonly orders?: (index: bigint, orders: readonly Order[]) => readonly Order[]
  /** Its time. */
  readonly time?: (index: bigint, time: bigint) => bigint
  /** What it publishes in place of what was proven. */
  readonly published?: (index: bigint, statement: Statement) => Statement
  /** Counters that it applies. */
  readonly counters?: (index: bigint, counters: readonly bigint[]) => readonly bigint[]
  /** Who signs. */
  readonly signer?: SigningKey
  /** The second epoch is sealed. */
  readonly sealed?: boolean
  /** The first epoch is given up, and the second begins in the reset state. */
  readonly reset?: boolean
  /** Weights are large, and a third epoch has some reduced: what reputation concluded, what the epoch tells, and what its words are multiplied by. */
  readonly reduced?: { readonly concluded?: bigint[]; readonly told?: bigint[]; readonly words?: bigint[] }
}

/** What an honest reputation concludes from the first epoch. */
export const REDUCED = [256n, 248n, 251n, 256n]

/** One honest batch after `carried`, which is moved on. */
function nextBatch(
  carried: Carried,
  epoch: EpochRecord,
  policy: PublishedPolicy,
  count: number,
  hooks: Hooks,
): BatchRecord {
  const { nextIndex, orderCounter, time: last } = carried.head
  const before = carried.head.epoch === epoch.epoch ? carried.head.counters : carried.head.counters.map(() => 0n)
  const usual = START + nextIndex * INTERVAL
  const time = hooks.time?.(nextIndex, usual) ?? usual
  const moved = before.map((counter, j) => (policy.shards[j]?.reporting ? counter + 1000n : counter))
  const made = Array.from({ length: count }, (_, i) => orderFixture(Number(orderCounter) + i))
  const elapsed = last === 0n ? 2n ** 40n - 1n : time - last
  const batch = pureBatch(OPERATOR, epoch, policy, carried, {
    time,
    orders: hooks.orders?.(nextIndex, made) ?? made,
    counters: hooks.counters?.(nextIndex, moved) ?? moved,
    served: policy.shards.map(({ reporting }) => (reporting ? 1000n : elapsed)),
    published: (statement) => hooks.published?.(nextIndex, statement) ?? statement,
    ...(hooks.signer && { signer: hooks.signer }),
  })
  // Only what was routed can be proven.
  const { beneficiary } = OPERATOR
  const context = { ...CONFIG, beneficiary, verifierId: epoch.verifiers[0]?.verifierId ?? '' }
  const proof = hashProofOf(KEY_WORDS, publicSignals(bind(context, encodeStatement(SHAPE, batch.routed))))
  return pureRecord(OPERATOR, batch, proof, usual / 1_000_000n)
}

/** Two epochs, five batches: full, partial, empty; a reporting shard in the second epoch. */
let built: LedgerFixture | undefined

export function ledgerFixture(): LedgerFixture {
  built ??= buildLedger()
  // A copy, so that what a test bends stays its own.
  return structuredClone(built)
}

/** A ledger of its own, honest but for the hooks. */
export function buildLedger(hooks: Hooks = {}): LedgerFixture {
  const { sealed = false, reset = false, reduced } = hooks
  const times = reduced ? 900n : 1n
  const policies = [publishedPolicy(false, times), publishedPolicy(true, times)] as const
  const { concluded = REDUCED, told = REDUCED, words = REDUCED } = reduced ?? {}
  const third = pureEpoch(OPERATOR, 3n, 5n, policies[1], words)
  const epochs = [
    { ...pureEpoch(OPERATOR, 1n, 0n, policies[0]), ...(reset && { abandoned: true, end: 3n }) },
    {
      ...pureEpoch(OPERATOR, 2n, 3n, policies[1]),
      ...(sealed && { sealedMode: true }),
      ...(reset && { fromReset: true }),
    },
    ...(reduced ? [{ ...third, multipliers: told }] : []),
  ]
  const carried = pureGenesis(CONFIG)
  const batches = (reduced ? [8, 3, 0, 8, 1, 8] : [8, 3, 0, 8, 1]).map((count, i) => {
    const epoch = at(epochs, i < 3 ? 0 : i < 5 ? 1 : 2)
    const policy = policies[i < 3 ? 0 : 1]
    if (reset && i === 3) Object.assign(carried, { states: resetStates(SHAPE.shards), blind: 0n })
    // Routed by the words that the ledger fixed.
    const inForce = { ...policy, shards: epoch.policyWords.map(shardPolicyOf) }
    return nextBatch(carried, epoch, inForce, count, hooks)
  })
  const blockHashes = new Map(epochs.map(({ seedBlock, seedBlockHash = '' }) => [seedBlock, seedBlockHash]))
  const registry = registryOf(policies, epochs, concluded)
  return { blockHashes, config: CONFIG, epochs, batches, registry, head: headHash(carried.head) }
}
