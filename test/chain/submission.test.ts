import { expect } from 'chai'
import { AbiCoder, getAddress, hexlify } from 'ethers'
import fc from 'fast-check'
import {
  decodeSubmission,
  decodeSubmissions,
  encodeSubmission,
  encodeSubmissions,
  packSubmission,
} from '../../src/chain/submission.ts'
import type { SubmissionWords } from '../../src/statement/submission.ts'
import { routeBatch } from '../../src/witness/witness.ts'
import { catchError } from '../helpers/catch-error.ts'
import { batchFixture } from '../helpers/fixtures.ts'

const uint = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
const list = (length: number) => fc.array(uint(256), { minLength: length, maxLength: length })
const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((list) => hexlify(list).slice(2))

/** Lists as long as the ledger asks for. @param lanes words of counters, @param count orders. */
const submissionOf = (lanes: number, count: number): fc.Arbitrary<SubmissionWords> =>
  fc.record({
    previous: fc.record({
      epoch: uint(64),
      nextIndex: uint(64),
      state: uint(256),
      time: uint(64),
      orderCounter: uint(64),
      counters: list(lanes),
    }),
    verifier: fc.nat(255),
    beneficiary: hexOf(20).map((hex) => getAddress(`0x${hex}`)),
    time: uint(64),
    stateAfter: uint(256),
    openMask: uint(256),
    digest: uint(256),
    proof: fc.array(uint(256), { minLength: 8, maxLength: 8 }),
    // r, then s below half the order: the top bits say so.
    signature: fc.tuple(hexOf(32), hexOf(31), fc.boolean()).map(([r, s, odd]) => `0x${r}${odd ? '8' : '0'}1${s}`),
    fees: list(Math.ceil(lanes / 4)),
    counters: list(lanes),
    commitments: list(count),
    assignments: list(Math.ceil(count / 31)),
  })
const counts = fc.constantFrom(0, 1, 5, 31, 32)
const submissions = fc
  .tuple(fc.integer({ min: 1, max: 9 }), counts)
  .chain(([lanes, count]) => submissionOf(lanes, count))
/** Batches of one ledger. */
const ledgers = fc.integer({ min: 1, max: 9 }).chain((lanes) =>
  fc.array(
    counts.chain((count) => submissionOf(lanes, count)),
    { minLength: 1, maxLength: 4 },
  ),
)

describe('calldata of a batch', () => {
  it('decodes to what was encoded', () => {
    fc.assert(
      fc.property(submissions, (submission) => {
        expect(decodeSubmission(encodeSubmission(submission))).to.deep.equal(submission)
      }),
    )
  })

  it('of several decodes with the head that each continues', () => {
    fc.assert(
      fc.property(ledgers, uint(64), (list, epoch) => {
        const read = decodeSubmissions(encodeSubmissions(list), epoch)
        expect(read.map(({ previous: _, ...words }) => words)).to.deep.equal(list.map(({ previous: _, ...w }) => w))
        for (const [i, { previous }] of read.entries()) {
          const last = read[i - 1]
          expect(previous).to.deep.equal(
            last
              ? {
                  epoch,
                  nextIndex: last.previous.nextIndex + 1n,
                  state: last.stateAfter,
                  time: last.time,
                  orderCounter: last.previous.orderCounter + BigInt(last.commitments.length),
                  counters: last.counters,
                }
              : list[0]?.previous,
          )
        }
      }),
    )
  })

  it('of several is not that of one, and none is nothing', async () => {
    const [one = expect.fail(), two = expect.fail()] = fc.sample(submissionOf(4, 5), { numRuns: 2, seed: 2 })
    const several = encodeSubmissions([one, two])
    expect((await catchError(() => decodeSubmission(several))).code).to.equal('CHAIN_RECORD_INVALID')
    expect((await catchError(() => encodeSubmissions([]))).code).to.equal('CHAIN_RECORD_INVALID')
  })

  it('holds the statement, packed', () => {
    const { statement } = routeBatch(batchFixture(4, 3))
    const counters = [0n, 0n, 0n, 5n]
    const previous = { epoch: 0n, nextIndex: 0n, state: 1n, time: 0n, orderCounter: 0n, counters: [1n, 0n, 0n, 0n] }
    const parts = { previous, counters, verifier: 0, beneficiary: getAddress(`0x${'22'.repeat(20)}`), digest: 1n }
    const packed = packSubmission(statement, { ...parts, proof: [], signature: '0x' })
    expect(packed.counters).to.deep.equal([5n << 192n])
    expect(packed.previous.counters).to.deep.equal([1n])
    const [a = 0, b = 0, c = 0] = statement.assignments
    expect(packed.assignments).to.deep.equal([BigInt(a + 256 * b + 65_536 * c)])
    expect(packed.commitments).to.equal(statement.commitments)
  })

  it('is nothing else', async () => {
    const selector = encodeSubmission(fc.sample(submissions, { numRuns: 1, seed: 1 })[0] ?? expect.fail()).slice(0, 10)
    const other = AbiCoder.defaultAbiCoder().encode(['uint256'], [1n]).slice(2)
    for (const calldata of ['0x', '0x12345678', 'no hex', selector, selector + other]) {
      expect((await catchError(() => decodeSubmission(calldata))).code).to.equal('CHAIN_RECORD_INVALID')
    }
  })
})
