/** A whole ledger made by the pure core, as a reader would report it: honest records for tests to bend. */
import { computeAddress, Signature, SigningKey } from 'ethers'
import type { ProofCheck } from '../../src/audit/proof-check.ts'
import type {
  BatchRecord,
  EpochRecord,
  LedgerConfig,
  PolicyRecord,
  RegistryRecords,
  SealRecord,
  SignedReceipt,
  VerifierRecord,
} from '../../src/audit/records.ts'
import { modField } from '../../src/base/field.ts'
import { type Hex32, hex32, keccakWords } from '../../src/base/keccak.ts'
import { batchDigest } from '../../src/order/batch-signature.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { commitmentOf, type Order } from '../../src/order/order.ts'
import { type Receipt, receiptDigest } from '../../src/order/receipt.ts'
import { keyCommitmentOf } from '../../src/policy/keys.ts'
import { feeWord, type PublishedPolicy, policyHash, shardPolicyWord } from '../../src/policy/policy.ts'
import { genesisStates, resetStates, type ShardState, stateHash } from '../../src/route/state.ts'
import { bind, publicSignals } from '../../src/statement/binding.ts'
import {
  counterWords,
  epochSeed,
  type Head,
  headHash,
  orderRoot,
  recordHash,
  sealHash,
  sealSeed,
  termsHash,
} from '../../src/statement/record.ts'
import { encodeStatement, layout, type Statement, statementHash } from '../../src/statement/statement.ts'
import { verifierIdOf } from '../../src/statement/verifier-id.ts'
import { routeBatch } from '../../src/witness/witness.ts'
import { element, orderFixture, policyFixture } from '../helpers/fixtures.ts'

export const SHAPE = { shards: 4, slots: 8 }
const START = 1_515_053_700_000_000n
const INTERVAL = 500_000n
const SIGNER_KEY = new SigningKey(hex32(7n))
const SIGNER = computeAddress(SIGNER_KEY)

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

const CONFIG: LedgerConfig = {
  chainId: 31337n,
  ledger: '0x1111111111111111111111111111111111111111',
  shards: SHAPE.shards,
  minInterval: INTERVAL,
  genesisState: stateHash(0n, genesisStates(SHAPE.shards)),
}
const BENEFICIARY = '0x2222222222222222222222222222222222222222'
const OPERATOR_KEY = element(1)

function publishedPolicy(reporting: boolean): PublishedPolicy {
  const policy = policyFixture(SHAPE.shards)
  const accounts = (label: number) => policy.shards.map((_, j) => `0x${hex32(element(label, j)).slice(26)}`)
  const shards = policy.shards.map((shard, j) => ({ ...shard, reporting: reporting && j === 1 }))
  return { ...policy, shards, settlements: accounts(20), reportSigners: accounts(21) }
}

function epochRecord(epoch: bigint, firstBatch: bigint, policy: PublishedPolicy): EpochRecord {
  const seedBlockHash = hex32(element(30, epoch))
  const words = policy.shards.map(shardPolicyWord)
  const verifier: VerifierRecord = {
    slots: SHAPE.slots,
    kind: 0,
    shards: SHAPE.shards,
    verifierId: verifierIdOf('two-choice', SHAPE, KEY_WORDS),
    keyWords: KEY_WORDS,
  }
  return {
    epoch,
    firstBatch,
    keyCommit: keyCommitmentOf(OPERATOR_KEY),
    signer: SIGNER,
    seed: epochSeed(CONFIG, epoch, seedBlockHash),
    seedBlock: 10n + epoch,
    seedBlockHash,
    policyHash: policyHash(policy),
    feeWord: feeWord(policy),
    policyWords: words,
    policy: recordOf(policy),
    verifiers: [verifier],
  }
}

const recordOf = (policy: PublishedPolicy): PolicyRecord => ({
  feeWord: feeWord(policy),
  words: policy.shards.map(shardPolicyWord),
  settlements: policy.settlements,
  reportSigners: policy.reportSigners,
})

const DELAY = 3600n

