import { expect } from 'chai'
import { Interface, ZeroHash } from 'ethers'
import { at } from '../../src/base/at.ts'
import { ROUTING_LEDGER_ABI } from '../../src/chain/abi.ts'
import { deployContract } from '../../src/chain/deploy.ts'
import { packedHead } from '../../src/chain/evidence.ts'
import { encodeSubmission, encodeSubmissions } from '../../src/chain/submission.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { headHash, orderRoot, recordHash, termsHash } from '../../src/statement/record.ts'
import { statementHash } from '../../src/statement/statement.ts'
import type { SubmissionWords } from '../../src/statement/submission.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { expectRevert } from './revert.ts'
import { Stage } from './stage.ts'
import { BENEFICIARY, type StagedBatch } from './staged-batch.ts'

describe('RoutingLedger.submitBatches', () => {
  let test: TestChain
  let stage: Stage
  let batches: StagedBatch[]

  before(async function () {
    this.timeout(120_000)
    test = await startTestChain()
    stage = await Stage.withDoubles(test)
    await stage.submitted(3)
    batches = await stage.batches([8, 0, 5])
  })
  after(() => test?.stop())

  const submissions = () => batches.map(({ submission }) => submission)
  const bent = (position: number, change: Partial<SubmissionWords>) =>
    stage.tryOut(...submissions().with(position, { ...at(submissions(), position), ...change }))
  const undone = (act: () => Promise<unknown>) => {
    const { head, states, blind } = stage
    return test.undoing(async () => {
      await act()
      Object.assign(stage, { head, states, blind })
    })
  }

  it('leaves heads, records and events as single batches do', () =>
    undone(async () => {
      const { logs } = await stage.submitAll(batches)
      expect(logs).to.have.length(3)
      const ledger = new Interface(ROUTING_LEDGER_ABI)
      for (const [i, { next, statement, words }] of batches.entries()) {
        const parts = {
          orderRoot: orderRoot(statement),
          statementHash: statementHash(words),
          head: headHash(next),
          terms: termsHash(statement, BENEFICIARY),
        }
        const index = BigInt(1 + i)
        expect(await stage.ledger.getFunction('recordOf')(index)).to.equal(recordHash(parts))
        const event = ledger.parseLog(at(logs, i))
        const said = [index, 1n, BENEFICIARY, parts.statementHash]
        expect(event?.args.toArray()).to.deep.equal(said)
      }
      expect(await stage.ledger.getFunction('head')()).to.equal(headHash(at(batches, 2).next))
      await stage.submitted(2)
    }))

  it('takes one batch as well', async () => {
    const { previous, signature: _, ...words } = at(submissions(), 0)
    const ledger = new Interface(ROUTING_LEDGER_ABI)
    const [, fields] = ledger.decodeFunctionData('submitBatch', encodeSubmission(at(submissions(), 0))).toArray()
    const data = ledger.encodeFunctionData('submitBatches', [packedHead(previous), [fields]])
    expect(await stage.submitter.call({ to: stage.deployment.ledger, data })).to.equal('0x')
    expect(words.commitments).to.have.length(8)
  })

  it('refuses no batches', async () => {
    const data = new Interface(ROUTING_LEDGER_ABI).encodeFunctionData('submitBatches', [
      packedHead(at(submissions(), 0).previous),
      [],
    ])
    await expectRevert(stage.submitter.call({ to: stage.deployment.ledger, data }), 'NoBatches')
  })

  it('refuses a batch left out, twice, or out of its order', async () => {
    const [a, b, c] = [at(submissions(), 0), at(submissions(), 1), at(submissions(), 2)]
    await expectRevert(stage.tryOut(a, c), 'SignatureInvalid')
    await expectRevert(stage.tryOut(a, a, b), 'TimeTooEarly')
    await expectRevert(stage.tryOut(a, c, b), 'SignatureInvalid')
    await expectRevert(stage.tryOut(b, c), 'HeadMismatch')
  })

  it('refuses the same batches again', () =>
    undone(async () => {
      await stage.submitAll(batches)
      await expectRevert(stage.tryOut(...submissions()), 'HeadMismatch')
    }))

  for (const position of [0, 1, 2]) {
    describe(`with batch ${position} bent, accepts none`, () => {
      const one = () => at(submissions(), position)
      it('time', () => expectRevert(bent(position, { time: one().time + 1n }), 'SignatureInvalid'))
      it('state', () => expectRevert(bent(position, { stateAfter: one().stateAfter + 1n }), 'SignatureInvalid'))
      it('signature', () =>
        expectRevert(bent(position, { signature: `${ZeroHash}${one().signature.slice(66)}` }), 'SignatureInvalid'))
      it('beneficiary', () => expectRevert(bent(position, { beneficiary: stage.submitter.address }), 'ProofRejected'))
      it('digest', () => expectRevert(bent(position, { digest: one().digest - 1n }), 'ProofRejected'))
      it('proof', () => expectRevert(bent(position, { proof: one().proof.with(0, 1n) }), 'ProofRejected'))
      it('counters', () => expectRevert(bent(position, { counters: [1n] }), 'CounterOfSilentShard'))
      it('lengths', () => expectRevert(bent(position, { fees: [] }), 'LengthsInvalid'))
      it('an order too many', () =>
        expectRevert(bent(position, { commitments: new Array<bigint>(9).fill(1n) }), 'TooManyOrders'))
    })
  }

  it('refuses batches for different verifiers', async () => {
    const { head, states, blind } = stage
    const first = await stage.batch(2)
    stage.follow(first)
    const second = await stage.batch(2, { verifier: 1 })
    Object.assign(stage, { head, states, blind })
    await expectRevert(stage.tryOut(first.submission, second.submission), 'VerifiersDiffer')
  })

  it('does not carry orders over from a longer batch to a shorter one', () =>
    undone(async () => {
      const mixed = await stage.batches([8, 3, 0, 8, 1])
      await stage.submitAll(mixed)
      expect(await stage.ledger.getFunction('head')()).to.equal(headHash(at(mixed, 4).next))
    }))

  it('refuses batches on both sides of an epoch’s end', () =>
    undone(async () => {
      await stage.announceEpoch(stage.head.nextIndex + 2n)
      await expectRevert(stage.tryOut(...submissions()), 'EpochEnds', [3n])
      await stage.submitAll(batches.slice(0, 2))
    }))

  it('refuses a contract that would hide the calldata', async () => {
    const forwarder = await deployContract(packageRoot(), test.account(0), 'Forwarder', [])
    const call = new Interface(['function forward(address target, bytes data)'])
    const data = call.encodeFunctionData('forward', [stage.deployment.ledger, encodeSubmissions(submissions())])
    await expectRevert(stage.submitter.call({ to: forwarder, data }), 'CallerNotCodelessOrigin')
  })
})
