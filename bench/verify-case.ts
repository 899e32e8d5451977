/** What a verified proof costs: by snarkjs one by one, by the native prover one by one and 256 different ones at once. */
import { readFile } from 'node:fs/promises'
import { groth16 } from 'snarkjs'
import { NativeMaker } from '../src/proof/backend/native.ts'
import { proofJson } from '../src/proof/groth16.ts'
import type { Artifacts } from '../src/proof/manifest.ts'
import { verifyingKeyJson } from '../src/proof/vkey.ts'
import { publicSignalsOf, WitnessCalculator } from '../src/proof/witness-calculator.ts'
import { fullBatch } from './prove-cases.ts'
import { BenchError, interleave, type Row, row } from './report.ts'

const BATCH = 256

export async function verifyRows(
  { manifest, paths, verifyingKey }: Artifacts,
  native: string,
  runs: number,
): Promise<Row[]> {
  const { name: circuit, slots } = manifest
  const calculator = await WitnessCalculator.create(new Uint8Array(await readFile(paths.wasm)))
  const maker = new NativeMaker(native)
  try {
    const witnesses = Array.from({ length: slots }, (_, i) => calculator.calculate(fullBatch(manifest, i + 1)))
    const items: { proof: ReturnType<typeof proofJson>; publicSignals: string[] }[] = []
    for (let i = 0; i < BATCH; i++) {
      const witness = witnesses[i % slots]
      if (!witness) break
      const { proof } = await maker.prove({ circuit, zkey: paths.zkey, sha256: manifest.files.zkey }, witness)
      const publicSignals = publicSignalsOf(witness, manifest.public.length).map(String)
      items.push({ proof: proofJson(proof), publicSignals })
    }
    const key = verifyingKeyJson(verifyingKey)
    const [item] = items
    if (!item) throw new BenchError('BENCH_FAILED', 'no proof to verify')
    const timed = async (count: number, work: () => Promise<boolean>): Promise<number> => {
      const begun = performance.now()
      if (!(await work())) throw new BenchError('BENCH_FAILED', 'a valid proof was refused')
      return (performance.now() - begun) / count
    }
    const [one = [], single = [], batch = []] = await interleave(
      [
        () => timed(1, () => groth16.verify(key, item.publicSignals, item.proof)),
        () => timed(1, () => maker.verify(circuit, [item])),
        () => timed(BATCH, () => maker.verify(circuit, items)),
      ],
      { runs: Math.max(runs, 5) },
    )
    const together = row('verify/native', `verifyBatch${BATCH}`, 'ms a proof', batch)
    const alone = row('verify/snarkjs', 'verifyOne', 'ms a proof', one)
    return [
      alone,
      row('verify/native', 'verifyOne', 'ms a proof', single),
      together,
      row('verify/native', 'timesSnarkjs', '×', [alone.value / together.value]),
    ]
  } finally {
    maker.close()
  }
}
