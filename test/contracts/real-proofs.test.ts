import { expect } from 'chai'
import { at } from '../../src/base/at.ts'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { packSubmission } from '../../src/chain/submission.ts'
import { BASE_MODULUS } from '../../src/proof/bn254.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { bind } from '../../src/statement/binding.ts'
import { headHash } from '../../src/statement/record.ts'
import { encodeStatement, type Statement } from '../../src/statement/statement.ts'
import type { SubmissionWords } from '../../src/statement/submission.ts'
import { element } from '../helpers/fixtures.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { expectRevert } from './revert.ts'
import { Stage } from './stage.ts'
import { BENEFICIARY, type StagedBatch } from './staged-batch.ts'

const CIRCUIT = 'two-choice-4-8'

describe('a ledger over real proofs', () => {
  let test: TestChain
  let prover: SnarkjsProver
  let stage: Stage
  let first: StagedBatch
  let batch: StagedBatch

  before(async function () {
    this.timeout(240_000)
    prover = new SnarkjsProver()
    const [chain, artifacts] = await Promise.all([startTestChain(), ensureCircuit(CIRCUIT)])
    test = chain
    stage = await Stage.withCircuits(test, prover, [artifacts])
    first = await stage.batch(3)
    await stage.submit(first)
    batch = await stage.batch(7)
  })
  after(async () => {
    await prover?.close()
    await test?.stop()
  })

  const bent = (change: Partial<SubmissionWords>) => stage.tryOut({ ...batch.submission, ...change })

  it('accepts full, partial and empty batches, one after the other', () =>
    test.undoing(async () => {
      const { head, states, blind } = stage
      for (const next of [batch, undefined, undefined]) {
        const staged = next ?? (await stage.batch(stage.head.nextIndex === 2n ? 8 : 0))
        const receipt = await stage.submit(staged)
        expect(receipt.status).to.equal(1)
        expect(await stage.ledger.getFunction('head')()).to.equal(headHash(staged.next))
      }
      Object.assign(stage, { head, states, blind })
    }))

  describe('refuses another V under the same proof, though the signer stands for it', () => {
    const last = <T>(list: readonly T[]) => list.length - 1
    const bends: Record<string, (statement: Statement) => Partial<Statement>> = {
      'time and elapsed': ({ time, elapsed }) => ({
        time: time + 1n,
        elapsed: elapsed + 1n,
        served: batch.statement.served.map((s) => s + 1n),
      }),
      stateAfter: () => ({ stateAfter: element(77) }),
      'a fee': ({ fees }) => ({ fees: fees.with(1, at(fees, 1) + 1n) }),
      'an open flag': ({ open }) => ({ open: open.with(3, !open[3]) }),
      'the first commitment': ({ commitments }) => ({ commitments: commitments.with(0, element(78)) }),
      'the last commitment': ({ commitments }) => ({ commitments: commitments.with(last(commitments), element(79)) }),
      'two slots swapped': ({ commitments }) => ({
        commitments: [at(commitments, 1), at(commitments, 0), ...commitments.slice(2)],
      }),
      'an assignment': ({ assignments }) => ({ assignments: assignments.with(0, (at(assignments, 0) % 4) + 1) }),
      'an order deferred': ({ assignments }) => ({ assignments: assignments.with(0, 0) }),
      'the last order left out': ({ commitments, assignments }) => ({
        commitments: commitments.slice(0, -1),
        assignments: assignments.slice(0, -1),
      }),
      'an order added': ({ commitments, assignments }) => ({
        commitments: [...commitments, element(80)],
        assignments: [...assignments, 1],
      }),
    }
    for (const [name, bend] of Object.entries(bends)) {
      for (const redone of [false, true]) {
        it(`${name}${redone ? ', with the D that belongs to it' : ''}`, async () => {
          const statement = { ...batch.statement, ...bend(batch.statement) }
          const words = encodeStatement(stage.shape, statement)
          const { chainId, ledger } = stage.deployment
          const binding = bind(
            { chainId, ledger, beneficiary: BENEFICIARY, verifierId: at(stage.verifierIds, 0) },
            words,
          )
          const { proof, digest } = batch.submission
          const parts = {
            previous: stage.head,
            counters: stage.head.counters,
            verifier: 0,
            beneficiary: BENEFICIARY,
            digest: redone ? binding.digest : digest,
            proof,
            signature: stage.sign(words),
          }
          await expectRevert(stage.tryOut(packSubmission(statement, parts)), 'ProofRejected')
        })
      }
    }
  })

  it('refuses another beneficiary: a proof cannot be stolen', () =>
    expectRevert(bent({ beneficiary: stage.submitter.address }), 'ProofRejected'))

  it('refuses another D', () =>
    expectRevert(bent({ digest: (batch.submission.digest + 1n) % FIELD_MODULUS }), 'ProofRejected'))

  it('refuses the batch on another ledger, even if its signer stands for it', () =>
    test.undoing(async () => {
      const twin = await Stage.withCircuits(test, prover, [await ensureCircuit(CIRCUIT)])
      await expectRevert(twin.tryOut(first.submission), 'SignatureInvalid')
      const words = encodeStatement(twin.shape, { ...first.statement, seed: twin.seed })
      await expectRevert(twin.tryOut({ ...first.submission, signature: twin.sign(words) }), 'ProofRejected')
    }))

  describe('refuses a forged proof', () => {
    for (const [i, name] of ['a.x', 'a.y', 'b.x1', 'b.x0', 'b.y1', 'b.y0', 'c.x', 'c.y'].entries()) {
      it(`${name} off by one`, () => {
        const { proof } = batch.submission
        return expectRevert(bent({ proof: proof.with(i, (at(proof, i) + 1n) % BASE_MODULUS) }), 'ProofRejected')
      })
      it(`${name} plus the modulus`, () => {
        const { proof } = batch.submission
        return expectRevert(bent({ proof: proof.with(i, at(proof, i) + BASE_MODULUS) }), 'CoordinateOutOfRange')
      })
    }
    it('all zeros', () => expectRevert(bent({ proof: new Array(8).fill(0n) }), 'ProofRejected'))
    it('A negated', () => {
      const { proof } = batch.submission
      return expectRevert(bent({ proof: proof.with(1, BASE_MODULUS - at(proof, 1)) }), 'ProofRejected')
    })
    it('B with its imaginary parts last', () => {
      const [ax = 0n, ay = 0n, x1 = 0n, x0 = 0n, y1 = 0n, y0 = 0n, ...c] = batch.submission.proof
      return expectRevert(bent({ proof: [ax, ay, x0, x1, y0, y1, ...c] }), 'ProofRejected')
    })
  })
})