/** Two proposals that waited their time, each with its epoch, and a retune of the first between them. */
function registryOf(
  policies: readonly [PublishedPolicy, PublishedPolicy],
  epochs: readonly EpochRecord[],
): RegistryRecords {
  const [first, second] = policies
  const shards = first.shards.map((shard, j) =>
    j === 3 ? { ...shard, weights: [shard.weights[0] + 1n, shard.weights[1]] as [bigint, bigint] } : shard,
  )
  const tuned = { ...first, shards }
  const published = (policy: PublishedPolicy, time: bigint) =>
    ({ kind: 'published', time, policyHash: policyHash(policy), policy: recordOf(policy) }) as const
  const proposed = (id: bigint, policy: PublishedPolicy, time: bigint) =>
    ({ kind: 'proposed', time, id, policyHash: policyHash(policy), eta: time + DELAY }) as const
  const activated = (id: bigint, policy: PublishedPolicy, time: bigint) =>
    ({ kind: 'activated', time, id, policyHash: policyHash(policy) }) as const
  const announced = (at: number, time: bigint) => {
    const epoch = epochs[at]
    if (!epoch) throw new Error('the fixture has two epochs')
    const { firstBatch, seedBlock, policyHash: hash, signer, keyCommit, fromReset = false, sealedMode = false } = epoch
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
}

interface Carried {
  head: Head
  states: readonly ShardState[]
  blind: bigint
}

/** The seal of a batch, as the ledger would keep it. */
function sealOf(
  { epoch }: EpochRecord,
  index: bigint,
  sealed: Pick<Statement, 'time' | 'commitments'>,
  counters: readonly bigint[],
): SealRecord {
  const blockHash = hex32(element(61, index))
  const seed = sealSeed(CONFIG, epoch, index, blockHash)
  return { seed, blockHash, sealHash: sealHash(sealed, counters), chainHash: blockHash }
}

/** One honest batch after `carried`, which is moved on. */
function nextBatch(
  carried: Carried,
  epoch: EpochRecord,
  policy: PublishedPolicy,
  count: number,
  hooks: Hooks,
): BatchRecord {
  const before = carried.head
  const usual = START + before.nextIndex * INTERVAL
  const time = hooks.time?.(before.nextIndex, usual) ?? usual
  const elapsed = before.time === 0n ? 2n ** 40n - 1n : time - before.time
  const moved = before.counters.map((counter, j) => (policy.shards[j]?.reporting ? counter + 1000n : counter))
  const counters = hooks.counters?.(before.nextIndex, moved) ?? moved
  const made = Array.from({ length: count }, (_, i) => orderFixture(Number(before.orderCounter) + i))
  const orders = hooks.orders?.(before.nextIndex, made) ?? made
  const seal = epoch.sealedMode
    ? sealOf(epoch, before.nextIndex, { time, commitments: orders.map(commitmentOf) }, counters)
    : undefined
  const blindAfter = element(40, before.nextIndex)
  const { statement: routed, after } = routeBatch({
    policy,
    key: OPERATOR_KEY,
    seed: seal?.seed ?? epoch.seed,
    batchIndex: before.nextIndex,
    orderCounter: before.orderCounter,
    time,
    elapsed,
    served: policy.shards.map(({ reporting }) => (reporting ? 1000n : elapsed)),
    before: carried.states,
    blindBefore: carried.blind,
    blindAfter,
    orders,
  })
  const statement = hooks.published?.(before.nextIndex, routed) ?? routed
  const words = encodeStatement(SHAPE, statement)
  const verifierId = epoch.verifiers[0]?.verifierId ?? ''
  const context = { ...CONFIG, beneficiary: BENEFICIARY, verifierId }
  const binding = bind(context, words)
  // Only what was routed can be proven.
  const proof = hashProofOf(KEY_WORDS, publicSignals(bind(context, encodeStatement(SHAPE, routed))))
  const head: Head = {
    epoch: epoch.epoch,
    nextIndex: before.nextIndex + 1n,
    state: statement.stateAfter,
    time,
    orderCounter: before.orderCounter + BigInt(count),
    counters,
  }
  const parts = {
    orderRoot: orderRoot(statement),
    statementHash: statementHash(words),
    head: headHash(head),
    terms: termsHash(statement, BENEFICIARY),
  }
  carried.head = head
  carried.states = after
  carried.blind = blindAfter
  const part = (name: string): bigint[] => {
    let from = 0
    for (const [at, length] of layout(SHAPE)) {
      if (at === name) return words.slice(from, from + length)
      from += length
    }
    return []
  }
  const signature = (hooks.signer ?? SIGNER_KEY).sign(
    batchDigest(domainSeparator(CONFIG), epoch.epoch, statement.batchIndex, parts.statementHash),
  )
  return {
    index: statement.batchIndex,
    epoch: epoch.epoch,
    beneficiary: BENEFICIARY,
    count,
    orderRoot: parts.orderRoot,
    statementHash: parts.statementHash,
    head: parts.head,
    record: recordHash(parts),
    blockTime: usual / 1_000_000n,
    transaction: hex32(element(50, before.nextIndex)),
    gasUsed: 300_000n,
    ...(seal && { seal }),
    submission: {
      previous: { ...before, counters: counterWords(before.counters) },
      verifier: 0,
      beneficiary: BENEFICIARY,
      time,
      stateAfter: statement.stateAfter,
      openMask: part('openMask')[0] ?? 0n,
      digest: binding.digest,
      proof,
      signature: Signature.from(signature).compactSerialized,
      fees: part('fees'),
      counters: counterWords(counters),
      commitments: [...statement.commitments],
      assignments: count === 0 ? [] : part('assignments'),
    },
  }
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
  const policies = [publishedPolicy(false), publishedPolicy(true)] as const
  const { sealed = false, reset = false } = hooks
  const epochs = [
    { ...epochRecord(1n, 0n, policies[0]), ...(reset && { abandoned: true, end: 3n }) },
    { ...epochRecord(2n, 3n, policies[1]), ...(sealed && { sealedMode: true }), ...(reset && { fromReset: true }) },
  ] as const
  const carried: Carried = {
    head: {
      epoch: 0n,
      nextIndex: 0n,
      state: CONFIG.genesisState,
      time: 0n,
      orderCounter: 0n,
      counters: [0n, 0n, 0n, 0n],
    },
    states: genesisStates(SHAPE.shards),
    blind: 0n,
  }
  const batches = [8, 3, 0, 8, 1].map((count, i) => {
    const at = i < 3 ? 0 : 1
    if (reset && i === 3) Object.assign(carried, { states: resetStates(SHAPE.shards), blind: 0n })
    return nextBatch(carried, epochs[at], policies[at], count, hooks)
  })
  const blockHashes = new Map(epochs.map(({ seedBlock, seedBlockHash = '' }) => [seedBlock, seedBlockHash]))
  const registry = registryOf(policies, epochs)
  return { blockHashes, config: CONFIG, epochs: [...epochs], batches, registry, head: headHash(carried.head) }
}
