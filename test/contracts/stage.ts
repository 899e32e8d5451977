import { Contract, concat, SigningKey, type TransactionReceipt, type Wallet, ZeroAddress } from 'ethers'
import { at } from '../../src/base/at.ts'
import { POLICY_REGISTRY_ABI, ROUTING_LEDGER_ABI } from '../../src/chain/abi.ts'
import { readArtifact } from '../../src/chain/artifact.ts'
import { type Deployment, deployContract, deployLedger, deployVerifier } from '../../src/chain/deploy.ts'
import { policyWordsOf } from '../../src/chain/policy-words.ts'
import type { PolicyWords } from '../../src/chain/reader-schema.ts'
import { encodeSubmission, encodeSubmissions, packSubmission } from '../../src/chain/submission.ts'
import { batchDigest } from '../../src/order/batch-signature.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import type { Order } from '../../src/order/order.ts'
import { keyCommitmentOf } from '../../src/policy/keys.ts'
import { isMultiplied } from '../../src/policy/multiplied.ts'
import { POLICY_KINDS, type Policy, policyHash, shardPolicyOf } from '../../src/policy/policy.ts'
import { proofWords } from '../../src/proof/calldata.ts'
import type { Artifacts } from '../../src/proof/manifest.ts'
import type { Prover } from '../../src/proof/prover.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { genesisStates, resetStates, type ShardState, stateHash } from '../../src/route/state.ts'
import { bind } from '../../src/statement/binding.ts'
import type { Head } from '../../src/statement/record.ts'
import { encodeStatement, type Shape, statementHash } from '../../src/statement/statement.ts'
import type { SubmissionWords } from '../../src/statement/submission.ts'
import { type BatchWitness, circuitInputs, routeBatch } from '../../src/witness/witness.ts'
import { element, orderFixture, policyFixture } from '../helpers/fixtures.ts'
import type { TestChain } from './chain.ts'
import {
  type BatchChange,
  BENEFICIARY,
  doubleProof,
  FIRST_TIME,
  MAX_ELAPSED,
  MIN_INTERVAL,
  type Prove,
  SECOND,
  SEED_DELAY,
  type StagedBatch,
} from './staged-batch.ts'

export interface StageOptions {
  readonly shape?: Shape
  readonly policy?: Policy
}

/** How an epoch is to begin and to run. */
export interface EpochFlags {
  readonly fromReset?: boolean
  readonly sealedMode?: boolean
}

/** A ledger on a test chain, with what its router would remember: the tests' honest operator. */
export class Stage {
  readonly test: TestChain
  readonly deployment: Deployment
  readonly shape: Shape
  /** As the operator, account 0. */
  readonly registry: Contract
  readonly operatorLedger: Contract
  /** As a submitter without rights, account 2. */
  readonly ledger: Contract
  readonly submitter: Wallet
  /** The epoch's signer, account 1. */
  readonly signer: SigningKey
  readonly key = element(1)
  prove: Prove = doubleProof
  /** Signs the reports of every shard that makes any. */
  reportSigner = BENEFICIARY
  policy: Policy
  /** What batches are routed by where the epoch's weights are multiplied. */
  multiplied: Policy | undefined
  verifiers: string[] = []
  epoch = 0n
  seed = 0n
  verifierIds: string[] = []
  slots: number[] = []
  head: Head
  states: readonly ShardState[]
  blind = 0n

  private constructor(test: TestChain, deployment: Deployment, shape: Shape, policy: Policy) {
    this.test = test
    this.deployment = deployment
    this.shape = shape
    this.policy = policy
    this.submitter = test.account(2)
    this.registry = new Contract(deployment.registry, POLICY_REGISTRY_ABI, test.account(0))
    this.operatorLedger = new Contract(deployment.ledger, ROUTING_LEDGER_ABI, test.account(0))
    this.ledger = new Contract(deployment.ledger, ROUTING_LEDGER_ABI, this.submitter)
    this.signer = new SigningKey(test.key(1))
    this.states = genesisStates(shape.shards)
    const counters = new Array<bigint>(shape.shards).fill(0n)
    this.head = { epoch: 0n, nextIndex: 0n, state: stateHash(0n, this.states), time: 0n, orderCounter: 0n, counters }
  }

  /** Deploys a ledger; no policy, no epoch yet. */
  static async bare(test: TestChain, { shape = { shards: 4, slots: 8 }, policy }: StageOptions = {}): Promise<Stage> {
    const operator = test.account(0)
    const deployment = await deployLedger(packageRoot(), operator, {
      operator: operator.address,
      shards: shape.shards,
      genesisState: stateHash(0n, genesisStates(shape.shards)),
      resetState: stateHash(0n, resetStates(shape.shards)),
      policyDelayS: 0,
      deadlineS: 600,
      finalityDepth: 2,
      minInterval: MIN_INTERVAL,
      seedDelay: SEED_DELAY,
    })
    return new Stage(test, deployment, shape, policy ?? policyFixture(shape.shards))
  }

