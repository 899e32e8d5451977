import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ChildProver } from '../../src/proof/backend/child-prover.ts'
import { commandArguments } from '../../src/proof/backend/command.ts'
import { encodeFrame, FrameReader, MAX_BODY, MAX_HEAD } from '../../src/proof/backend/frames.ts'
import { selfProofInputs } from '../../src/proof/backend/self-proof.ts'
import { backendSpecs, ProverSettings } from '../../src/proof/backend/settings.ts'
import { artifactsDir, ensureCircuit } from '../../src/proof/build.ts'
import { makeDevKey } from '../../src/proof/devkey/devkey.ts'
import { makeNativeDevKey } from '../../src/proof/devkey/native-devkey.ts'
import { loadArtifacts } from '../../src/proof/manifest.ts'
import { isEnough } from '../../src/proof/native/build.ts'
import { findNativeProver } from '../../src/proof/native/find.ts'
import { WitnessCalculator } from '../../src/proof/witness-calculator.ts'
import { catchError } from '../helpers/catch-error.ts'
import { chainInputs, rejection, TOYS } from './helpers.ts'

const toys = (circuit: string) => ensureCircuit(circuit, TOYS)
const SNARKJS = new URL('../../../node_modules/snarkjs/build/cli.cjs', import.meta.url).pathname

describe('frames', () => {
  const bytes = Buffer.concat([...encodeFrame({ id: 1, text: 'é' }, Buffer.from('body')), ...encodeFrame({ id: 2 })])

  it('come together from any pieces', () => {
    for (const step of [1, 3, 11, bytes.length]) {
      const reader = new FrameReader()
      const frames = []
      for (let at = 0; at < bytes.length; at += step) frames.push(...reader.push(bytes.subarray(at, at + step)))
      expect(frames.map(({ head, body }) => [head, Buffer.from(body).toString()])).to.deep.equal([
        [{ id: 1, text: 'é' }, 'body'],
        [{ id: 2 }, ''],
      ])
    }
  })

  it('are refused over their bounds, before they are read, and when the head is no JSON', () => {
    const head = (headLength: number, bodyLength: number): Buffer => {
      const lengths = Buffer.alloc(8)
      lengths.writeUInt32LE(headLength, 0)
      lengths.writeUInt32LE(bodyLength, 4)
      return lengths
    }
    for (const foreign of [head(MAX_HEAD + 1, 0), head(0, MAX_BODY + 1), Buffer.concat([head(1, 0), Buffer.from('{')])])
      expect(() => new FrameReader().push(foreign))
        .to.throw()
        .with.property('code', 'PROVER_CRASHED')
  })
})

describe('prover settings', () => {
  const specs = (settings: object, native?: string) =>
    backendSpecs(ProverSettings.parse(settings), native).map(({ name }) => name)

  it('end with snarkjs, and put what is expected to be fastest first', () => {
    expect(specs({ command: 'gpu groth16 prove' }, '/p')).to.deep.equal(['command', 'native', 'snarkjs'])
    expect(specs({ backend: 'native' }, '/p')).to.deep.equal(['native'])
    expect(specs({ backend: 'snarkjs', command: 'gpu' }, '/p')).to.deep.equal(['snarkjs'])
  })

  it('refuse a backend that is not there', async () => {
    const asked = catchError(async () => specs({ backend: 'command' }, '/p'))
    expect((await asked).code).to.equal('PROVER_UNAVAILABLE')
  })

  it('compare Go releases by number', () => {
    expect(isEnough('go1.26.8 linux/amd64', '1.26.8')).to.equal(true)
    expect(isEnough('go1.27 linux/amd64', '1.26.8')).to.equal(true)
    expect(isEnough('go1.26.10 linux/amd64', '1.26.8')).to.equal(true)
    expect(isEnough('go1.9.9 linux/amd64', '1.26.8')).to.equal(false)
    expect(isEnough('go1.26 linux/amd64', '1.26.8')).to.equal(false)
  })
})

describe('self-proof', () => {
  for (const name of ['two-choice-4-8', 'round-robin-4-8'])
    it(`inputs satisfy ${name}`, async () => {
      const { manifest, paths } = await loadArtifacts(artifactsDir(name))
      const calculator = await WitnessCalculator.create(new Uint8Array(await readFile(paths.wasm)))
      expect(calculator.calculate(selfProofInputs(manifest)).length).to.be.greaterThan(32 * 1000)
    })
})

