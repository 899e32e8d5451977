import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Contract, parseEther, SigningKey, type TransactionReceipt, type Wallet } from 'ethers'
import type { AddressBook } from '../../src/chain/address-book.ts'
import { readArtifact } from '../../src/chain/artifact.ts'
import { deploySystem } from '../../src/chain/deploy-system.ts'
import { openedBatch, signatureWords } from '../../src/chain/evidence.ts'
import { SystemConfig } from '../../src/chain/system-config.ts'
import type { SystemContract } from '../../src/chain/system-contracts.ts'
import { SystemReader } from '../../src/chain/system-reader.ts'
import { domainSeparator } from '../../src/order/domain.ts'
import { type Receipt, receiptDigest } from '../../src/order/receipt.ts'
import { type ServedReport, servedDigest } from '../../src/order/served.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { Artifacts } from '../../src/proof/manifest.ts'
import type { Prover } from '../../src/proof/prover.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { genesisStates, resetStates, stateHash } from '../../src/route/state.ts'
import type { TestChain } from './chain.ts'
import { inclusionOf } from './inclusion.ts'
import { Stage } from './stage.ts'
import type { StagedBatch } from './staged-batch.ts'

/** Names of the contracts behind the book's keys, as far as tests call them. */
const NAMES = {
  bond: 'Bond',
  receiptChallenges: 'ReceiptChallenges',
  reportChallenges: 'ReportChallenges',
  inbox: 'ForcedInbox',
  redemption: 'Redemption',
  reputation: 'Reputation',
  ledger: 'RoutingLedger',
} as const satisfies Partial<Record<SystemContract, string>>

/** Settings of the tests' systems: short windows, one ether a fault. */
export const systemConfig = (rpcUrl: string, circuit: string, operator?: string, change: object = {}): SystemConfig => {
  const amounts = ['contradiction', 'equivocation', 'duplicate', 'overdue', 'unreported', 'reportIgnored']
  return SystemConfig.parse({
    rpcUrl,
    circuits: [circuit],
    ...(operator ? { operator } : {}),
    policyDelayS: 0,
    ledger: { deadlineS: 600, finalityDepth: 2, seedDelay: 2 },
    bond: { minimum: '10', amounts: Object.fromEntries(amounts.map((name) => [name, '1'])) },
    challenges: { answerTimeS: 300, answerBlocks: 10, challengeBond: '0.05' },
    inbox: { fee: '0.01', deadlineS: 120, groupSize: 2 },
    redemption: { perReceipt: '0.5', cap: '3', claimWindowS: 3600 },
    ...change,
  })
}

/** A whole system on a test chain: the operator is account 0, its signer account 1, the shards' signer account 6. */
export class System {
  readonly test: TestChain
  readonly book: AddressBook
  readonly stage: Stage
  readonly challenger: Wallet
  readonly shardKey: SigningKey
  readonly reader: SystemReader

  private constructor(test: TestChain, book: AddressBook, stage: Stage) {
    this.test = test
    this.book = book
    this.stage = stage
    this.challenger = test.account(7)
    this.shardKey = new SigningKey(test.key(6))
    this.reader = new SystemReader(test.provider, book.contracts)
  }

  /** Deploys everything as the deploy script does, with 100 ether at stake, and opens an epoch over real proofs. @param change of the settings. */
  static async deploy(
    test: TestChain,
    prover: Prover,
    artifacts: Artifacts,
    policy: Policy,
    change: object = {},
  ): Promise<System> {
    const folder = mkdtempSync(join(tmpdir(), 'fairlead-system-'))
    try {
      const { shards, name } = artifacts.manifest
      const book = await deploySystem({
        root: packageRoot(),
        signer: test.account(0),
        config: systemConfig(test.chain.url, name, undefined, change),
        artifacts: [artifacts],
        shape: {
          shards,
          genesisState: stateHash(0n, genesisStates(shards)),
          resetState: stateHash(0n, resetStates(shards)),
        },
        book: join(folder, 'book.json'),
      })
      const { ledger, registry, seedSource, verifierFactory } = book.contracts
      const deployment = { chainId: 31337n, ledger, registry, seedSource, verifierFactory, fromBlock: book.fromBlock }
      const reportSigner = test.account(6).address
      const stage = await Stage.withCircuits(test, prover, [artifacts], policy, { deployment, reportSigner })
      const system = new System(test, book, stage)
      await system.send('bond', test.account(0), 'deposit', [], parseEther('100'))
      return system
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  contract(key: keyof typeof NAMES, as: Wallet = this.challenger): Contract {
    return new Contract(this.book.contracts[key], readArtifact(packageRoot(), NAMES[key]).abi, as)
  }

  /** Calls and waits. */
  async send(
    key: keyof typeof NAMES,
    as: Wallet,
    method: string,
    args: readonly unknown[],
    value = 0n,
  ): Promise<TransactionReceipt> {
    const sent = await this.contract(key, as).getFunction(method)(...args, { value })
    return sent.wait()
  }

  /** A view's answer. */
  async ask<T>(key: keyof typeof NAMES, method: string, ...args: unknown[]): Promise<T> {
    return this.contract(key).getFunction(method)(...args)
  }

  /** What the challenger would be told, without a transaction. */
  tryOut(key: keyof typeof NAMES, method: string, ...args: unknown[]): Promise<unknown> {
    return this.contract(key)
      .getFunction(method)
      .staticCall(...args)
  }

  get separator() {
    return domainSeparator(this.stage.deployment)
  }

  /** What the router signs for a slot of a batch, just as it is going to be accepted. */
  receipt({ statement }: StagedBatch, slot: number, change: Partial<Receipt> = {}): Receipt {
    const { batchIndex, commitments, assignments, time } = statement
    const [commitment = 0n, assignment = 0] = [commitments[slot], assignments[slot]]
    return { epoch: this.stage.epoch, batch: batchIndex, slot, commitment, assignment, time, ...change }
  }

  /** A receipt with the epoch signer's signature, as arguments. */
  signed(receipt: Receipt, key = this.stage.signer) {
    return [receipt, signatureWords(key.sign(receiptDigest(this.separator, receipt)).serialized)] as const
  }

  report(report: ServedReport, key = this.shardKey) {
    return [report, signatureWords(key.sign(servedDigest(this.separator, report)).serialized)] as const
  }

  /** Everything that opens a batch. */
  opened(batch: StagedBatch) {
    return openedBatch(inclusionOf(batch, 0).record, batch.next)
  }

  /** Makes accepted batches count. */
  async finalize(...batches: readonly StagedBatch[]): Promise<void> {
    for (const { statement } of batches) {
      await this.send('receiptChallenges', this.challenger, 'sight', [statement.batchIndex])
      await this.send('reportChallenges', this.challenger, 'sight', [statement.batchIndex])
    }
    await this.test.mine(2)
  }

  /** Lets a window pass, in time and in blocks. */
  async pass(seconds: number): Promise<void> {
    await this.test.wait(seconds)
    await this.test.mine(12)
  }

  /** From the deployment to now. */
  async allBlocks() {
    return { fromBlock: this.book.fromBlock, toBlock: await this.test.provider.getBlockNumber() }
  }

  /** Chain time, µs since the Unix epoch. */
  async nowUs(): Promise<bigint> {
    const block = await this.test.provider.getBlock('latest')
    return BigInt(block?.timestamp ?? 0) * 1_000_000n
  }
}
