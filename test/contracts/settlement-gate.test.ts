import { expect } from 'chai'
import { Contract, ZeroHash } from 'ethers'
import { at } from '../../src/base/at.ts'
import { type Hex32, hex32 } from '../../src/base/keccak.ts'
import { readArtifact } from '../../src/chain/artifact.ts'
import { deployContract } from '../../src/chain/deploy.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { orderLeaves } from '../../src/statement/record.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { type Inclusion, inclusionOf } from './inclusion.ts'
import { expectRevert } from './revert.ts'
import { Stage } from './stage.ts'
import type { StagedBatch } from './staged-batch.ts'

describe('SettlementGate', () => {
  let test: TestChain
  let stage: Stage
  /** Of 7 orders (an odd number), of one, and of 8. */
  let batches: StagedBatch[]
  /** One settlement contract a shard. */
  let consumers: Contract[]

  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
    stage = await Stage.withDoubles(test)
    batches = []
    for (const count of [7, 1, 8]) {
      const batch = await stage.batch(count)
      await stage.submit(batch)
      batches.push(batch)
    }
    consumers = []
    const account = test.account(4)
    const { abi } = readArtifact(packageRoot(), 'SettlementConsumer')
    for (let shard = 0; shard < 4; shard++) {
      const address = await deployContract(packageRoot(), account, 'SettlementConsumer', [
        stage.deployment.ledger,
        shard,
      ])
      consumers.push(new Contract(address, abi, account))
    }
  })
  after(() => test?.stop())

  const settle = (shard: number) => at(consumers, shard).getFunction('settle')

  /** An order of the first batch that was assigned, with its shard. */
  function assigned(parity: number): { slot: number; shard: number } {
    const { assignments } = at(batches, 0).statement
    const slot = assignments.findIndex((byte, i) => byte > 0 && i % 2 === parity)
    return { slot, shard: at(assignments, slot) - 1 }
  }

  it('lets every order through to its shard and to no other', async () => {
    for (const batch of batches) {
      for (const [slot, byte] of batch.statement.assignments.entries()) {
        const inclusion = inclusionOf(batch, slot)
        for (const shard of [0, 1, 2, 3]) {
          const call = settle(shard).staticCall(inclusion)
          if (byte === shard + 1) expect(await call).to.equal(at(batch.statement.commitments, slot))
          else await expectRevert(call, 'NotAssigned', [at(batch.statement.commitments, slot), BigInt(byte)])
        }
      }
    }
  })

  it('lets it through once', () =>
    test.undoing(async () => {
      const { slot, shard } = assigned(0)
      const inclusion = inclusionOf(at(batches, 0), slot)
      await (await settle(shard)(inclusion)).wait()
      await expectRevert(settle(shard).staticCall(inclusion), 'AlreadySpent', [at(inclusion.commitments, 0)])
    }))

  it('has no order in the empty slot of an odd batch', async () => {
    const inclusion = inclusionOf(at(batches, 0), 7)
    await expectRevert(settle(0).staticCall(inclusion), 'NotAssigned', [0n, 0n])
  })

  it('refuses a batch that was not accepted', async () => {
    const inclusion = inclusionOf(at(batches, 0), 0)
    await expectRevert(settle(0).staticCall({ ...inclusion, index: 9n }), 'RecordMismatch', [9n])
    await expectRevert(settle(0).staticCall({ ...inclusion, index: 1n }), 'RecordMismatch', [1n])
  })

  it('refuses a forged record, whatever the part', async () => {
    const inclusion = inclusionOf(at(batches, 0), 0)
    for (const part of ['orderRoot', 'statementHash', 'head', 'terms'] as const) {
      const record = { ...inclusion.record, [part]: hex32(1n) }
      await expectRevert(settle(0).staticCall({ ...inclusion, record }), 'RecordMismatch', [0n])
    }
  })

  for (const parity of [0, 1]) {
    it(`refuses forged leaves and paths (${parity === 0 ? 'even' : 'odd'} slot)`, async () => {
      const { slot, shard } = assigned(parity)
      const inclusion = inclusionOf(at(batches, 0), slot)
      const { commitments, assignments, path } = inclusion
      const swapped: Partial<Inclusion>[] = [
        { commitments: [commitments[1], commitments[0], commitments[2], commitments[3]] },
        { commitments: [commitments[0], commitments[1], commitments[3], commitments[2]] },
        ...[0, 1, 2, 3].map((i) => {
          const [a, b, c, d] = assignments.map((byte, j) => (i === j ? byte ^ 1 : byte))
          return { assignments: [a ?? 0, b ?? 0, c ?? 0, d ?? 0] as const }
        }),
        { path: path.with(0, ZeroHash) },
        { path: path.with(0, hex32(BigInt(at(path, 0)) ^ 1n)) },
        { path: [...path, ZeroHash] },
        { slot: slot ^ 4 },
      ]
      for (const change of swapped) {
        const forged = { ...inclusion, ...change }
        await expectRevert(settle(shard).staticCall(forged), 'NotIncluded', [0n, BigInt(forged.slot)])
      }
    })
  }

  it('refuses a slot outside the tree, so that one leaf has one slot', async () => {
    const inclusion = inclusionOf(at(batches, 0), 0)
    await expectRevert(settle(0).staticCall({ ...inclusion, slot: 8 }), 'SlotOutOfTree', [8n])
    await expectRevert(settle(0).staticCall({ ...inclusion, path: [], slot: 4 }), 'SlotOutOfTree', [4n])
    const long = { ...inclusion, path: new Array<Hex32>(17).fill(ZeroHash) }
    await expectRevert(settle(0).staticCall(long), 'SlotOutOfTree', [0n])
  })

  it('takes no node for a leaf', async () => {
    const batch = at(batches, 0)
    const [left, right] = orderLeaves(batch.statement)
    const inclusion = inclusionOf(batch, 0)
    // The node's preimage is 64 bytes, a leaf's 132: the same words hash to something else.
    const commitments = [BigInt(left ?? 0), BigInt(right ?? 0), 0n, 0n]
    const forged = { ...inclusion, commitments, assignments: [0, 0, 0, 0], path: inclusion.path.slice(1) }
    await expectRevert(settle(0).staticCall(forged), 'NotIncluded', [0n, 0n])
  })
})
