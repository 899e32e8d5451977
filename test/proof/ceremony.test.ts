import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { curves, powersOfTau, zKey } from 'snarkjs'
import { artifactsDir, ensureCircuit } from '../../src/proof/build.ts'
import { importCeremonyKey } from '../../src/proof/ceremony/import.ts'
import { ensureCompiled } from '../../src/proof/compile.ts'
import { assertKeyAllowed } from '../../src/proof/manifest.ts'
import { SnarkjsProver } from '../helpers/snarkjs-prover.ts'
import { rejection, TOYS } from './helpers.ts'

/** Where delta1 starts in a zkey: file head, section 1, head of section 2, two moduli, three counts, alpha1, beta1, beta2, gamma2. */
const DELTA1 = 12 + 16 + 12 + 72 + 12 + 64 + 64 + 128 + 128

/** A whole ceremony for a circuit of two constraints: powers of tau to 2^4, one contribution to each phase. */
describe('ceremony keys', () => {
  let dir: string
  const at = (file: string) => join(dir, file)

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fairlead-ceremony-'))
    const { r1cs } = await ensureCompiled('cube', TOYS)
    const curve = await curves.getCurveFromName('bn128')
    try {
      for (const name of ['one', 'two']) {
        await powersOfTau.newAccumulator(curve, 4, at(`${name}-0.ptau`))
        await powersOfTau.contribute(at(`${name}-0.ptau`), at(`${name}-1.ptau`), 'first', `entropy ${name}`)
        await powersOfTau.preparePhase2(at(`${name}-1.ptau`), at(`${name}.ptau`))
      }
      await zKey.newZKey(r1cs, at('one.ptau'), at('uncontributed.zkey'))
      await zKey.contribute(at('uncontributed.zkey'), at('final.zkey'), 'first', 'more entropy')
    } finally {
      await curve.terminate()
    }
    await rm(artifactsDir('cube', TOYS), { recursive: true, force: true })
  })
  after(async () => {
    await rm(dir, { recursive: true })
    await rm(artifactsDir('cube', TOYS), { recursive: true, force: true })
  })

  it('are refused without a contribution, with other powers of tau, or changed', async () => {
    const refused = async (zkey: string, ptau: string) =>
      (await rejection(importCeremonyKey('cube', at(zkey), at(ptau), TOYS))).code
    expect(await refused('uncontributed.zkey', 'one.ptau')).to.equal('KEY_UNSAFE')
    expect(await refused('final.zkey', 'two.ptau')).to.equal('CEREMONY_INVALID')
    const honest = await readFile(at('final.zkey'))
    for (const place of [DELTA1, honest.length >> 1]) {
      const bytes = Buffer.from(honest)
      bytes[place] = (bytes[place] ?? 0) ^ 1
      await writeFile(at('changed.zkey'), bytes)
      expect(await refused('changed.zkey', 'one.ptau'), `byte ${place}`).to.equal('CEREMONY_INVALID')
    }
    expect(await refused('missing.zkey', 'one.ptau')).to.equal('ARTIFACT_MISSING')
  })

  it('replace the dev key, prove, may be used on any chain, and are kept', async () => {
    const dev = await ensureCircuit('cube', TOYS)
    expect(dev.manifest.key.origin).to.equal('dev')
    const { manifest, verifyingKey } = await importCeremonyKey('cube', at('final.zkey'), at('one.ptau'), TOYS)
    expect(manifest.key.origin).to.equal('ceremony')
    expect(verifyingKey).not.to.deep.equal(dev.verifyingKey)
    assertKeyAllowed(manifest, 1)
    expect((await ensureCircuit('cube', { ...TOYS, seed: 'whatever' })).manifest).to.deep.equal(manifest)
    const prover = new SnarkjsProver((circuit) => ensureCircuit(circuit, TOYS))
    try {
      expect((await prover.prove('cube', { root: 3n })).publicSignals).to.deep.equal([27n])
    } finally {
      await prover.close()
    }
  })

  it('are never replaced silently when the circuit changes or a file is damaged', async () => {
    await importCeremonyKey('cube', at('final.zkey'), at('one.ptau'), TOYS)
    const manifestPath = join(artifactsDir('cube', TOYS), 'manifest.json')
    const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as { files: { r1cs: string } }
    await writeFile(join(artifactsDir('cube', TOYS), 'circuit.wasm'), 'damaged')
    expect((await rejection(ensureCircuit('cube', TOYS))).code).to.equal('ARTIFACT_INVALID')
    expect(JSON.parse(await readFile(manifestPath, 'utf8'))).to.deep.equal(manifest)
    const other = { ...TOYS, catalog: at('circuits.json') }
    await writeFile(at('circuits.json'), JSON.stringify({ cube: SQUARE }))
    await writeFile(
      at('square.circom'),
      'pragma circom 2.2.2;\ntemplate Cube() { signal input root; signal output out <== root * root; }\ncomponent main = Cube();\n',
    )
    await importCeremonyKey('cube', at('final.zkey'), at('one.ptau'), TOYS)
    expect((await rejection(ensureCircuit('cube', other))).code).to.equal('CEREMONY_KEY_STALE')
    await ensureCompiled('cube', TOYS)
  })
})

const SQUARE = { file: 'square.circom', kind: 'cube', template: 'Cube', shards: 1, slots: 1, public: ['out'] }
