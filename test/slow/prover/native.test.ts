import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { groth16, type SnarkjsProof } from 'snarkjs'
import { ensureCircuit } from '../../../src/proof/build.ts'
import type { Artifacts } from '../../../src/proof/manifest.ts'
import { packageRoot } from '../../../src/proof/root.ts'
import { verifyingKeyJson } from '../../../src/proof/vkey.ts'
import { Sidecar } from './sidecar.ts'
import { batchWitness } from './witness.ts'

const CIRCUIT = 'two-choice-4-8'

interface Proven {
  readonly proof: SnarkjsProof
  readonly publicSignals: string[]
}

/** The built binary against snarkjs on a real circuit: each verifies the other's proofs. */
describe('native prover', function () {
  this.timeout(300_000)
  let dir: string
  let binary: string
  let artifacts: Artifacts
  let witness: Uint8Array
  const path = (name: string) => join(dir, name)
  const bySnarkjs = ({ proof, publicSignals }: Proven) =>
    groth16.verify(verifyingKeyJson(artifacts.verifyingKey), publicSignals, proof)

  before(async () => {
    artifacts = await ensureCircuit(CIRCUIT)
    witness = await batchWitness(artifacts)
    dir = mkdtempSync(join(packageRoot(), 'build', 'test-prover-'))
    binary = path('fairlead-prover')
    execFileSync('go', ['build', '-o', binary, './cmd/fairlead-prover'], { cwd: join(packageRoot(), 'prover') })
    writeFileSync(path('witness.wtns'), witness)
  })
  after(async () => {
    rmSync(dir, { recursive: true, force: true })
    // snarkjs leaves threads behind that would keep this process alive.
    await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate()
  })

  const command = (...args: string[]) => spawnSync(binary, args, { encoding: 'utf8' })
  const prove = (wtns = path('witness.wtns')) =>
    command('prove', '--cache', path('cache'), artifacts.paths.zkey, wtns, path('proof.json'), path('public.json'))
  const readProven = (): Proven => ({
    proof: JSON.parse(readFileSync(path('proof.json'), 'utf8')),
    publicSignals: JSON.parse(readFileSync(path('public.json'), 'utf8')),
  })

  it('makes proofs that snarkjs verifies, another each time', async () => {
    const proofs = [0, 1].map(() => {
      const { status, stderr } = prove()
      expect(status, stderr).to.equal(0)
      return readProven()
    })
    for (const proven of proofs) expect(await bySnarkjs(proven)).to.equal(true)
    expect(proofs[0]?.proof).to.not.deep.equal(proofs[1]?.proof)
    expect(proofs[0]?.publicSignals).to.deep.equal(proofs[1]?.publicSignals)
  })

  it('verifies proofs by snarkjs, and refuses them for other signals', async () => {
    const zkey = new Uint8Array(readFileSync(artifacts.paths.zkey))
    const proven = await groth16.prove({ type: 'mem', data: zkey }, { type: 'mem', data: witness })
    writeFileSync(path('proof.json'), JSON.stringify(proven.proof))
    writeFileSync(path('public.json'), JSON.stringify(proven.publicSignals))
    const verify = () => command('verify', '--json', artifacts.paths.vkey, path('public.json'), path('proof.json'))
    expect(verify().status).to.equal(0)
    writeFileSync(path('public.json'), JSON.stringify(['1', ...proven.publicSignals.slice(1)]))
    const refused = verify()
    expect(refused.status).to.equal(1)
    expect(JSON.parse(refused.stdout)).to.deep.equal({ valid: false, bad: [0] })
  })

  it('finds one bad proof among 256', () => {
    const items = Array.from({ length: 8 }, () => {
      expect(prove().status).to.equal(0)
      return readProven()
    })
    const many = Array.from({ length: 256 }, (_, i) => ({ ...(items[i % 8] as Proven) }))
    const batch = (): { status: number | null; answer: unknown } => {
      writeFileSync(path('batch.json'), JSON.stringify(many))
      const { status, stdout } = command('verify', '--json', '--batch', path('batch.json'), artifacts.paths.vkey)
      return { status, answer: JSON.parse(stdout) }
    }
    expect(batch()).to.deep.equal({ status: 0, answer: { valid: true, bad: [] } })
    many[201] = {
      ...(items[0] as Proven),
      proof: { ...(items[0] as Proven).proof, pi_c: (items[1] as Proven).proof.pi_c },
    }
    expect(batch()).to.deep.equal({ status: 1, answer: { valid: false, bad: [201] } })
  })

  it('says that a witness does not satisfy the circuit, and nothing of its values', () => {
    const bent = Uint8Array.from(witness)
    bent[bent.length - 1] = (bent.at(-1) as number) ^ 1
    writeFileSync(path('bent.wtns'), bent)
    const { status, stderr } = prove(path('bent.wtns'))
    expect(status).to.equal(1)
    expect(stderr).to.match(/does not satisfy/)
    writeFileSync(path('short.wtns'), witness.subarray(0, 1000))
    expect(prove(path('short.wtns')).status).to.equal(2)
  })

  it('serves proofs in frames, and ends with its input', async () => {
    const sidecar = new Sidecar(binary)
    const zkey = { zkey: artifacts.paths.zkey, cache: path('served.cache'), sha256: artifacts.manifest.files.zkey }
    expect(await sidecar.request({ op: 'load', circuit: CIRCUIT, ...zkey })).to.include({ ok: true, source: 'zkey' })
    expect(
      await sidecar.request({ op: 'load', circuit: 'other', ...zkey, sha256: '0'.repeat(64), cache: '' }),
    ).to.include({ ok: false, code: 'KEY_MISMATCH' })
    const answers = await Promise.all([0, 1, 2].map(() => sidecar.request({ op: 'prove', circuit: CIRCUIT }, witness)))
    for (const answer of answers) {
      expect(answer).to.include({ ok: true })
      expect(await bySnarkjs(answer as unknown as Proven)).to.equal(true)
      expect(sidecar.progress.get(answer.id)?.at(-1)).to.equal(1)
    }
    const items = answers.map(({ proof, publicSignals }) => ({ proof, publicSignals }))
    const vkey = verifyingKeyJson(artifacts.verifyingKey)
    expect(await sidecar.request({ op: 'verify', vkey, items })).to.include({ ok: true, valid: true })
    const running = sidecar.request({ op: 'prove', circuit: CIRCUIT }, witness)
    const [, cancelled] = await Promise.all([sidecar.request({ op: 'cancel', target: 7 }), running])
    expect(cancelled).to.include({ ok: false, code: 'PROOF_CANCELLED' })
    void sidecar.request({ op: 'prove', circuit: CIRCUIT }, witness)
    expect(await sidecar.close()).to.equal(0)
  })
})
