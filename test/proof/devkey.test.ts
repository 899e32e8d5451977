import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { zKey } from 'snarkjs'
import { z } from 'zod'
import { FIELD_MODULUS } from '../../src/base/field.ts'
import { jsonText } from '../../src/base/json.ts'
import { isG1Point, isOnTwist } from '../../src/proof/bn254.ts'
import { ensureCompiled } from '../../src/proof/compile.ts'
import { inverse, invertAll, rootOfUnity } from '../../src/proof/devkey/arithmetic.ts'
import { makeDevKey } from '../../src/proof/devkey/devkey.ts'
import { evaluateQap } from '../../src/proof/devkey/qap.ts'
import { deriveToxicWaste } from '../../src/proof/devkey/waste.ts'
import { sha256 } from '../../src/proof/manifest.ts'
import { readR1cs, readR1csHeader } from '../../src/proof/r1cs.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { verifyingKeyJson } from '../../src/proof/vkey.ts'
import { readZkey } from '../../src/proof/zkey.ts'
import { TOYS } from './helpers.ts'

describe('dev keys', () => {
  let dir: string
  let r1cs: string
  const key = async (name: string, seed: string) => {
    const path = join(dir, name)
    await makeDevKey(r1cs, path, seed)
    return path
  }

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fairlead-devkey-'))
    r1cs = (await ensureCompiled('chain-1', TOYS)).r1cs
  })
  after(() => rm(dir, { recursive: true }))

  it('are the same bytes from the same seed, and others from another', async () => {
    const [a, b, c] = await Promise.all([key('a', 'seed'), key('b', 'seed'), key('c', 'other')])
    const [first, second, third] = await Promise.all([a, b, c].map((path) => readFile(path)))
    expect(first?.equals(second ?? Buffer.alloc(0))).to.equal(true)
    expect(first?.equals(third ?? Buffer.alloc(0))).to.equal(false)
  })

  it('are the bytes that every implementation must make of the vector', async () => {
    const vector = await sharedVector()
    await writeFile(join(dir, 'cube.r1cs'), Buffer.from(vector.r1cs, 'hex'))
    await makeDevKey(join(dir, 'cube.r1cs'), join(dir, 'cube.zkey'), vector.seed)
    expect(await sha256(join(dir, 'cube.zkey'))).to.equal(vector.zkeySha256)
  })

  it('hold a verification key that snarkjs exports alike, with gamma and delta apart and all points valid', async () => {
    const path = await key('d', 'seed')
    const summary = await readZkey(path)
    const exported = await zKey.exportVerificationKey(path)
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate() // snarkjs leaves its threads behind
    const { vk_alphabeta_12: _, ...rest } = exported
    expect(jsonText(rest)).to.equal(jsonText(verifyingKeyJson(summary.key)))
    const { alpha, beta, gamma, delta, ic } = summary.key
    expect([alpha, ...ic].every(isG1Point) && [beta, gamma, delta].every(isOnTwist)).to.equal(true)
    expect(gamma).not.to.deep.equal(delta)
    const header = await readR1csHeader(r1cs)
    expect([summary.wires, summary.publics, ic.length]).to.deep.equal([
      header.wires,
      header.publics,
      header.publics + 1,
    ])
    expect(summary.domain)
      .to.be.at.least(header.constraints + header.publics + 1)
      .and.at.most(2 * header.constraints)
  })

  it('derive their secrets as documented, each of its own', async () => {
    const { seed, secrets } = await sharedVector()
    const waste = deriveToxicWaste(seed)
    expect(new Set(Object.values(waste)).size).to.equal(5)
    expect(waste).to.deep.equal(secrets)
    for (const secret of Object.values(waste)) expect(secret > 0n && secret < FIELD_MODULUS).to.equal(true)
  })

  it('refuse secrets under which proofs could be forged', async () => {
    const system = await readR1cs(r1cs)
    const waste = deriveToxicWaste('seed')
    const bad = [
      { ...waste, gamma: waste.delta },
      { ...waste, delta: 0n },
      { ...waste, tau: rootOfUnity(3) },
    ]
    for (const secrets of bad)
      expect(() => evaluateQap(system, secrets))
        .to.throw()
        .with.property('code', 'KEY_UNSAFE')
  })

  it('inverts many elements as it inverts one', () => {
    const element = fc.bigInt({ min: 1n, max: FIELD_MODULUS - 1n })
    fc.assert(
      fc.property(fc.array(element, { maxLength: 8 }), (values) => {
        const inverted = [...values]
        invertAll(inverted)
        expect(inverted).to.deep.equal(values.map(inverse))
        for (const [i, value] of inverted.entries()) expect((value * (values[i] ?? 0n)) % FIELD_MODULUS).to.equal(1n)
      }),
      { numRuns: 20 },
    )
  })
})

const DevKeyVector = z.strictObject({
  seed: z.string(),
  secrets: z.record(z.string(), z.string().transform(BigInt)),
  r1cs: z.string(),
  zkeySha256: z.string(),
})

/** What every implementation must make of one seed and one circuit; the Go prover reads it too (prover/internal/vector). */
const sharedVector = async (): Promise<z.infer<typeof DevKeyVector>> =>
  DevKeyVector.parse(JSON.parse(await readFile(join(packageRoot(), 'test', 'vectors', 'devkey.json'), 'utf8')))
