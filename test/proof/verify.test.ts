import { expect } from 'chai'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { BASE_MODULUS, isG1Point, isOnTwist } from '../../src/proof/bn254.ts'
import { ensureCircuit } from '../../src/proof/build.ts'
import { proofFromWords, proofWords } from '../../src/proof/calldata.ts'
import type { Groth16Proof } from '../../src/proof/groth16.ts'
import type { ProvenStatement } from '../../src/proof/prover.ts'
import { verifyProof } from '../../src/proof/verify.ts'
import {
  assertSafeKey,
  parseVerifyingKey,
  type VerifyingKey,
  verifyingKeyJson,
  verifyingKeyWords,
} from '../../src/proof/vkey.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { chainInputs, TOYS } from './helpers.ts'

describe('verification', () => {
  let key: VerifyingKey
  let otherKey: VerifyingKey
  let proven: ProvenStatement

  before(async () => {
    const prover = new SnarkjsProver((circuit) => ensureCircuit(circuit, TOYS))
    try {
      proven = await prover.prove('chain-1', chainInputs(1))
      key = (await ensureCircuit('chain-1', TOYS)).verifyingKey
      otherKey = (await ensureCircuit('chain-4', TOYS)).verifyingKey
    } finally {
      await prover.close()
    }
  })

  it('accepts an honest proof, again and at once', async () => {
    const verdicts = await Promise.all([0, 1].map(() => verifyProof(key, proven.publicSignals, proven.proof)))
    expect(verdicts).to.deep.equal([true, true])
  })

  it('refuses another key, other signals, too few and too many', async () => {
    const { publicSignals, proof } = proven
    expect(await verifyProof(otherKey, publicSignals, proof)).to.equal(false)
    const [first = 0n, ...rest] = publicSignals
    expect(await verifyProof(key, [first + 1n, ...rest], proof)).to.equal(false)
    expect(await verifyProof(key, rest, proof)).to.equal(false)
    expect(await verifyProof(key, [...publicSignals, 0n], proof)).to.equal(false)
  })

  it('refuses a public signal that is not reduced, though it is the same element', async () => {
    const [first = 0n, ...rest] = proven.publicSignals
    expect(await verifyProof(key, [first + FIELD_MODULUS, ...rest], proven.proof)).to.equal(false)
    expect(await verifyProof(key, [first - FIELD_MODULUS, ...rest], proven.proof)).to.equal(false)
  })

  it('refuses every tampered point: off the curve, negated, not reduced, at infinity, out of the subgroup', async () => {
    const { a, b, c } = proven.proof
    const forged: Record<string, Groth16Proof> = {
      offCurve: { a: [a[0], a[1] + 1n], b, c },
      negated: { a: [a[0], BASE_MODULUS - a[1]], b, c },
      notReduced: { a: [a[0] + BASE_MODULUS, a[1]], b, c },
      infinity: { a, b, c: [0n, 0n] },
      swapped: { a: c, b, c: a },
      offTwist: { a, b: [b[0], [b[1][0], b[1][1] + 1n]], c },
      outOfSubgroup: { a, b: OUT_OF_SUBGROUP, c },
    }
    for (const [name, proof] of Object.entries(forged)) {
      expect(await verifyProof(key, proven.publicSignals, proof), name).to.equal(false)
    }
    expect(isOnTwist(OUT_OF_SUBGROUP)).to.equal(true)
  })

  it('writes a proof as EVM words, imaginary parts first, and reads it back', () => {
    const { a, b, c } = proven.proof
    const words = proofWords(proven.proof)
    expect(words).to.deep.equal([a[0], a[1], b[0][1], b[0][0], b[1][1], b[1][0], c[0], c[1]])
    expect(proofFromWords(words)).to.deep.equal(proven.proof)
  })

  it('writes a key of three signals as 22 words in the order of the verifier id', () => {
    const words = verifyingKeyWords(key)
    expect(words).to.have.length(22)
    expect(words.slice(0, 4)).to.deep.equal([...key.alpha, key.beta[0][1], key.beta[0][0]])
    expect(words.slice(-2)).to.deep.equal([...(key.ic[3] ?? [])])
  })

  it('refuses keys off their curve, of the wrong shape, with gamma2 = delta2, with too few IC points', () => {
    const json = verifyingKeyJson(key)
    const parse = (change: object) => () => parseVerifyingKey({ ...json, ...change })
    expect(parseVerifyingKey(json)).to.deep.equal(key)
    expect(parse({ vk_alpha_1: ['1', '3', '1'] }))
      .to.throw()
      .with.property('code', 'VKEY_INVALID')
    expect(parse({ vk_alpha_1: ['0', '0', '0'] }))
      .to.throw()
      .with.property('code', 'VKEY_INVALID')
    expect(parse({ curve: 'bls12381' }))
      .to.throw()
      .with.property('code', 'VKEY_INVALID')
    expect(parse({ extra: 1 }))
      .to.throw()
      .with.property('code', 'VKEY_INVALID')
    expect(parse({ IC: json.IC.slice(1) }))
      .to.throw()
      .with.property('code', 'KEY_MISMATCH')
    expect(() => assertSafeKey({ ...key, gamma: key.delta }, 3))
      .to.throw()
      .with.property('code', 'KEY_UNSAFE')
    expect(() => assertSafeKey(key, 2))
      .to.throw()
      .with.property('code', 'KEY_MISMATCH')
    expect(isG1Point([1n, 2n])).to.equal(true)
  })
})

/** On the twist, but not in the subgroup of order p. */
const OUT_OF_SUBGROUP = [
  [1n, 0n],
  [
    18278151005453108793778860132295291098363647455926340152056652516292830556603n,
    5912654199736721486680175016176231956195085055698687135131307249486702594212n,
  ],
] as const
