/** Ledgers made by the pure core alone, as a reader would report them: what an operator would publish, without a chain. For tests of the auditor, and its benchmark. */
import { computeAddress, type SigningKey } from 'ethers'
import type { BatchRecord, EpochRecord, LedgerConfig, PolicyRecord, SealRecord } from '../../src/audit/records.ts'
import { hex32 } from '../../src/base/keccak.ts'
import { packSubmission } from '../../src/chain/submission.ts'
import { batchDigest } from '../../src/order/batch-signature.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { commitmentOf, type Order } from '../../src/order/order.ts'
import { keyCommitmentOf } from '../../src/policy/keys.ts'
import { fullMultipliers, multipliedWords } from '../../src/policy/multiplied.ts'
import { feeWord, type PublishedPolicy, policyHash, shardPolicyWord } from '../../src/policy/policy.ts'
import { genesisStates, type ShardState, stateHash } from '../../src/route/state.ts'
import { type Binding, bind } from '../../src/statement/binding.ts'
import {
  epochSeed,
  type Head,
  headHash,
  orderRoot,
  type RecordParts,
  recordHash,
  sealHash,
  sealSeed,
  termsHash,
} from '../../src/statement/record.ts'
import { encodeStatement, type Shape, type Statement, statementHash } from '../../src/statement/statement.ts'
import { verifierIdOf } from '../../src/statement/verifier-id.ts'
import { type BatchWitness, routeBatch } from '../../src/witness/witness.ts'
import { element } from './fixtures.ts'

/** Who runs the ledger, and over which circuit. */
export interface PureOperator {
  readonly config: LedgerConfig
  readonly shape: Shape
  /** Draws candidates. */
  readonly key: bigint
  readonly signer: SigningKey
  readonly beneficiary: string
  /** The verifying key, 22 words. */
  readonly keyWords: readonly bigint[]
}

/** Where a ledger stands; moved on batch by batch. */
export interface Carried {
  head: Head
  states: readonly ShardState[]
  blind: bigint
}

/** Before the first batch. */
export const pureGenesis = ({ shards, genesisState: state }: LedgerConfig): Carried => ({
  head: {
    epoch: 0n,
    nextIndex: 0n,
    state,
    time: 0n,
    orderCounter: 0n,
    counters: new Array<bigint>(shards).fill(0n),
  },
  states: genesisStates(shards),
  blind: 0n,
})

/** A ledger's settings for so many shards. @param minInterval µs. */
export const pureConfig = (ledger: string, shards: number, minInterval: bigint): LedgerConfig => ({
  chainId: 31337n,
  ledger,
  shards,
  minInterval,
  genesisState: stateHash(0n, genesisStates(shards)),
})

/** A policy as the registry publishes it. */
export const policyRecord = (policy: PublishedPolicy): PolicyRecord => ({
  feeWord: feeWord(policy),
  words: policy.shards.map(shardPolicyWord),
  settlements: policy.settlements,
  reportSigners: policy.reportSigners,
})

/** An epoch that the operator announced and opened. @param multipliers of its weights; none is reduced by default. */
export function pureEpoch(
  { config, shape, key, signer, keyWords }: PureOperator,
  epoch: bigint,
  firstBatch: bigint,
  policy: PublishedPolicy,
  multipliers: readonly bigint[] = fullMultipliers(shape.shards),
): EpochRecord {
  const seedBlockHash = hex32(element(30, epoch))
  const { slots, shards } = shape
  const verifierId = verifierIdOf('two-choice', { shards, slots }, keyWords)
  return {
    epoch,
    firstBatch,
    keyCommit: keyCommitmentOf(key),
    signer: computeAddress(signer),
    seed: epochSeed(config, epoch, seedBlockHash),
    seedBlock: 10n + epoch,
    seedBlockHash,
    policyHash: policyHash(policy),
    feeWord: feeWord(policy),
    policyWords: multipliedWords(policy.shards.map(shardPolicyWord), multipliers),
    policy: policyRecord(policy),
    multipliers,
    verifiers: [{ slots, kind: 0, shards, verifierId, keyWords }],
  }
}

