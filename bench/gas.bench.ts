/**
 * Gas of `submitBatch` for full batches with real proofs (third batch of an epoch and later, both segments, at least one deferral), and of
 * what happens once an epoch. Without words after the name: S = 4, and 2^16 at S = 16, whose key takes a minute to make the first time;
 * else the named circuits.
 */
import { ensureCircuit } from '../src/proof/build.ts'
import { readR1csHeader } from '../src/proof/r1cs.ts'
import { SnarkjsProver } from '../src/proof/snarkjs-prover.ts'
import { startTestChain } from '../test/contracts/chain.ts'
import { epochGas, smallestCircuit, submitBatchGas } from '../test/contracts/gas.ts'
import { caseName } from './circuit-case.ts'
import { type BenchContext, type Row, row } from './report.ts'

const RUNS = 3
const STANDARD = [4, 16].map(smallestCircuit)

export default async function gas({ args, say }: BenchContext): Promise<Row[]> {
  const prover = new SnarkjsProver()
  const test = await startTestChain()
  const rows: Row[] = []
  try {
    for (const circuit of args.length > 0 ? args : STANDARD) {
      say(`building ${circuit}`)
      const artifacts = await ensureCircuit(circuit)
      const name = caseName('submitBatch', artifacts.manifest.shards, await readR1csHeader(artifacts.paths.r1cs))
      say(`submitting ${name}`)
      rows.push(row(name, 'gas', 'gas', await submitBatchGas(test, prover, artifacts, RUNS)))
    }
    for (const shards of [4, 16]) {
      const costs = await epochGas(test, shards)
      rows.push(...Object.entries(costs).map(([what, cost]) => row(`${what}/S${shards}`, 'gas', 'gas', [cost])))
    }
    return rows
  } finally {
    await prover.close()
    await test.stop()
  }
}
