import { expect } from 'chai'
import { Contract, Wallet } from 'ethers'
import { at } from '../../src/base/at.ts'
import { unpackItems } from '../../src/base/pack.ts'
import { readArtifact } from '../../src/chain/artifact.ts'
import { deployContract } from '../../src/chain/deploy.ts'
import { connectProvider } from '../../src/chain/provider.ts'
import { LedgerReader } from '../../src/chain/reader.ts'
import { domainSeparator, signerOf } from '../../src/order/domain.ts'
import { type AcceptedBatch, contradiction, Receipt, receiptDigest } from '../../src/order/receipt.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { failureCode, fairlead } from '../cli/terminal.ts'
import { expectRevert } from '../contracts/revert.ts'
import { sharedWorld } from './world.ts'

/** A funded account of every anvil. */
const ANYBODY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'

describe('the whole path', () => {
  const world = sharedWorld()

  it('gives receipts to both segments, deferrals included', async () => {
    const { placed, batches } = world()
    expect(placed.length).to.be.at.least(17)
    expect(batches.length).to.be.at.least(3)
    const statuses = new Set(placed.map(({ status }) => status))
    expect([...statuses].sort()).to.deep.equal(['accepted', 'deferred'])
  })

  it('gives receipts that are signed for this ledger and kept by the batches on chain', async () => {
    const { rpc, ledger, placed } = world()
    const reader = await LedgerReader.connect({ rpcUrl: rpc, ledger })
    try {
      const separator = domainSeparator(reader.config)
      const { signer } = await reader.epoch(1n)
      const onChain = new Map<bigint, AcceptedBatch>()
      for await (const { index, epoch, submission } of reader.batches()) {
        const { time, commitments, assignments } = submission
        const bytes = unpackItems(assignments, 8, 31, commitments.length).map(Number)
        onChain.set(index, { epoch, index, time, commitments, assignments: bytes })
      }
      for (const { receipt } of placed) {
        const { signature, ...fields } = receipt
        const parsed = Receipt.parse(fields)
        expect(signerOf(receiptDigest(separator, parsed), signature)).to.equal(signer)
        const batch = onChain.get(parsed.batch) ?? expect.fail(`batch ${parsed.batch} is not on chain`)
        expect(contradiction(parsed, batch)).to.equal(undefined)
        // The same receipt for another slot would not be kept.
        const elsewhere = { ...parsed, slot: (parsed.slot + 1) % 8 }
        expect(contradiction(elsewhere, batch)).to.be.oneOf(['slot', 'commitment'])
      }
    } finally {
      reader.close()
    }
  })

  it('gives inclusion paths that a settlement contract of the right shard accepts once', async () => {
    const { rpc, ledger, placed } = world()
    const order = placed.find(({ status }) => status === 'accepted') ?? expect.fail('no accepted order')
    const { assignment } = order.receipt
    const inclusion = await inclusionOf(order.commitment)
    const { provider } = await connectProvider(rpc)
    provider.pollingInterval = 20
    try {
      const account = new Wallet(ANYBODY, provider)
      const consumer = async (shard: number) => {
        const address = await deployContract(packageRoot(), account, 'SettlementConsumer', [ledger, shard])
        return new Contract(address, readArtifact(packageRoot(), 'SettlementConsumer').abi, account)
      }
      const [right, wrong] = [await consumer(assignment - 1), await consumer(assignment % 4)]
      const { commitment } = order
      await expectRevert(wrong.getFunction('settle')(inclusion), 'NotAssigned', [
        BigInt(commitment),
        BigInt(assignment),
      ])
      const bent = { ...inclusion, commitments: inclusion.commitments.with(0, 1n) }
      await expectRevert(right.getFunction('settle')(bent), 'NotIncluded')
      await (await right.getFunction('settle')(inclusion)).wait()
      await expectRevert(right.getFunction('settle')(inclusion), 'AlreadySpent', [BigInt(commitment)])
      const deferred = placed.find(({ status }) => status === 'deferred') ?? expect.fail('no deferred order')
      await expectRevert(right.getFunction('settle')(await inclusionOf(deferred.commitment)), 'NotAssigned')
    } finally {
      provider.destroy()
    }
  })

  /** Everything that the gate asks for, from the HTTP API alone. */
  async function inclusionOf(commitment: string) {
    const { entries } = await world().order(commitment)
    const { receipt, inclusion } = entries[0] ?? expect.fail('the order is not known')
    const { head, terms, statementHash, statement } = await world().bundle(receipt.batch)
    const { commitments = [], assignments = [] } = statement ?? {}
    const slots = [0, 1, 2, 3].map((i) => receipt.slot - (receipt.slot % 4) + i)
    return {
      index: BigInt(receipt.batch),
      slot: receipt.slot,
      record: { orderRoot: inclusion?.orderRoot, statementHash, head, terms },
      commitments: slots.map((slot) => BigInt(commitments[slot] ?? 0)),
      assignments: slots.map((slot) => assignments[slot] ?? 0),
      path: inclusion?.path,
    }
  }

  it('passes the audit from the chain alone', async () => {
    const { chainArgs, batches } = world()
    const ran = await fairlead(['audit', ...chainArgs, '--json'])
    const { failures, ok, ...counts } = JSON.parse(ran.stdout)
    expect([ran.exitCode, ok, failures]).to.deep.equal([0, true, []])
    expect(counts).to.include({ batches: batches.length, epochs: 1 })
  })

  it('gives bundles that pass the audit with the chain, and are consistent alone', async () => {
    for (const index of world().batches) {
      const file = await world().bundleFile(index)
      expect(await fairlead(['audit', file, ...world().chainArgs])).to.include({ exitCode: 0 })
      const alone = await fairlead(['audit', file])
      expect(alone.exitCode).to.equal(2)
      expect(alone.stdout).to.match(/^internally consistent only: /)
      expect(alone.stderr).to.match(/^(not checked: .+\n){3}$/)
    }
  })

  it('has no verdict on a ledger that is not there', async () => {
    const { rpc } = world()
    const ran = await fairlead(['audit', '--rpc', rpc, '--ledger', `0x${'12'.repeat(20)}`])
    expect([ran.exitCode, failureCode(ran)]).to.deep.equal([2, 'CHAIN_MISMATCH'])
  })

  it('gives the same receipts after a restart, and goes on', async function () {
    this.timeout(120_000)
    const { batches } = world()
    const before = new Map(world().placed.map(({ commitment, receipt }) => [commitment, receipt]))
    await world().restart()
    expect(world().serving.keysAreNew).to.equal(false)
    for (const [commitment, receipt] of before) {
      const { entries } = await world().order(commitment)
      expect(entries.map((entry) => entry.receipt)).to.deep.equal([receipt])
    }
    const next = await world().sendOne('institutional', at(world().orders(1, 9), 0))
    expect(BigInt(next.receipt.batch)).to.equal((batches.at(-1) ?? 0n) + 1n)
    await world().settled()
    expect(await fairlead(['audit', ...world().chainArgs])).to.include({ exitCode: 0 })
  })
})
