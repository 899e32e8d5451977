import { expect } from 'chai'
import fc from 'fast-check'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { rootFromPath } from '../../src/base/merkle.ts'
import { bind, evaluate } from '../../src/statement/binding.ts'
import { inclusionPath, orderLeaves, orderRoot } from '../../src/statement/record.ts'
import { decodeStatement, encodeStatement, HEADER, layout, statementLength } from '../../src/statement/statement.ts'
import { routeBatch } from '../../src/witness/witness.ts'
import { catchError } from '../helpers/catch-error.ts'
import { batchFixture, element, policyFixture } from '../helpers/fixtures.ts'

const SHAPE = { shards: 4, slots: 8 }
const CONTEXT = {
  chainId: 31337n,
  ledger: `0x${'11'.repeat(20)}`,
  beneficiary: `0x${'22'.repeat(20)}`,
  verifierId: `0x${'33'.repeat(32)}`,
}
const { statement } = routeBatch(batchFixture(4, 5))
const V = encodeStatement(SHAPE, statement)

describe('statement', () => {
  it('has this order, which circuit and contract share', () => {
    expect(HEADER).to.deep.equal([
      'keyCommit',
      'seed',
      'batchIndex',
      'orderCounter',
      'time',
      'elapsed',
      'stateBefore',
      'stateAfter',
      'count',
      'feeWord',
    ])
    expect(layout({ shards: 16, slots: 40 })).to.deep.equal([
      ['header', 10],
      ['fees', 1],
      ['openMask', 1],
      ['served', 3],
      ['policyWords', 16],
      ['commitments', 40],
      ['assignments', 2],
    ])
    expect(V.length).to.equal(statementLength(SHAPE))
  })

  it('is read back from V', () => {
    for (const [shards, slots, count] of [
      [4, 8, 0],
      [4, 8, 8],
      [16, 39, 20],
      [64, 31, 31],
    ] as const) {
      const routed = routeBatch(batchFixture(shards, count, { policy: policyFixture(shards) })).statement
      expect(decodeStatement({ shards, slots }, encodeStatement({ shards, slots }, routed))).to.deep.equal(routed)
    }
  })

  it('every word of V either decodes to another statement or is refused, for any change', () => {
    fc.assert(
      fc.property(fc.nat(V.length - 1), fc.bigInt(0n, FIELD_MODULUS - 1n), (k, value) => {
        fc.pre(V[k] !== value)
        const changed = V.map((word, i) => (i === k ? value : word))
        try {
          expect(decodeStatement(SHAPE, changed)).not.to.deep.equal(statement)
        } catch (error) {
          expect(error).to.have.property('code', 'OUT_OF_RANGE')
        }
      }),
    )
  })

  it('refuses words at or above p and a V of another length', async () => {
    expect(
      (
        await catchError(() =>
          decodeStatement(
            SHAPE,
            V.map((w, i) => (i === 0 ? FIELD_MODULUS : w)),
          ),
        )
      ).code,
    ).to.equal('OUT_OF_RANGE')
    expect((await catchError(() => decodeStatement(SHAPE, V.slice(1)))).code).to.equal('SHAPE_MISMATCH')
    expect((await catchError(() => encodeStatement(SHAPE, { ...statement, seed: FIELD_MODULUS }))).code).to.equal(
      'OUT_OF_RANGE',
    )
    expect((await catchError(() => encodeStatement({ shards: 4, slots: 4 }, statement))).code).to.equal(
      'SHAPE_MISMATCH',
    )
  })

  it('alpha depends on chain, ledger, beneficiary, verifier, D and every word', () => {
    const base = bind(CONTEXT, V).alpha
    const others = [
      { ...CONTEXT, chainId: 1n },
      { ...CONTEXT, ledger: CONTEXT.beneficiary },
      { ...CONTEXT, beneficiary: CONTEXT.ledger },
      { ...CONTEXT, verifierId: `0x${'34'.repeat(32)}` },
    ].map((context) => bind(context, V).alpha)
    const words = V.map(
      (_, k) =>
        bind(
          CONTEXT,
          V.map((w, i) => (i === k ? (w + 1n) % FIELD_MODULUS : w)),
        ).alpha,
    )
    expect(new Set([base, ...others, ...words]).size).to.equal(1 + others.length + words.length)
  })

  it('y is the polynomial at alpha', () => {
    const alpha = element(1)
    expect(evaluate([3n, 0n, 5n], alpha)).to.equal((3n * alpha * alpha + 5n) % FIELD_MODULUS)
  })

  for (const count of [1, 2, 3, 8]) {
    it(`every slot of ${count} has a path to the order root`, () => {
      const batch = routeBatch(batchFixture(4, count)).statement
      for (let slot = 0; slot < count; slot++) {
        const leaf = orderLeaves(batch)[slot >> 2] ?? ''
        expect(rootFromPath(leaf, slot >> 2, inclusionPath(batch, slot))).to.equal(orderRoot(batch))
      }
    })
  }
})
