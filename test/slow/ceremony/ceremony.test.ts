import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { artifactsDir } from '../../../src/proof/build.ts'
import { type Beacon, Ceremony, contributeTo } from '../../../src/proof/ceremony/ceremony.ts'
import { assertKeyAllowed, loadArtifacts } from '../../../src/proof/manifest.ts'
import { SnarkjsProver } from '../../helpers/snarkjs-prover.ts'
import { chainInputs, rejection, TOYS } from '../../proof/helpers.ts'

const CIRCUIT = 'chain-15'
const BEACON: Beacon = { value: 'ab'.repeat(32), iterations: 10 }
/** `snarkjs`, or the drop-in that FAIRLEAD_CEREMONY_TOOL names. */
const TOOL = process.env.FAIRLEAD_CEREMONY_TOOL ?? 'snarkjs'

/** A whole ceremony at 2^12, left and taken up again before every step, with one contributor elsewhere. */
describe('ceremony', function () {
  this.timeout(1_200_000)
  let dir: string
  const at = (file: string) => join(dir, file)
  const taken = () => Ceremony.open(at('ceremony'), TOOL)

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fairlead-ceremony-'))
  })
  after(async () => {
    await rm(dir, { recursive: true })
    await rm(artifactsDir(CIRCUIT, TOYS), { recursive: true, force: true })
  })

  it('begins with powers of tau for the circuit, and refuses to be closed before anybody contributed', async () => {
    const ceremony = await Ceremony.start(at('ceremony'), TOOL, CIRCUIT, TOYS)
    expect([ceremony.phase, ceremony.transcript.power]).to.deep.equal(['tau', 12])
    expect((await rejection(ceremony.closeTau(BEACON))).code).to.equal('CEREMONY_INVALID')
    expect((await rejection(Ceremony.start(at('ceremony'), TOOL, CIRCUIT, TOYS))).code).to.equal('CEREMONY_INVALID')
  })

  it('takes contributions, and closes phase 1', async () => {
    const ceremony = await taken()
    await ceremony.contribute('coordinator')
    expect((await rejection(ceremony.finish(BEACON))).code).to.equal('CEREMONY_INVALID')
    await (await taken()).closeTau(BEACON)
    expect((await taken()).phase).to.equal('key')
  })

  it('takes a contribution from elsewhere, but none that is broken, old, or drops another', async () => {
    const start = (await taken()).latest
    await contributeTo(TOOL, start, at('from-alice.zkey'), 'alice', 'dice')
    await contributeTo(TOOL, start, at('from-bob.zkey'), 'bob')
    await writeFile(at('broken.zkey'), 'zkey')
    expect((await rejection((await taken()).accept(at('broken.zkey'), 'mallory'))).code).to.equal('CEREMONY_INVALID')
    await (await taken()).accept(at('from-alice.zkey'), 'alice')
    // Bob started from the file before Alice's: his key does not hold her contribution. And Alice's own adds nothing any more.
    for (const late of ['from-bob.zkey', 'from-alice.zkey'])
      expect((await rejection((await taken()).accept(at(late), 'bob'))).code).to.equal('CEREMONY_INVALID')
    expect((await readdir(at('ceremony'))).filter((file) => file.includes('draft'))).to.deep.equal([])
  })

  it('finishes; its key is imported, proves, and may be used on any chain', async () => {
    await (await taken()).finish(BEACON)
    const { manifest } = await (await taken()).import(TOYS)
    expect(manifest.key.origin).to.equal('ceremony')
    assertKeyAllowed(manifest, 1)
    const prover = new SnarkjsProver(() => loadArtifacts(artifactsDir(CIRCUIT, TOYS)))
    try {
      expect((await prover.prove(CIRCUIT, chainInputs(15))).publicSignals.slice(1)).to.deep.equal([15n, 3n])
    } finally {
      await prover.close()
    }
  })

  it('notices when the file of its last step was changed', async () => {
    const { latest } = await taken()
    await copyFile(at('broken.zkey'), latest)
    expect((await rejection(taken())).code).to.equal('ARTIFACT_INVALID')
  })
})
