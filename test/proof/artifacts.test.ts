import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { artifactsDir, ensureCircuit } from '../../src/proof/build.ts'
import { circuitSpec, loadCatalog } from '../../src/proof/catalog.ts'
import { findCircom } from '../../src/proof/circom.ts'
import { type BuildOptions, type BuildProgress, ensureCompiled } from '../../src/proof/compile.ts'
import { assertKeyAllowed, loadArtifacts, type Manifest } from '../../src/proof/manifest.ts'
import { packageRoot } from '../../src/proof/root.ts'
import { circuitSources, sourceHash } from '../../src/proof/source-hash.ts'
import { rejection, TOYS } from './helpers.ts'

describe('artifacts', () => {
  let dir: string
  let options: BuildOptions

  before(async () => {
    dir = await mkdtemp(join(packageRoot(), 'build', 'test-'))
    options = { ...TOYS, buildDir: dir }
    const { dir: compiled } = await ensureCompiled('chain-1', TOYS)
    await cp(compiled, join(dir, 'compiled', 'chain-1'), { recursive: true })
    await ensureCircuit('chain-1', options)
  })
  after(() => rm(dir, { recursive: true }))

  it('are built once, whoever asks, and reported stage by stage', async () => {
    const seen: BuildProgress[] = []
    const seeded = { ...options, seed: 'again', onProgress: (progress: BuildProgress) => seen.push(progress) }
    const both = await Promise.all([ensureCircuit('chain-1', seeded), ensureCircuit('chain-1', { ...seeded })])
    expect(both[0].manifest).to.deep.equal(both[1].manifest)
    const stages = seen.map(({ stage, done, total }) => `${stage} ${done === total ? 'done' : ''}`)
    expect(stages.filter((stage) => stage === 'store done')).to.have.length(1)
    expect(seen.filter(({ stage }) => stage === 'key').at(-1)).to.have.property(
      'done',
      seen.find(({ stage }) => stage === 'key')?.total,
    )
    seen.length = 0
    await ensureCircuit('chain-1', seeded)
    expect(seen).to.deep.equal([])
  })

  it('are built once when two processes ask, and leave nothing half-written', async () => {
    await rm(artifactsDir('chain-1', options), { recursive: true })
    const script = `
      const { ensureCircuit } = await import(${JSON.stringify(new URL('../../src/proof/build.js', import.meta.url))})
      let built = 0
      await ensureCircuit('chain-1', { ...${JSON.stringify(options)}, onProgress: ({ stage, done }) => { if (stage === 'store') built += done } })
      console.log(built)`
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    const outputs = await Promise.all([run(), run()])
    expect(outputs.map(({ stdout }) => stdout.trim()).sort()).to.deep.equal(['0', '1'])
    expect(await readdir(join(dir, 'tmp'))).to.deep.equal([])
    expect((await readdir(join(dir, 'circuits'))).sort()).to.deep.equal(['chain-1'])
  })

  it('with one flipped byte are refused, then made again', async () => {
    await ensureCircuit('chain-1', options)
    const place = artifactsDir('chain-1', options)
    for (const file of ['circuit.r1cs', 'circuit.wasm', 'circuit.zkey', 'verification_key.json']) {
      const path = join(place, file)
      const honest = await readFile(path)
      const bytes = Buffer.from(honest)
      const at = bytes.length >> 1
      bytes[at] = (bytes[at] ?? 0) ^ 1
      await writeFile(path, bytes)
      const error = await rejection(loadArtifacts(place))
      expect([error.code, error.details.file]).to.deep.equal(['ARTIFACT_INVALID', file])
      await writeFile(path, honest)
    }
    await writeFile(join(place, 'circuit.zkey'), 'nonsense')
    const { manifest } = await ensureCircuit('chain-1', options)
    expect((await loadArtifacts(place)).manifest).to.deep.equal(manifest)
  })

  it('with another key than the manifest speaks of, or none, are refused', async () => {
    const { dir: place } = await ensureCircuit('chain-1', options)
    const other = await mkdtemp(join(tmpdir(), 'fairlead-artifacts-'))
    try {
      await cp(place, other, { recursive: true })
      const path = join(other, 'manifest.json')
      const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest
      await writeFile(path, JSON.stringify({ ...manifest, public: ['digest', 'alpha'] }))
      expect((await rejection(loadArtifacts(other))).code).to.equal('KEY_MISMATCH')
      await writeFile(path, JSON.stringify({ ...manifest, extra: true }))
      expect((await rejection(loadArtifacts(other))).code).to.equal('ARTIFACT_INVALID')
      await rm(path)
      expect((await rejection(loadArtifacts(other))).code).to.equal('ARTIFACT_MISSING')
    } finally {
      await rm(other, { recursive: true })
    }
  })

  it('with a dev key are refused on every chain but 31337 and 1337', async () => {
    const { manifest } = await ensureCircuit('chain-1', options)
    for (const chain of [31337, 1337n]) assertKeyAllowed(manifest, chain)
    for (const chain of [1, 10n, 11155111]) {
      expect(() => assertKeyAllowed(manifest, chain))
        .to.throw()
        .with.property('code', 'DEV_KEY_FORBIDDEN')
    }
    assertKeyAllowed({ ...manifest, key: { origin: 'ceremony', ptau: '0'.repeat(64) } }, 1)
  })

  it('have a source hash that changes with any source', async () => {
    const circom = await findCircom()
    const [file, other] = ['chain-1', 'chain-4'].map((name) =>
      join(packageRoot(), 'test/proof/fixtures', `${name}.circom`),
    )
    expect(circuitSources(file ?? '').some((path) => path.endsWith('circomlib/circuits/poseidon.circom'))).to.equal(
      true,
    )
    expect(sourceHash(file ?? '', circom)).not.to.equal(sourceHash(other ?? '', circom))
    expect(sourceHash(file ?? '', circom)).not.to.equal(
      sourceHash(file ?? '', { ...circom, version: 'circom compiler 0' }),
    )
  })

  it('of an unknown circuit, or one that does not compile, are refused', async () => {
    expect((await rejection(ensureCircuit('no-such', options))).code).to.equal('CIRCUIT_UNKNOWN')
    expect(() => circuitSpec(loadCatalog(), 'toString'))
      .to.throw()
      .with.property('code', 'CIRCUIT_UNKNOWN')
    await writeFile(
      join(dir, 'broken.circom'),
      'pragma circom 2.2.2;\ntemplate A() { signal input a; a === ; }\ncomponent main = A();\n',
    )
    const spec = { file: 'broken.circom', kind: 'chain', template: 'A', shards: 1, slots: 1, public: ['a'] }
    await writeFile(
      join(dir, 'circuits.json'),
      JSON.stringify({ broken: spec, gone: { ...spec, file: 'gone.circom' } }),
    )
    for (const name of ['broken', 'gone']) {
      const error = await rejection(ensureCircuit(name, { ...options, catalog: join(dir, 'circuits.json') }))
      expect(error.code).to.equal('CIRCUIT_COMPILE_FAILED')
    }
    expect(await readdir(join(dir, 'tmp'))).to.deep.equal([])
  })
})