  /** Deploys a ledger over verifier doubles (N and 2N slots) and opens its first epoch. */
  static async withDoubles(test: TestChain, options: StageOptions = {}): Promise<Stage> {
    const stage = await Stage.bare(test, options)
    const factory = await deployContract(packageRoot(), test.account(0), 'FactoryDouble', [])
    const ledger = await stage.#redeploy(factory)
    const kind = POLICY_KINDS.indexOf(stage.policy.kind)
    for (const slots of [stage.shape.slots, 2 * stage.shape.slots]) {
      const verifier = await stage.double(factory, kind, stage.shape.shards, slots)
      ledger.verifiers.push(verifier)
    }
    await ledger.activatePolicy()
    await ledger.openEpoch(0n)
    return ledger
  }

  /** Deploys a ledger over the verifiers of built circuits, all proven by the first, and opens its first epoch. */
  static async withCircuits(
    test: TestChain,
    prover: Prover,
    artifacts: readonly [Artifacts, ...Artifacts[]],
    policy?: Policy,
    system?: { readonly deployment: Deployment; readonly reportSigner: string },
  ): Promise<Stage> {
    const { manifest } = artifacts[0]
    const options = { shape: manifest, ...(policy ? { policy } : {}) }
    const stage = system
      ? new Stage(test, system.deployment, manifest, policy ?? policyFixture(manifest.shards))
      : await Stage.bare(test, options)
    stage.reportSigner = system?.reportSigner ?? BENEFICIARY
    for (const each of artifacts) {
      stage.verifiers.push(await deployVerifier(test.account(0), stage.deployment.verifierFactory, each))
    }
    stage.prove = async (witness, binding) => {
      const inputs = circuitInputs(manifest, witness, binding)
      const { proof } = await prover.prove(manifest.name, inputs)
      return proofWords(proof)
    }
    await stage.activatePolicy()
    await stage.openEpoch(0n)
    return stage
  }

  /** Deploys a double and has the double's factory vouch for it. */
  async double(factory: string, kind: number, shards: number, slots: number): Promise<string> {
    const account = this.test.account(0)
    const verifier = await deployContract(packageRoot(), account, 'VerifierDouble', [kind, shards, slots])
    const contract = new Contract(factory, readArtifact(packageRoot(), 'FactoryDouble').abi, account)
    await (await contract.getFunction('vouch')(verifier)).wait()
    return verifier
  }

  /** Proposes and activates the stage's policy. */
  async activatePolicy(): Promise<void> {
    await (await this.registry.getFunction('propose')(this.policyWords())).wait()
    await (await this.registry.getFunction('activate')(await this.registry.getFunction('proposals')())).wait()
  }

  policyWords(): PolicyWords {
    return policyWordsOf(this.published())
  }

  published() {
    const accounts = this.policy.shards.map(({ reporting }) => (reporting ? this.reportSigner : ZeroAddress))
    return { ...this.policy, settlements: accounts, reportSigners: accounts }
  }

  announcement(firstBatch: bigint, flags: EpochFlags = {}) {
    return {
      firstBatch,
      keyCommit: keyCommitmentOf(this.key),
      signer: this.test.account(1).address,
      policyHash: policyHash(this.published()),
      verifiers: this.verifiers,
      fromReset: false,
      sealedMode: false,
      ...flags,
    }
  }

  async announceEpoch(firstBatch: bigint, flags: EpochFlags = {}): Promise<void> {
    await (await this.operatorLedger.getFunction('announceEpoch')(this.announcement(firstBatch, flags))).wait()
  }

  /** Announces an epoch and opens it as soon as the chain allows. */
  async openEpoch(firstBatch: bigint, flags: EpochFlags = {}): Promise<void> {
    await this.announceEpoch(firstBatch, flags)
    await this.test.mine(SEED_DELAY)
    await (await this.ledger.getFunction('openEpoch')()).wait()
    await this.readEpoch()
  }

  /** Takes the latest epoch's seed and verifiers from the chain. */
  async readEpoch(): Promise<void> {
    this.epoch = await this.ledger.getFunction('latestEpoch')()
    const { seed, verifiers, policyWords, multipliers } = await this.ledger.getFunction('epochOf')(this.epoch)
    this.seed = seed
    this.multiplied = isMultiplied(multipliers)
      ? { ...this.policy, shards: policyWords.map((word: bigint) => shardPolicyOf(word)) }
      : undefined
    this.verifierIds = verifiers.map((v: { verifierId: string }) => v.verifierId)
    this.slots = verifiers.map((v: { slots: bigint }) => Number(v.slots))
  }