/** What one batch is made of. */
export interface PureStep {
  /** µs since the Unix epoch. */
  readonly time: bigint
  readonly orders: readonly Order[]
  /** Service counters afterwards, by shard. */
  readonly counters: readonly bigint[]
  /** Work applied, by shard; what the counters say by default. */
  readonly served?: readonly bigint[]
  /** What is published in place of what was routed. */
  readonly published?: (statement: Statement) => Statement
  /** Who signs; the epoch's signer by default. */
  readonly signer?: SigningKey
}

/** A batch in all its forms, without its proof. */
export interface PureBatch {
  readonly witness: BatchWitness
  /** What can be proven. */
  readonly routed: Statement
  readonly statement: Statement
  readonly words: readonly bigint[]
  readonly binding: Binding
  readonly parts: RecordParts
  readonly previous: Head
  readonly head: Head
  readonly signature: string
  readonly seal?: SealRecord
}

/** Routes, publishes and signs one batch after `carried`, which is moved on. */
export function pureBatch(
  operator: PureOperator,
  epoch: EpochRecord,
  policy: PublishedPolicy,
  carried: Carried,
  step: PureStep,
): PureBatch {
  const { config, shape, key, beneficiary } = operator
  const { time, orders, counters } = step
  const { head: previous, states, blind } = carried
  const elapsed = previous.time === 0n ? 2n ** 40n - 1n : time - previous.time
  const seal = epoch.sealedMode ? sealOf(operator, epoch.epoch, previous.nextIndex, step) : undefined
  const applied = policy.shards.map(({ reporting }, j) =>
    reporting ? (counters[j] ?? 0n) - (previous.counters[j] ?? 0n) : elapsed,
  )
  const witness: BatchWitness = {
    policy,
    key,
    seed: seal?.seed ?? epoch.seed,
    batchIndex: previous.nextIndex,
    orderCounter: previous.orderCounter,
    time,
    elapsed,
    served: step.served ?? applied,
    before: states,
    blindBefore: blind,
    blindAfter: element(40, previous.nextIndex),
    orders: [...orders],
  }
  const { statement: routed, after } = routeBatch(witness)
  const statement = step.published?.(routed) ?? routed
  const words = encodeStatement(shape, statement)
  const verifierId = epoch.verifiers[0]?.verifierId ?? ''
  const head: Head = {
    epoch: epoch.epoch,
    nextIndex: previous.nextIndex + 1n,
    state: statement.stateAfter,
    time,
    orderCounter: previous.orderCounter + BigInt(orders.length),
    counters,
  }
  const parts = {
    orderRoot: orderRoot(statement),
    statementHash: statementHash(words),
    head: headHash(head),
    terms: termsHash(statement, beneficiary),
  }
  Object.assign(carried, { head, states: after, blind: witness.blindAfter })
  const digest = batchDigest(domainSeparator(config), epoch.epoch, statement.batchIndex, parts.statementHash)
  return {
    ...{ witness, routed, statement, words, parts, previous, head },
    binding: bind({ ...config, beneficiary, verifierId }, words),
    signature: (step.signer ?? operator.signer).sign(digest).compactSerialized,
    ...(seal && { seal }),
  }
}

/** A batch as a reader would report it. @param blockTime seconds since the Unix epoch. */
export function pureRecord(
  { beneficiary }: PureOperator,
  { statement, parts, previous, head, binding, signature, seal }: PureBatch,
  proof: readonly bigint[],
  blockTime: bigint,
): BatchRecord {
  const { digest } = binding
  const { counters } = head
  const words = { previous, counters, verifier: 0, beneficiary, digest, proof, signature }
  return {
    index: statement.batchIndex,
    epoch: head.epoch,
    beneficiary,
    count: statement.commitments.length,
    orderRoot: parts.orderRoot,
    statementHash: parts.statementHash,
    head: parts.head,
    record: recordHash(parts),
    blockTime,
    transaction: hex32(element(50, statement.batchIndex)),
    gasUsed: 300_000n,
    ...(seal && { seal }),
    submission: packSubmission(statement, words),
  }
}

/** The seal of a batch, as the ledger would keep it. */
function sealOf(
  { config }: PureOperator,
  epoch: bigint,
  index: bigint,
  { time, orders, counters }: PureStep,
): SealRecord {
  const blockHash = hex32(element(61, index))
  const sealed = sealHash({ time, commitments: orders.map(commitmentOf) }, counters)
  return { seed: sealSeed(config, epoch, index, blockHash), blockHash, sealHash: sealed, chainHash: blockHash }
}
