import { expect } from 'chai'
import { concat, dataSlice, Interface, SigningKey, ZeroHash } from 'ethers'
import { at } from '../../src/base/at.ts'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { ROUTING_LEDGER_ABI } from '../../src/chain/abi.ts'
import { deployContract } from '../../src/chain/deploy.ts'
import { encodeSubmission } from '../../src/chain/submission.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { headHash, orderRoot, recordHash, termsHash } from '../../src/statement/record.ts'
import { statementHash } from '../../src/statement/statement.ts'
import type { SubmissionWords } from '../../src/statement/submission.ts'
import { element } from '../helpers/fixtures.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { expectRevert } from './revert.ts'
import { Stage } from './stage.ts'
import { BENEFICIARY, FIRST_TIME, MIN_INTERVAL, type StagedBatch } from './staged-batch.ts'

describe('RoutingLedger.submitBatch', () => {
  let test: TestChain
  let stage: Stage
  let batch: StagedBatch

  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
    stage = await Stage.withDoubles(test)
    await stage.submit(await stage.batch(3))
    batch = await stage.batch(5)
  })
  after(() => test?.stop())

  /** What the ledger says to the honest batch with some words changed, under the honest proof and signature. */
  const bent = (change: Partial<SubmissionWords>) => stage.tryOut({ ...batch.submission, ...change })

  it('keeps the head and the record that the protocol defines, and says so', () =>
    test.undoing(async () => {
      const honest = await Stage.withDoubles(test)
      for (const count of [3, 8, 0, 1]) {
        const next = await honest.batch(count)
        const { nextIndex: index } = honest.head
        const receipt = await honest.submit(next)
        const parts = {
          orderRoot: orderRoot(next.statement),
          statementHash: statementHash(next.words),
          head: headHash(next.next),
          terms: termsHash(next.statement, BENEFICIARY),
        }
        expect(await honest.ledger.getFunction('head')()).to.equal(parts.head)
        expect(await honest.ledger.getFunction('recordOf')(index)).to.equal(recordHash(parts))
        const event = new Interface(ROUTING_LEDGER_ABI).parseLog(at(receipt.logs, 0))
        expect(event?.args.toArray()).to.deep.equal([index, 1n, BENEFICIARY, parts.statementHash])
      }
    }))

  it('takes the same orders under any verifier of the epoch that holds them', async () => {
    const { submission } = await stage.batch(8, { verifier: 1 })
    expect(await stage.tryOut(submission)).to.equal('0x')
    const many = await stage.batch(16, { verifier: 1 })
    expect(await stage.tryOut(many.submission)).to.equal('0x')
  })

  describe('refuses callers that would hide the calldata', () => {
    it('a contract', async () => {
      const forwarder = await deployContract(packageRoot(), test.account(0), 'Forwarder', [])
      const call = new Interface(['function forward(address target, bytes data)'])
      const data = call.encodeFunctionData('forward', [stage.deployment.ledger, encodeSubmission(batch.submission)])
      await expectRevert(stage.submitter.call({ to: forwarder, data }), 'CallerNotCodelessOrigin')
    })

    it('an account with delegated code', () =>
      test.undoing(async () => {
        const delegation = concat(['0xef0100', stage.deployment.registry])
        await test.provider.send('anvil_setCode', [stage.submitter.address, delegation])
        await expectRevert(bent({}), 'CallerNotCodelessOrigin')
      }))
  })

  describe('refuses a previous head that is not its own', () => {
    const bends: Record<string, (head: SubmissionWords['previous']) => SubmissionWords['previous']> = {
      epoch: (head) => ({ ...head, epoch: head.epoch + 1n }),
      nextIndex: (head) => ({ ...head, nextIndex: head.nextIndex + 1n }),
      state: (head) => ({ ...head, state: head.state + 1n }),
      time: (head) => ({ ...head, time: head.time - 1n }),
      orderCounter: (head) => ({ ...head, orderCounter: head.orderCounter + 1n }),
      counters: (head) => ({ ...head, counters: [1n] }),
      'number of counters': (head) => ({ ...head, counters: [...head.counters, 0n] }),
    }
    for (const [name, bend] of Object.entries(bends)) {
      it(name, () => expectRevert(bent({ previous: bend(batch.submission.previous) }), 'HeadMismatch'))
    }

    it('a batch that was accepted already', () =>
      test.undoing(async () => {
        const { head } = stage
        await stage.submitter.sendTransaction({ to: stage.deployment.ledger, data: encodeSubmission(batch.submission) })
        await expectRevert(bent({}), 'HeadMismatch', [headHash(batch.next), headHash(head)])
      }))
  })

  describe('holds the time', () => {
    it('up to one second ahead of the chain', async () => {
      const block = await test.provider.getBlock('latest')
      // An eth_call on the latest block runs under the next block's time, which may be the same second or later.
      const now = BigInt(block?.timestamp ?? 0) + 1_000n
      const late = await stage.batch(1, { time: (now + 2n) * 1_000_000n })
      await expectRevert(stage.tryOut(late.submission), 'TimeAhead')
    })

    it('exactly', () =>
      test.undoing(async () => {
        const block = await test.provider.getBlock('latest')
        const next = (block?.timestamp ?? 0) + 100
        const latest = BigInt(next + 1) * 1_000_000n
        const statusAt = async (time: bigint) => {
          const { submission } = await stage.batch(1, { time })
          await test.provider.send('evm_setNextBlockTimestamp', [next])
          const data = encodeSubmission(submission)
          const sent = await stage.submitter.sendTransaction({
            to: stage.deployment.ledger,
            data,
            gasLimit: 1_000_000n,
          })
          await test.provider.send('evm_mine', [])
          return (await test.provider.getTransactionReceipt(sent.hash))?.status
        }
        expect(await test.undoing(() => statusAt(latest + 1n))).to.equal(0)
        expect(await test.undoing(() => statusAt(latest))).to.equal(1)
      }))

    it('at least minInterval after the last batch', async () => {
      const early = await stage.batch(1, { time: FIRST_TIME + MIN_INTERVAL - 1n })
      await expectRevert(stage.tryOut(early.submission), 'TimeTooEarly', [
        FIRST_TIME + MIN_INTERVAL - 1n,
        FIRST_TIME + MIN_INTERVAL,
      ])
      const onTime = await stage.batch(1, { time: FIRST_TIME + MIN_INTERVAL })
      expect(await stage.tryOut(onTime.submission)).to.equal('0x')
    })

    it('and lets elapsed saturate at 40 bits', async () => {
      const later = await stage.batch(1, { time: FIRST_TIME + 2n ** 41n })
      expect(later.statement.elapsed).to.equal(2n ** 40n - 1n)
      expect(await stage.tryOut(later.submission)).to.equal('0x')
    })
  })

  it('refuses a verifier that the epoch does not have', () =>
    expectRevert(bent({ verifier: 2 }), 'VerifierUnknown', [2n]))

  it('refuses more orders than the verifier holds', async () => {
    const { submission } = await stage.batch(9, { verifier: 1 })
    await expectRevert(stage.tryOut({ ...submission, verifier: 0 }), 'TooManyOrders', [9n, 8n])
  })

  describe('refuses lists of a wrong length', () => {
    for (const list of ['fees', 'counters', 'assignments'] as const) {
      it(`${list}, one too few`, () => expectRevert(bent({ [list]: [] }), 'LengthsInvalid'))
      it(`${list}, one too many`, () =>
        expectRevert(bent({ [list]: [...batch.submission[list], 0n] }), 'LengthsInvalid'))
    }
  })

  describe('refuses values that have no unique meaning', () => {
    const top = () => at(batch.submission.assignments, 0)
    it('an assignment past count', () => expectRevert(bent({ assignments: [top() | (1n << 40n)] }), 'StrayBits'))
    it('bits above the last assignment of a word', () =>
      expectRevert(bent({ assignments: [top() | (1n << 248n)] }), 'StrayBits'))
    it('D at the modulus', () => expectRevert(bent({ digest: FIELD_MODULUS }), 'DigestOutOfField'))
    it('D plus the modulus', () =>
      expectRevert(bent({ digest: batch.submission.digest + FIELD_MODULUS }), 'DigestOutOfField'))
    it('a commitment at the modulus', () =>
      expectRevert(bent({ commitments: batch.submission.commitments.with(2, FIELD_MODULUS) }), 'WordOutOfField'))
    it('a commitment plus the modulus', () => {
      const { commitments } = batch.submission
      return expectRevert(
        bent({ commitments: commitments.with(4, at(commitments, 4) + FIELD_MODULUS) }),
        'WordOutOfField',
      )
    })
    it('a state plus the modulus', () =>
      expectRevert(bent({ stateAfter: batch.submission.stateAfter + FIELD_MODULUS }), 'WordOutOfField'))
    it('a fee word at the modulus', () => expectRevert(bent({ fees: [FIELD_MODULUS] }), 'WordOutOfField'))
    it('an open mask at the modulus', () => expectRevert(bent({ openMask: FIELD_MODULUS }), 'WordOutOfField'))
  })

  it('refuses a counter of a shard that does not report', () =>
    expectRevert(bent({ counters: [1n << 128n] }), 'CounterOfSilentShard', [2n]))

  describe('takes a batch from the epoch signer alone', () => {
    it('not from another key', () => {
      const key = new SigningKey(test.key(3))
      return expectRevert(bent({ signature: stage.sign(batch.words, undefined, undefined, key) }), 'SignatureInvalid')
    })
    it('not for another index', () =>
      expectRevert(bent({ signature: stage.sign(batch.words, stage.head.nextIndex + 1n) }), 'SignatureInvalid'))
    it('not for another epoch', () =>
      expectRevert(bent({ signature: stage.sign(batch.words, undefined, 2n) }), 'SignatureInvalid'))
    it('not a signature that recovers to nobody', () =>
      expectRevert(
        bent({ signature: concat([ZeroHash, dataSlice(batch.submission.signature, 32)]) }),
        'SignatureInvalid',
      ))
  })

  describe('takes V as it was signed: a forged field breaks the signature', () => {
    const forged: Record<string, () => Partial<SubmissionWords>> = {
      time: () => ({ time: batch.submission.time + 1n }),
      stateAfter: () => ({ stateAfter: batch.submission.stateAfter - 1n }),
      openMask: () => ({ openMask: batch.submission.openMask ^ 1n }),
      fees: () => ({ fees: [at(batch.submission.fees, 0) + 1n] }),
      'a commitment': () => ({ commitments: batch.submission.commitments.with(0, element(99)) }),
      'the order of commitments': () => ({ commitments: batch.submission.commitments.toReversed() }),
      'an assignment': () => ({ assignments: [at(batch.submission.assignments, 0) ^ 1n] }),
      'one order less': () => ({
        commitments: batch.submission.commitments.slice(0, 4),
        assignments: [BigInt.asUintN(32, at(batch.submission.assignments, 0))],
      }),
      'another circuit size': () => ({ verifier: 1 }),
    }
    for (const [name, change] of Object.entries(forged)) {
      it(name, () => expectRevert(bent(change()), 'SignatureInvalid'))
    }
  })

  describe('takes a proof for what it is', () => {
    it('not for another beneficiary', () =>
      expectRevert(bent({ beneficiary: stage.submitter.address }), 'ProofRejected'))
    it('not under another D', () => expectRevert(bent({ digest: batch.submission.digest - 1n }), 'ProofRejected'))
    it('not another proof', () => expectRevert(bent({ proof: batch.submission.proof.with(0, 1n) }), 'ProofRejected'))
  })
})