  /** Builds, proves and signs the next batch. */
  async batch(orders: readonly Order[] | number, change: BatchChange = {}): Promise<StagedBatch> {
    const { head } = this
    const time = change.time ?? (head.time === 0n ? FIRST_TIME : head.time + SECOND)
    const elapsed = time - head.time < MAX_ELAPSED ? time - head.time : MAX_ELAPSED
    const before = head.epoch === this.epoch ? head.counters : head.counters.map(() => 0n)
    const counters = change.counters ?? before
    const witness: BatchWitness = {
      policy: this.multiplied ?? this.policy,
      key: this.key,
      seed: this.seed,
      batchIndex: head.nextIndex,
      orderCounter: head.orderCounter,
      time,
      elapsed,
      served: this.policy.shards.map(({ reporting }, j) => (reporting ? at(counters, j) - at(before, j) : elapsed)),
      before: this.states,
      blindBefore: this.blind,
      blindAfter: change.blindAfter ?? element(3, head.nextIndex),
      orders: typeof orders === 'number' ? this.orders(orders) : orders,
    }
    const { statement, after } = routeBatch(witness)
    const verifier = change.verifier ?? 0
    const shape = { shards: this.shape.shards, slots: at(this.slots, verifier) }
    const words = encodeStatement(shape, statement)
    const beneficiary = change.beneficiary ?? BENEFICIARY
    const { chainId, ledger } = this.deployment
    const binding = bind({ chainId, ledger, beneficiary, verifierId: at(this.verifierIds, verifier) }, words)
    const proof = await this.prove(witness, binding)
    const signature = this.sign(words)
    const parts = { previous: head, counters, verifier, beneficiary, digest: binding.digest, proof, signature }
    const next: Head = {
      epoch: this.epoch,
      nextIndex: head.nextIndex + 1n,
      state: statement.stateAfter,
      time,
      orderCounter: head.orderCounter + BigInt(statement.commitments.length),
      counters,
    }
    return { witness, statement, words, after, next, submission: packSubmission(statement, parts) }
  }

  /** The epoch signer's signature over V as the next batch of the epoch. */
  sign(words: readonly bigint[], index = this.head.nextIndex, epoch = this.epoch, key = this.signer): string {
    const digest = batchDigest(domainSeparator(this.deployment), epoch, index, statementHash(words))
    const { r, s, v } = key.sign(digest)
    return concat([r, s, v === 27 ? '0x1b' : '0x1c'])
  }

  /** Fresh orders; the same for the same head. */
  orders(count: number): Order[] {
    return Array.from({ length: count }, (_, i) => orderFixture(Number(this.head.orderCounter) + i))
  }

  /** What the ledger would say, without a transaction. */
  tryOut(...submissions: readonly SubmissionWords[]): Promise<unknown> {
    return this.submitter.call({ to: this.deployment.ledger, data: encodeSubmissions(submissions) })
  }

  /** Submits and follows on. */
  async submit(batch: StagedBatch): Promise<TransactionReceipt> {
    const receipt = await this.send(encodeSubmission(batch.submission))
    this.follow(batch)
    return receipt
  }

  /** Builds batches that continue each other, none of them submitted; the stage stays where it was. */
  async batches(orders: readonly (readonly Order[] | number)[]): Promise<StagedBatch[]> {
    const { head, states, blind } = this
    const built: StagedBatch[] = []
    for (const each of orders) {
      const batch = await this.batch(each)
      built.push(batch)
      this.follow(batch)
    }
    Object.assign(this, { head, states, blind })
    return built
  }

  /** Submits batches in one transaction and follows on. */
  async submitAll(batches: readonly StagedBatch[]): Promise<TransactionReceipt> {
    const receipt = await this.send(encodeSubmissions(batches.map(({ submission }) => submission)))
    for (const batch of batches) this.follow(batch)
    return receipt
  }

  /** Takes a batch for accepted. */
  follow({ next, after, witness }: StagedBatch): void {
    this.head = next
    this.states = after
    this.blind = witness.blindAfter
  }

  /** Calls the ledger as the submitter. */
  async send(data: string): Promise<TransactionReceipt> {
    const sent = await this.submitter.sendTransaction({ to: this.deployment.ledger, data })
    const receipt = await sent.wait()
    if (!receipt) throw new Error('no receipt')
    return receipt
  }

  /** Builds and submits a batch. */
  async submitted(orders: number): Promise<StagedBatch> {
    const batch = await this.batch(orders)
    await this.submit(batch)
    return batch
  }

  /** The same ledger over another factory. */
  async #redeploy(verifierFactory: string): Promise<Stage> {
    const { registry, seedSource } = this.deployment
    const operator = this.test.account(0)
    const config = {
      operator: operator.address,
      registry,
      seedSource,
      verifierFactory,
      genesisState: this.head.state,
      resetState: stateHash(0n, resetStates(this.shape.shards)),
      deadline: 600,
      finalityDepth: 2,
      minInterval: MIN_INTERVAL,
      seedDelay: SEED_DELAY,
      inbox: this.test.account(3).address,
      penalty: ZeroAddress,
      reputation: ZeroAddress,
    }
    const ledger = await deployContract(packageRoot(), operator, 'RoutingLedger', [config])
    return new Stage(this.test, { ...this.deployment, ledger, verifierFactory }, this.shape, this.policy)
  }
}