describe('command backend', function () {
  this.timeout(60_000)
  let dir: string
  /** What the programs of these tests leave to be seen. */
  const seen = (): string => join(dir, 'seen')
  const program = async (name: string, body: string): Promise<string[]> => {
    const path = join(dir, `${name}.mjs`)
    const head = `import { writeFileSync, existsSync } from 'node:fs'\nconst [key, wtns, proof, publics] = process.argv.slice(2)\n`
    await writeFile(
      path,
      `${head}writeFileSync(${JSON.stringify(seen())}, JSON.stringify({ pid: process.pid, wtns }))\n${body}`,
    )
    return [process.execPath, path]
  }
  const using = async (words: readonly string[], work: (prover: ChildProver) => Promise<void>, timeoutMs = 60_000) => {
    const prover = new ChildProver({ name: 'command', words }, { artifacts: toys, timeoutMs })
    await work(prover).finally(() => prover.close())
  }

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fairlead-command-'))
    await toys('chain-1')
  })
  after(() => rm(dir, { recursive: true }))

  it('gets its paths behind the words, or where it asks for them', () => {
    const files = { key: 'k', wtns: 'w', proof: 'p', public: 'i' }
    expect(commandArguments(['gpu', 'prove'], files)).to.deep.equal(['gpu', 'prove', 'k', 'w', 'p', 'i'])
    expect(commandArguments(['gpu', '--key={key}', '{wtns}'], files)).to.deep.equal(['gpu', '--key=k', 'w'])
  })

  it('proves with a program that has the command line of snarkjs', () =>
    using([process.execPath, SNARKJS, 'groth16', 'prove'], async (prover) => {
      const { publicSignals, proveMs } = await prover.prove('chain-1', chainInputs(1))
      expect(publicSignals.slice(1)).to.deep.equal([15n, 3n])
      expect(proveMs).to.be.greaterThan(0)
    }))

  it('does not believe a proof that is none, whatever the program says of it', async () => {
    // alpha of the key, the generator of G2 and alpha again: points of the groups, so only the pairing can tell.
    const { verifyingKey } = await toys('chain-1')
    const g1 = [...verifyingKey.alpha.map(String), '1']
    const g2 = [...verifyingKey.beta.map((pair) => pair.map(String)), ['1', '0']]
    const lie = JSON.stringify({ pi_a: g1, pi_b: g2, pi_c: g1, protocol: 'groth16' })
    const words = await program('lies', `writeFileSync(proof, ${JSON.stringify(lie)}); writeFileSync(publics, '[]')`)
    await using(words, async (prover) => {
      expect((await rejection(prover.prove('chain-1', chainInputs(1)))).code).to.equal('PROOF_INVALID')
    })
  })

  it('fails its job alone when the program fails, writes nothing or is not there, and leaves no files', async () => {
    for (const words of [
      await program('fails', 'process.exit(3)'),
      await program('idles', ''),
      await program('babbles', `writeFileSync(proof, 'secret')`),
      [join(dir, 'nothing')],
    ])
      await using(words, async (prover) => {
        const error = await rejection(prover.prove('chain-1', chainInputs(1)))
        expect(error.code).to.equal('PROOF_FAILED')
        expect(error.message).not.to.include('secret')
      })
    const { wtns } = JSON.parse(await readFile(seen(), 'utf8'))
    expect(await catchExists(wtns)).to.equal(false)
  })

  it('is killed with all it started when it hangs', async () => {
    const words = await program('hangs', `setInterval(() => {}, 1000)`)
    await using(
      words,
      async (prover) => {
        expect((await rejection(prover.prove('chain-1', chainInputs(1)))).code).to.equal('PROVER_TIMEOUT')
      },
      5000,
    )
    const { pid, wtns } = JSON.parse(await readFile(seen(), 'utf8'))
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
    expect(await catchExists(wtns)).to.equal(false)
  })
})

describe('native backend', function () {
  this.timeout(120_000)
  let prover: ChildProver
  let dir: string
  before(async function () {
    const binary = findNativeProver()
    if (binary === undefined) {
      console.log('    skipped: the native prover is not built (npm run build:prover, which needs Go)')
      return this.skip()
    }
    dir = await mkdtemp(join(tmpdir(), 'fairlead-native-'))
    prover = new ChildProver({ name: 'native', binary }, { artifacts: toys })
    await toys('chain-1')
    await toys('chain-4')
  })
  after(async () => {
    await prover?.close()
    if (dir) await rm(dir, { recursive: true })
  })

  it('proves several circuits, with fresh randomness each time', async () => {
    const first = await prover.prove('chain-1', chainInputs(1))
    await prover.prove('chain-4', chainInputs(4))
    const second = await prover.prove('chain-1', chainInputs(1))
    expect(first.publicSignals).to.deep.equal(second.publicSignals)
    expect(first.proof.a).not.to.deep.equal(second.proof.a)
  })

  it('refuses inputs that do not satisfy the circuit, and goes on', async () => {
    const bad = { ...chainInputs(1), start: 1n << 40n }
    expect((await rejection(prover.prove('chain-1', bad))).code).to.equal('WITNESS_UNSATISFIED')
    expect((await prover.prove('chain-1', chainInputs(1))).publicSignals[1]).to.equal(15n)
  })

  it('makes the key cache again when it is damaged', async () => {
    await prover.prove('chain-1', chainInputs(1))
    const { dir: folder } = await toys('chain-1')
    const [cache] = (await readdir(folder)).filter((file) => file.endsWith('.nkey'))
    expect(cache).to.equal('circuit.nkey')
    await writeFile(join(folder, 'circuit.nkey'), 'damaged')
    await prover.close()
    prover = new ChildProver({ name: 'native', binary: findNativeProver() ?? '' }, { artifacts: toys })
    expect((await prover.prove('chain-1', chainInputs(1))).publicSignals[1]).to.equal(15n)
  })

  it('is started again after it crashed', async () => {
    await prover.prove('chain-1', chainInputs(1))
    process.kill(prover.pid ?? 0, 'SIGKILL')
    while (prover.pid !== undefined) await new Promise((resolve) => setImmediate(resolve))
    expect((await prover.prove('chain-1', chainInputs(1))).publicSignals[1]).to.equal(15n)
  })

  it('makes the dev keys of JavaScript, byte for byte', async () => {
    for (const [circuit, seed] of [
      ['chain-1', 'fairlead'],
      ['chain-4', 'é "quoted" -seed'],
      ['cube', ''],
    ] as const) {
      const { paths } = await toys(circuit)
      const [native, plain] = [join(dir, `${circuit}.native`), join(dir, `${circuit}.plain`)]
      expect(await makeNativeDevKey(paths.r1cs, native, seed, () => {})).to.equal(true)
      await makeDevKey(paths.r1cs, plain, seed)
      expect((await readFile(native)).equals(await readFile(plain)), circuit).to.equal(true)
    }
  })
})

async function catchExists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  )
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
